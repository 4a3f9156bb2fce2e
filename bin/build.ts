import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { functions } from '../lambda/contract/functions.ts';

const root = join(import.meta.dirname, '..');

/** Bundles every function to `dist/lambda/<name>`: the bytes that are tested, run locally and deployed. Metafiles go to `dist/meta`. */
export async function build(): Promise<void> {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  mkdirSync(join(root, 'dist/meta'), { recursive: true });
  await Promise.all(Object.keys(functions).map(bundleFunction));
}

async function bundleFunction(name: string): Promise<void> {
  const directory = join(root, 'dist/lambda', name);
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: [`lambda/handlers/${name}.ts`],
    outfile: join(directory, 'index.js'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    // CommonJS: an ES module's `import 'node:http'` loads all of undici, which is 15 ms of a cold start.
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': './lambda/stores/environment-credentials.ts' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(join(directory, 'package.json'), '{"type":"commonjs"}\n');
  writeFileSync(join(root, 'dist/meta', `${name}.json`), JSON.stringify(metafile));
}

if (import.meta.main) await build();
