import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfChanged } from '../../bin/build.ts';

const dist = join(import.meta.dirname, '../../dist');
const builtFrom = join(dist, 'built-from');

test('bundles that were made from the sources of now are taken as they are', async () => {
  const { mtimeMs } = statSync(builtFrom);
  await buildIfChanged();
  expect(statSync(builtFrom).mtimeMs).toBe(mtimeMs);
});

test.each<[string, () => void]>([
  ['were made from other sources', () => writeFileSync(builtFrom, 'other sources')],
  ['are not told what they were made from', () => rmSync(builtFrom)],
])('bundles that %s are made anew', async (_name, spoil) => {
  const before = readFileSync(builtFrom, 'utf8');
  spoil();
  await buildIfChanged();
  expect([existsSync(builtFrom), readFileSync(builtFrom, 'utf8')]).toEqual([true, before]);
});
