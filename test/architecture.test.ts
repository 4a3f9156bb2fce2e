import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functions } from '#contract/functions.ts';
import { importsOfSources, sourceFiles } from './support/source-imports.ts';

const root = join(import.meta.dirname, '..');
const sources = sourceFiles();

/** The folders of `lambda/`, each with those that it may import from; docs/ARCHITECTURE.md says why in this order. */
const capabilities: Readonly<Record<string, readonly string[]>> = {
  crypto: [],
  platform: ['crypto'],
  ring: ['crypto', 'platform'],
  audit: ['crypto', 'platform'],
  forwarding: ['crypto', 'platform', 'ring', 'audit'],
  shops: ['crypto', 'platform', 'ring', 'audit'],
  'widget-tokens': ['crypto', 'platform', 'audit', 'forwarding', 'shops'],
  'service-keys': ['crypto', 'platform', 'audit', 'forwarding', 'shops'],
  analytics: ['crypto', 'platform', 'ring', 'audit', 'forwarding', 'shops', 'service-keys'],
  'admin-login': ['crypto', 'platform', 'ring', 'audit', 'analytics'],
  'admin-api': [
    ...['crypto', 'platform', 'ring', 'audit', 'shops', 'widget-tokens', 'service-keys', 'analytics', 'admin-login'],
  ],
  watch: ['crypto', 'platform', 'ring', 'widget-tokens'],
};

/** From which folders a folder's files may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  ...Object.fromEntries(
    Object.entries(capabilities).map(([name, others]) => [
      `lambda/${name}`,
      ['contract', ...others.map((other) => `lambda/${other}`)],
    ]),
  ),
  lib: ['contract'],
  // The host knows AWS, and nothing of the product.
  local: [],
  // The end-to-end check knows the gate by HTTP, and how to sign; the canary, the command line and the tests run it.
  cli: ['contract', 'lambda/watch'],
  // What a browser loads knows the gate by HTTP and by its contract.
  'web/widget': ['contract'],
  'web/admin': ['contract'],
  // A customer, and how they are registered at a gate on this machine.
  demo: ['contract', 'cli', 'local'],
  bin: ['contract', 'cli', 'demo', 'lib', 'local', 'web/widget'],
};

const placeOf = (file: string): string => Object.keys(mayImport).find((place) => file.startsWith(`${place}/`)) ?? file;

let imports: [string, string][];
beforeAll(async () => {
  imports = await importsOfSources();
});

const ofSources = (): [string, string][] => imports.filter(([from]) => !from.startsWith('test/'));
const isOurs = (file: string): boolean => /^(bin|cli|contract|demo|lib|lambda|local|test|web)\//.test(file);

test('imports run one way, from folder to folder', () => {
  expect(ofSources().length).toBeGreaterThan(500);
  const wrong = ofSources()
    .filter(([, to]) => isOurs(to))
    .filter(([from, to]) => {
      const [source, target] = [placeOf(from), placeOf(to)];
      return source !== target && !(mayImport[source] ?? []).includes(target);
    });
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others, in the whole repository', () => {
  const next = new Map<string, string[]>();
  for (const [from, to] of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

const packages = (): [string, string][] => ofSources().filter(([, to]) => !isOurs(to));

/** Handlers, and what several handlers of a capability compose alike. */
const COMPOSES = /^lambda\/[\w-]+\/(compose|[\w-]+\.handler)\.ts$/;
const IS_STORE = /^lambda\/[\w-]+\/[\w-]+\.store\.ts$/;
/** The build puts it in the place of a part of the SDK. */
const CREDENTIALS = 'lambda/platform/environment-credentials.ts';

test.each<[string, (from: string, to: string) => boolean]>([
  [
    'only lib and bin/app.ts know the CDK',
    (from, to) => /^(aws-cdk-lib|constructs)/.test(to) && !/^(lib\/|bin\/app\.ts)/.test(from),
  ],
  ['crypto needs nothing but node:crypto', (from, to) => from.startsWith('lambda/crypto/') && to !== 'node:crypto'],
  ['the contract needs nothing', (from) => from.startsWith('contract/')],
  ['the command line needs nothing but Node', (from, to) => from.startsWith('cli/') && !to.startsWith('node:')],
  [
    'only stores know an AWS client',
    (from, to) =>
      from.startsWith('lambda/') && to.startsWith('@aws-sdk/') && !IS_STORE.test(from) && from !== CREDENTIALS,
  ],
  [
    'the widget needs nothing, the console Preact alone, the demo Node alone',
    (from, to) =>
      (from.startsWith('web/') && !(from.startsWith('web/admin/') && /^preact(\/|$)/.test(to))) ||
      (from.startsWith('demo/') && !to.startsWith('node:')),
  ],
])('%s', (_name, breaks) => {
  expect(packages().filter(([from, to]) => breaks(from, to))).toEqual([]);
});

test('the local host names nothing of the product', () => {
  const ours = /widget|\bgate\b|shop|analytics|data-router|console\b|x-gate|temp.token/i;
  const named = sources
    .filter((file) => file.startsWith('local/'))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((line) => `${file}: ${line.trim()}`),
    )
    .filter((line) => ours.test(line.replace(/^[^:]*: /, '')) && !/console\.(error|log)|CDK::Metadata/.test(line));
  expect(named).toEqual([]);
});

describe('docs/ARCHITECTURE.md', () => {
  const page = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const namesIn = (text = ''): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);

  test('names files and folders that exist', () => {
    const named = namesIn(page).filter((name) =>
      /^(bin|cli|contract|demo|docs|lambda|lib|local|test|web)\/[\w./-]*$/.test(name),
    );
    const linked = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => `docs/${path}`);
    expect(named.length).toBeGreaterThan(80);
    expect([...named, ...linked].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('lists every capability, in this order, with what it may import beside crypto and platform', () => {
    const listed = rows.flatMap((row) => {
      const [, folder, , others] = row.split('|');
      const name = /^ `lambda\/([\w-]+)\/` $/.exec(folder ?? '')?.[1];
      return name === undefined ? [] : [[name, namesIn(others)]];
    });
    const expected = Object.entries(capabilities).map(([name, others]) => [
      name,
      others.filter((other) => other !== 'crypto' && other !== 'platform'),
    ]);
    expect(listed).toEqual(expected);
  });

  test('lists every top folder with what it may import', () => {
    const places = Object.keys(mayImport).filter((place) => !place.startsWith('lambda/'));
    const listed = rows.flatMap((row) => {
      const [, folder, , others] = row.split('|');
      const place = namesIn(folder)[0]?.replace(/\/$/, '') ?? '';
      return places.includes(place) ? [[place, namesIn(others).map((name) => name.replace(/\/$/, ''))]] : [];
    });
    expect(new Map(listed as [string, string[]][])).toEqual(
      new Map(places.map((place) => [place, [...(mayImport[place] ?? [])]])),
    );
  });

  test.each([
    ['Issue a widget token', 12],
    ['Authorize a widget call', 14],
    ['Rotate the ring', 18],
  ])('%s takes %i files at most', (heading, most) => {
    const section = page.split(`### ${heading}\n`)[1]?.split(/^##/m)[0] ?? '';
    const files = section.split('\n').flatMap((line) => namesIn(line.split('|')[1]));
    expect(files.length).toBeGreaterThan(5);
    expect(files.length).toBeLessThanOrEqual(most);
  });
});

describe('roles in lambda', () => {
  const lambda = sources.filter((file) => file.startsWith('lambda/'));
  const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

  test('only handlers and compose.ts build stores', () => {
    const builders = ofSources().filter(
      ([from, to]) => IS_STORE.test(to) && !COMPOSES.test(from) && !IS_STORE.test(from),
    );
    expect(builders).toEqual([]);
  });

  test('only handlers, compose.ts, platform and the clients of AWS read the environment', () => {
    const readers = lambda.filter((file) => textOf(file).includes('process.env') && !COMPOSES.test(file));
    expect(readers.sort()).toEqual([
      // Where a stand-in answers for AWS.
      'lambda/admin-login/admin-group.store.ts',
      'lambda/admin-login/identity.store.ts',
      'lambda/platform/clients.store.ts',
      CREDENTIALS,
      'lambda/platform/environment.ts',
      'lambda/platform/metrics.ts',
    ]);
  });

  test('every function is one handler, and every handler a function', () => {
    const handlers = lambda.filter((file) => file.endsWith('.handler.ts'));
    const names = handlers.map((file) => file.slice(file.lastIndexOf('/') + 1, -'.handler.ts'.length));
    expect(names.sort()).toEqual(Object.keys(functions).sort());
  });

  test('nobody imports a handler', () => {
    expect(ofSources().filter(([, to]) => to.endsWith('.handler.ts'))).toEqual([]);
  });
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

  test("the authorizer's holds no STS or IAM client, no chain of HTTP handlers, and no store of keys", () => {
    expect(
      inputsOf('widget-authorizer').filter((input) =>
        /client-(sts|iam)|platform\/chain|shop-key\.store|nested-clients/.test(input),
      ),
    ).toEqual([]);
  });
});

describe('files', () => {
  const lineCount = (file: string): number => readFileSync(join(root, file), 'utf8').split('\n').length - 1;

  test('none has more than 300 lines without a reason on its first line', () => {
    const long = sources.filter(
      (file) => lineCount(file) > 300 && !readFileSync(join(root, file), 'utf8').startsWith('// Long because'),
    );
    expect(long).toEqual([]);
  });

  test('handlers have 65 lines at most', () => {
    expect(sources.filter((file) => file.endsWith('.handler.ts') && lineCount(file) > 65)).toEqual([]);
  });

  test('every source file has a place in the layout', () => {
    expect(sources.filter((file) => placeOf(file) === file)).toEqual([]);
  });
});
