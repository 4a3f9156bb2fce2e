import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { snippetsFor } from '#web/admin/src/snippets/snippets.ts';

const root = join(import.meta.dirname, '../..');
const SHOP_PAGE = 'docs/embed-in-a-shop.md';

/** How each piece of the console reads gate and shop from the environment in the documents, where neither is known. */
const fromEnvironment: Readonly<Record<string, readonly [file: string, line: RegExp, instead: string]>> = {
  Node: [
    'widget-token.mjs',
    /^const url = .*$/m,
    'const url = `$' +
      "{process.env.WIDGET_GATE_URL.replace(/\\/$/, '')}/api/shops/$" +
      '{process.env.WIDGET_GATE_SHOP_ID}/widget-token`;',
  ],
  PHP: [
    'widget-token.php',
    /^const WIDGET_TOKEN_URL = .*$/m,
    "define('WIDGET_TOKEN_URL', rtrim((string) getenv('WIDGET_GATE_URL'), '/') . '/api/shops/' . getenv('WIDGET_GATE_SHOP_ID') . '/widget-token');",
  ],
  Python: [
    'widget_token.py',
    /^URL = .*$/m,
    'URL = os.environ["WIDGET_GATE_URL"].rstrip("/") + "/api/shops/" + os.environ["WIDGET_GATE_SHOP_ID"] + "/widget-token"',
  ],
};

/** The files of docs/snippets that get a token, made from the pieces that the console shows. */
export const tokenPieces: readonly { readonly file: string; readonly code: string }[] = snippetsFor({
  origin: 'https://gate.example.com',
  shopId: 'shop_abc',
}).flatMap(({ name, code }) => {
  const [file, line, instead] = fromEnvironment[name] ?? [];
  return file && line && instead ? [{ file, code: code.replace(line, () => instead) }] : [];
});

/** The block that a page shows under the name of a file, as in "`public/token.php`:". */
export function pieceNamed(file: string, page = SHOP_PAGE): string {
  const text = readFileSync(join(root, page), 'utf8');
  const start = text.indexOf(`\`${file}\`:\n`);
  const [, code] = start === -1 ? [] : (/^( *)```\w+\n([\s\S]*?)^\1```$/m.exec(text.slice(start))?.slice(1) ?? []);
  if (code === undefined) throw new Error(`${page} has no block under \`${file}\`:`);
  return code;
}
