import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { functions } from '#contract/functions.ts';
import { buildWeb } from './build-web.ts';
import { writeIfChanged } from './write-if-changed.ts';

const root = join(import.meta.dirname, '..');
/** What the bundles that are there were made from. */
const BUILT_FROM = join(root, 'dist/built-from');

/**
 * Bundles functions to `dist/lambda/<name>`, and what browsers load to `dist/web`: the bytes that are tested, run locally and deployed.
 * Metafiles go to `dist/meta`. Default: all of them. A caller that names some must know that the others have not changed.
 */
export async function build(names: readonly string[] = Object.keys(functions), web = true): Promise<void> {
  const digest = digestOfSources();
  await Promise.all([...names.map(bundleFunction), web && buildWeb()]);
  writeIfChanged(BUILT_FROM, Buffer.from(digest));
}

/** Builds unless all bundles are there and were made from the very sources of now, as at most starts of the local host. */
export async function buildIfChanged(): Promise<void> {
  const outputs = Object.keys(functions).map((name) => `lambda/${name}/index.js`);
  const built = [...outputs, 'web/widget.js', 'web/admin/index.html'].every((file) =>
    existsSync(join(root, 'dist', file)),
  );
  if (built && existsSync(BUILT_FROM) && readFileSync(BUILT_FROM, 'utf8') === digestOfSources()) return;
  await build();
}

/** Of all that a bundle is made from: our code, how it is bundled, and the versions of all packages. */
function digestOfSources(): string {
  const hash = createHash('sha256');
  const ours = ['contract', 'lambda', 'web'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(tsx?|css|html|svg)$/.test(file))
      .sort()
      .map((file) => `${folder}/${file}`),
  );
  for (const file of ['bin/build.ts', 'bin/build-web.ts', 'package.json', 'package-lock.json', ...ours])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

async function bundleFunction(name: string): Promise<void> {
  const { metafile, outputFiles } = await bundle({
    absWorkingDir: root,
    entryPoints: globSync(`lambda/*/${name}.handler.ts`, { cwd: root }),
    outfile: join(root, 'dist/lambda', name, 'index.js'),
    bundle: true,
    write: false,
    minify: true,
    platform: 'node',
    target: 'node24',
    // An ES module's `import 'node:http'`, static or dynamic, loads all of undici, which is 15 ms of a cold start: require does not.
    format: 'cjs',
    supported: { 'dynamic-import': false },
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': './lambda/platform/environment-credentials.ts' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) writeIfChanged(path, Buffer.from(contents));
  writeIfChanged(join(root, 'dist/lambda', name, 'package.json'), Buffer.from('{"type":"commonjs"}\n'));
  writeIfChanged(join(root, 'dist/meta', `${name}.json`), Buffer.from(JSON.stringify(metafile)));
}

if (import.meta.main) await build();
