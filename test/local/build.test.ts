import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
const builtFrom = join(dist, 'built-from');

/** In a process of its own: what builds the console runs as an ES module only. */
const buildIfChanged = (): void => {
  const script = "import { buildIfChanged } from './bin/build.ts'; buildIfChanged();";
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
};

test('bundles that were made from the sources of now are taken as they are', () => {
  const { mtimeMs } = statSync(builtFrom);
  buildIfChanged();
  expect(statSync(builtFrom).mtimeMs).toBe(mtimeMs);
});

test.each<[string, () => void]>([
  ['were made from other sources', () => writeFileSync(builtFrom, 'other sources')],
  ['do not get what they were made from', () => rmSync(builtFrom)],
])('bundles that %s are built again', (_name, spoil) => {
  const before = readFileSync(builtFrom, 'utf8');
  spoil();
  buildIfChanged();
  expect([existsSync(builtFrom), readFileSync(builtFrom, 'utf8')]).toEqual([true, before]);
});
