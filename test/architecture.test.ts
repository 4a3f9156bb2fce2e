import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { functions } from '../lambda/contract/functions.ts';

const root = join(import.meta.dirname, '..');
const sourceFolders = ['bin', 'cli', 'clients', 'lib', 'lambda', 'local', 'web'];
const sources = sourceFolders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.([jt]s|tsx)$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => `${folder}/${file}`),
);

/** From which folders a folder's files may import; packages are told below. `~` stands for the files of the folder itself. */
const mayImport: Record<string, string[]> = {
  'lambda/contract': [],
  'lambda/core': ['lambda/contract'],
  'lambda/ports.ts': ['lambda/core'],
  'lambda/services': ['lambda/contract', 'lambda/core', 'lambda/ports.ts'],
  'lambda/stores': ['lambda/contract', 'lambda/core', 'lambda/ports.ts'],
  'lambda/http': ['lambda/contract', 'lambda/core'],
  // What passes between the gate and an upstream.
  'lambda/forwarding': ['lambda/contract', 'lambda/core', 'lambda/ports.ts', 'lambda/services', 'lambda/http'],
  'lambda/composition': [
    'lambda/contract',
    'lambda/core',
    'lambda/ports.ts',
    'lambda/services',
    'lambda/stores',
    'lambda/forwarding',
  ],
  // The end-to-end check knows the gate by HTTP, and how to sign; the canary, the command line and the tests run it.
  'lambda/smoke': ['lambda/contract', 'lambda/core'],
  'lambda/handlers': [
    'lambda/contract',
    'lambda/core',
    'lambda/services',
    'lambda/http',
    'lambda/composition',
    'lambda/forwarding',
    'lambda/smoke',
  ],
  lib: ['lambda/contract'],
  local: ['lambda/contract'],
  // What both clients of the admin API go by.
  clients: [],
  cli: ['clients', 'lambda/contract', 'lambda/smoke'],
  // What a browser loads knows the gate by HTTP and by its contract's data.
  'web/widget': ['lambda/contract'],
  'web/admin': ['clients', 'lambda/contract'],
  // The customer's side knows nothing of the gate but its address.
  'web/demo': [],
  bin: ['cli', 'lib', 'local', 'lambda/contract', 'web/demo', 'web/widget'],
};

const placeOf = (file: string): string =>
  Object.keys(mayImport)
    .filter((place) => file === place || file.startsWith(`${place}/`))
    .sort((a, b) => b.length - a.length)[0] ?? file;

/** Every import of every source file, types included. */
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
          setup.onLoad({ filter: /\/(bin|cli|clients|lib|lambda|local|web)\/.*\.tsx?$/ }, keepTypeImports),
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
    ...text.matchAll(/\b(?:import|require|getBuiltinModule)\(\s*'([^']+)'/g),
  ].map(([, specifier]) => specifier);
  const lines = specifiers.map((specifier, at) => `import * as used${at} from '${specifier}'; console.log(used${at});`);
  return { contents: lines.join('\n'), loader: 'ts' };
}

let imports: [string, string][];
beforeAll(async () => {
  imports = await importsOf(sources.filter((file) => /\.tsx?$/.test(file)));
});

test('imports run one way', () => {
  expect(imports.length).toBeGreaterThan(100);
  const wrong = imports
    .filter(([, to]) => sourceFolders.some((folder) => to.startsWith(`${folder}/`)))
    .filter(([from, to]) => {
      const [source, target] = [placeOf(from), placeOf(to)];
      return source !== target && !(mayImport[source] ?? []).includes(target);
    });
  expect(wrong).toEqual([]);
});

const packages = (): [string, string][] =>
  imports.filter(([, to]) => !/^(bin|cli|clients|lib|lambda|local|web)\//.test(to));

test.each<[string, (from: string, to: string) => boolean]>([
  [
    'only lib and bin/app.ts know the CDK',
    (from, to) => /^(aws-cdk-lib|constructs)/.test(to) && !/^(lib\/|bin\/app\.ts)/.test(from),
  ],
  ['core needs nothing but node:crypto', (from, to) => from.startsWith('lambda/core/') && to !== 'node:crypto'],
  ['the contract needs nothing', (from) => from.startsWith('lambda/contract/')],
  ['what the clients share needs nothing', (from) => from.startsWith('clients/')],
  ['the command line needs nothing but Node', (from, to) => from.startsWith('cli/') && !to.startsWith('node:')],
  ['services need no package', (from) => from.startsWith('lambda/services/')],
  [
    'only stores and what composes them know an AWS client',
    (from, to) => to.startsWith('@aws-sdk/') && !/^lambda\/(stores\/|composition)/.test(from),
  ],
  [
    'the widget needs nothing, the console Preact alone, the storefront Node alone',
    (from, to) =>
      from.startsWith('web/') &&
      !(from.startsWith('web/admin/') && /^preact(\/|$)/.test(to)) &&
      !(from.startsWith('web/demo/') && to.startsWith('node:')),
  ],
  ['middy is the chain’s alone', (from, to) => to.startsWith('@middy/') && from !== 'lambda/http/chain.ts'],
])('%s', (_name, breaks) => {
  expect(packages().filter(([from, to]) => breaks(from, to))).toEqual([]);
});

describe('bundles', () => {
  /** The files that left bytes in a bundle. */
  const inputsOf = (name: string): string[] => {
    const { outputs } = JSON.parse(readFileSync(join(root, 'dist/meta', `${name}.json`), 'utf8')) as {
      outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
    };
    const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
    return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  };

  test.each(Object.keys(functions))('%s holds no local code, no CDK and no test', (name) => {
    expect(
      inputsOf(name).filter((input) => /^(local|lib|bin|cli|test|node_modules\/(aws-cdk-lib|dynalite))\//.test(input)),
    ).toEqual([]);
  });

  test('the authorizer’s holds no STS or IAM client, no middy, and no store of keys', () => {
    expect(
      inputsOf('widget-authorizer').filter((input) =>
        /client-(sts|iam)|@middy|dynamo-key-store|nested-clients/.test(input),
      ),
    ).toEqual([]);
  });
});

describe('files', () => {
  const lineCount = (file: string): number => readFileSync(join(root, file), 'utf8').split('\n').length - 1;

  test('half of them have 80 lines at most', () => {
    const counts = sources.map(lineCount).sort((a, b) => a - b);
    expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(80);
  });

  test('none has more than 300 lines without a reason on its first line', () => {
    const long = sources.filter(
      (file) => lineCount(file) > 300 && !readFileSync(join(root, file), 'utf8').startsWith('// Long because'),
    );
    expect(long).toEqual([]);
  });

  test('handlers have 40 lines at most', () => {
    expect(sources.filter((file) => file.startsWith('lambda/handlers/') && lineCount(file) > 40)).toEqual([]);
  });

  test('every source file has a place in the layout', () => {
    expect(
      sources.filter((file) => placeOf(file) === file && file.includes('/') && mayImport[file] === undefined),
    ).toEqual([]);
  });
});
