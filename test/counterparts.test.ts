import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CounterpartName, counterparts, requireCounterpart } from './support/counterparts.ts';

const ci = readFileSync(join(import.meta.dirname, '../.ci/run'), 'utf8');
const names = Object.keys(counterparts) as CounterpartName[];

test.each(names)('a run in CI installs %s', (name) => {
  const [, installed = ''] = /apt-get install -y -qq --no-install-recommends ([^;\n]+);/.exec(ci) ?? [];
  expect(installed.split(' ')).toEqual(expect.arrayContaining([...counterparts[name].packages]));
});

test.each(names)('a test that needs %s fails without it, and says what to install', (name) => {
  const missing = { ...counterparts[name], isThere: () => false };
  expect(() => requireCounterpart(name, missing)).toThrow(
    `This test needs ${name}. Run: apt-get install ${counterparts[name].packages.join(' ')}`,
  );
  expect(() => requireCounterpart(name, { ...missing, isThere: () => true })).not.toThrow();
});

test('no test is skipped', () => {
  const tests = import.meta.dirname;
  const sources = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !file.endsWith('counterparts.test.ts'),
  );
  expect(sources.length).toBeGreaterThan(100);
  const skipped = /\b(?:test|describe|it)\.(?:skip|todo|failing)\b|\bx(?:test|it|describe)\(/;
  expect(sources.filter((file) => skipped.test(readFileSync(join(tests, file), 'utf8')))).toEqual([]);
});
