import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  bin: Record<string, string>;
};
const { app } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { app: string };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'widget-gate-old-node-'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  pretend('20.20.2');
  for (const file of ['bin/check-node.js', 'bin/compile-cache.js', 'bin/widget-gate.js'])
    cpSync(join(root, file), join(directory, file));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const pretend = (version: string): void => {
  const script = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });`;
  writeFileSync(join(directory, 'pretend.cjs'), script);
};
const runOld = (file: string, ...args: string[]) =>
  spawnSync(process.execPath, ['--require', './pretend.cjs', file, ...args], { cwd: directory, encoding: 'utf8' });
const ONE_LINE = /^Widget Gate needs Node 22\.18 or later; this is 20\.20\.2\. .*install Node 24\.\n$/;

test.each([['bin/check-node.js'], ['bin/widget-gate.js', '--help'], ['bin/widget-gate.js', 'shops', 'list']])(
  'an old Node gets one line from %s %s',
  (file, ...args) => {
    expect(runOld(file, ...args)).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(ONE_LINE) });
  },
);

test.each(['18.20.0', '22.17.1'])('Node %s is too old', (version) => {
  pretend(version);
  expect(runOld('bin/check-node.js')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`this is ${version}.`),
  });
});

test.each(['22.18.0', '24.0.0'])('Node %s is not too old', (version) => {
  pretend(version);
  expect(runOld('bin/check-node.js')).toMatchObject({ status: 0, stderr: '' });
});

test('an old Node hands the command line to the Node that "npm ci" installed', () => {
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
  const own = '#!/bin/sh\nshift; echo "own Node: $*"; exit 3\n';
  writeFileSync(join(directory, 'node_modules/.bin/node'), own, { mode: 0o755 });
  expect(runOld('bin/widget-gate.js', 'shops', 'list', 'a b')).toMatchObject({
    status: 3,
    stdout: 'own Node: shops list a b\n',
    stderr: '',
  });
});

test('everything that a person starts checks Node before it runs TypeScript', () => {
  const checks = 'node bin/check-node.js && ';
  const startsChecked = (script: string): boolean =>
    script.startsWith(checks) || /^npm run (--silent )?(build|check)\b/.test(script);
  expect([app.startsWith(checks), scripts.build?.startsWith(checks)]).toEqual([true, true]);
  const unchecked = Object.entries(scripts).filter(([, script]) => /\.ts\b/.test(script) && !startsChecked(script));
  expect(unchecked).toEqual([]);
  expect(Object.values(bin)).toEqual(['bin/widget-gate.js']);
});
