import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** All that the console imports (`test/architecture.test.ts`); Vite names no inputs of its bundles. */
const OF_THE_CONSOLE = ['node_modules/preact'];

/** Name, version, license and notices of every package whose code is in a bundle, with each license text once. */
export function thirdPartyLicenses(inputs: readonly string[]): string {
  const folders = new Set([...inputs.flatMap((file) => packageFolderOf(file) ?? []), ...OF_THE_CONSOLE]);
  const byText = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    const text = textOf(folder) ?? `License: ${license}`;
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...byText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}\n`);
  return `The files of this package contain code of these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The innermost package that a file is of; undefined for our own. */
const packageFolderOf = (file: string): string | undefined => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

function textOf(folder: string): string | undefined {
  const texts = readdirSync(join(root, folder))
    .filter((file) => /^(licen[cs]e|notice)(\.|$)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
  return texts.length === 0 ? undefined : texts.join('\n\n');
}
