import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const sourceFolders = ['bin', 'cli', 'contract', 'demo', 'lambda', 'lib', 'local', 'web'];
const filesIn = (folders: readonly string[]): string[] =>
  folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,js}`, { cwd: root }))
    .filter((f) => !f.endsWith('.d.ts'));

/** Every source file of the product, without the tests. */
export const sourceFiles = (): string[] => filesIn(sourceFolders);

/** Every import of every file, as importer and what it imports; of tests and types, too. */
export const importsOfSources = (): Promise<[string, string][]> =>
  importsOf(filesIn([...sourceFolders, 'test']).filter((file) => /\.tsx?$/.test(file)));

async function importsOf(files: readonly string[]): Promise<[string, string][]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: join(root, 'dist/never-written'),
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
    plugins: [
      {
        name: 'types-too',
        setup: (setup) =>
          setup.onLoad({ filter: /\/(bin|cli|contract|demo|lib|lambda|local|test|web)\/.*\.tsx?$/ }, keepTypeImports),
      },
    ],
  });
  return Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.map(({ path }): [string, string] => [file, path]),
  );
}

/** A file reduced to its imports, each of them used, so that none is dropped for being a type or without effect. */
function keepTypeImports({ path }: { path: string }): { contents: string; loader: 'ts' } {
  const text = readFileSync(path, 'utf8');
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b(?:[^;]*? from)? '([^']+)';/gms),
    // A relative path without `.ts` is one in a bundle.
    ...text.matchAll(/\b(?:import|require|getBuiltinModule)\(\s*'([^'.][^']*|\.[^']+\.tsx?)'/g),
  ].map(([, specifier]) => specifier);
  const lines = specifiers.map((specifier, at) => `import * as used${at} from '${specifier}'; console.log(used${at});`);
  return { contents: lines.join('\n'), loader: 'ts' };
}
