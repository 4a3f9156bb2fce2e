import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Accepted, staleEntries } from './accepted.ts';
import { JestProcess } from './jest-process.ts';
import { mutantsOf, mutate } from './operators.ts';
import { type RunResult, runMutants } from './run.ts';

const SOURCE = `export const isFull = (count: number): boolean => count >= 5;
export const untested = (count: number): boolean => count > 7;
`;
const TESTS = `import { isFull, untested } from '../lambda/crypto/planted.ts';
test('full from five', () => expect([isFull(4), isFull(5)]).toEqual([false, true]));
test('runs without looking', () => void untested(1));
`;
const CONFIG = `export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '\\\\.ts$': '<rootDir>/test/support/esbuild-transform.cjs' },
};
`;

let root: string;
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'widget-gate-planted-'));
  const checkout = join(import.meta.dirname, '../..');
  write('package.json', '{"type":"module"}');
  write('jest.config.js', CONFIG);
  write(
    'test/support/esbuild-transform.cjs',
    readFileSync(join(checkout, 'test/support/esbuild-transform.cjs'), 'utf8'),
  );
  write('lambda/crypto/planted.ts', SOURCE);
  write('test/planted.test.ts', TESTS);
  symlinkSync(realpathSync(join(checkout, 'node_modules')), join(root, 'node_modules'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = (accepted: readonly Accepted[] = []): Promise<RunResult> =>
  runMutants({
    root,
    folders: [{ path: 'lambda/crypto', minRate: 0.95 }],
    accepted,
    tests: '',
    sample: 100,
    seed: '1',
    seconds: 600,
    secondsPerMutant: 60,
    say: () => undefined,
  });

test('a mutant that a test notices is killed, one that none notices survives, and the checkout stays as it was', async () => {
  const [folder] = (await run()).results;
  const verdicts = new Map(
    folder?.tried.map(({ mutant, verdict }) => [`${mutant.functionName}: ${mutant.mutation}`, verdict]),
  );
  expect(verdicts.get('isFull: >= → >')).toEqual({
    kind: 'killed',
    by: 'test/planted.test.ts',
    failed: 'full from five',
  });
  expect(verdicts.get('untested: > → >=')).toEqual({ kind: 'survived', tests: 1, outOf: 1 });
  expect(readFileSync(join(root, 'lambda/crypto/planted.ts'), 'utf8')).toBe(SOURCE);
});

test('a mutant that no test notices does not count when the type check rejects it', async () => {
  write('tsconfig.json', '{"compilerOptions":{"strict":true,"noEmit":true,"types":[]},"include":["lambda"]}');
  write('lambda/crypto/planted.ts', "export const kind = (): 'a' => 'a';\nexport const size = (): number => 60;\n");
  write(
    'test/planted.test.ts',
    "import { kind, size } from '../lambda/crypto/planted.ts';\ntest('runs', () => void [kind(), size()]);\n",
  );
  const [folder] = (await run()).results;
  const mutations = folder?.tried.map(({ mutant }) => `${mutant.functionName}: ${mutant.mutation}`);
  expect(mutations).toEqual(['size: 60 → 600']);
});

test('a test that never ends is ended with its process', async () => {
  write('test/hanging.test.ts', "test('never ends', () => { for (;;); });\n");
  const jest = new JestProcess(root);
  expect((await jest.run('test/hanging.test.ts', 5_000)).result).toBe('timed-out');
  expect((await jest.run('test/planted.test.ts', 60_000)).result).toBe('passed');
  jest.close();
});

test('a test that fails without any mutant kills none, and is named', async () => {
  write('test/planted.test.ts', `${TESTS}test('wrong', () => expect(isFull(5)).toBe(false));\n`);
  const { results, red } = await run();
  expect(red).toEqual(['test/planted.test.ts']);
  expect(results[0]?.tried.filter(({ verdict }) => verdict.kind === 'killed')).toEqual([]);
});

test('a checkout that cannot be built ends the run: its tests would prove nothing', () => {
  write('bin/build.ts', "export const build = () => Promise.reject(new Error('planted'));\n");
  const script = `import { Workspace } from '${join(import.meta.dirname, 'workspace.ts')}';
const workspace = new Workspace('${root}');
await workspace.build().finally(() => workspace.dispose());`;
  // In a process of its own: Jest has no import() of a file that is chosen at run time.
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('planted')]);
});

describe('an accepted survivor', () => {
  const file = 'lambda/crypto/planted.ts';
  const entry: Accepted = {
    file,
    function: 'untested',
    line: 'export const untested = (count: number): boolean => count > 7;',
    mutation: '> → >=',
    kind: 'unworthy',
    why: 'planted',
  };

  test('is found again whatever is above it', () => {
    expect(staleEntries([entry], mutantsOf(file, `// one more line\n${SOURCE}`))).toEqual([]);
  });

  test.each([
    ['its line', SOURCE.replace('> 7', '> 8')],
    ["its function's name", SOURCE.replace('untested', 'renamed')],
  ])('no longer applies once %s is another', (_change, source) => {
    expect(staleEntries([entry], mutantsOf(file, source))).toEqual([entry]);
  });
});

test.each([
  ['f(a >= 1);', 'f(a > 1);'],
  ['if (a && b) c();', 'if (a) c();'],
  ['if (a && b) c();', 'if (false) c();'],
  ['if (!a) c();', 'if (a) c();'],
  ['x = await a();', 'x = a();'],
  ['x = { a: 1, ConsistentRead: true };', 'x = { a: 1, ConsistentRead: false };'],
  ['x = { a: 1, ConsistentRead: true };', 'x = { a: 1,  };'],
  ['x = [a, b];', 'x = [ b];'],
  ['x = a ?? b;', 'x = a;'],
  ['x = a?.b;', 'x = a.b;'],
  ['x = 60;', 'x = 600;'],
  ['x = /^a+$/.test(b);', 'x = /a+$/.test(b);'],
  ['x = a.trim();', 'x = a;'],
  ['x = a.every(b);', 'x = a.some(b);'],
  ['function f() { return a; }', 'function f() { return undefined; }'],
  ['const f = () => ({ a });', 'const f = () => undefined;'],
  ['revoke();', ';'],
  ["x = 'text';", "x = '';"],
])('%s is changed to %s', (source, mutated) => {
  const all = mutantsOf('lambda/a.ts', source).map((mutant) => mutate(source, mutant));
  expect(all).toContain(mutated);
});

test('types, imports and what an error says to a developer are left alone', () => {
  const source = "import a from 'a';\ntype B = 'b' | 1;\nif (c) throw new TypeError(`d`);\n";
  const mutations = mutantsOf('lambda/a.ts', source).map(({ mutation }) => mutation);
  expect(mutations).toEqual(['c → true', 'c → false', 'throw new TypeError(`d`); → ;']);
});
