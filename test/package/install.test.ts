import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { importsOfSources } from '../support/source-imports.ts';

const root = join(import.meta.dirname, '../..');
const { satisfies } = createRequire(import.meta.filename)('semver') as {
  satisfies(version: string, range: string): boolean;
};

interface Locked {
  readonly engines?: { readonly node?: string };
  readonly deprecated?: string;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};
const locked = Object.entries(packages);

/** The oldest releases for which "npm ci" prints no warning. */
test.each(['20.19.0', '22.13.0', '24.0.0'])('"npm ci" warns of no package that does not support Node %s', (version) => {
  expect(locked.length).toBeGreaterThan(400);
  expect(satisfies('18.0.0', packages['']?.engines?.node ?? '')).toBe(false);
  const warned = locked.filter(([, { engines }]) => !satisfies(version, engines?.node ?? '*'));
  expect(warned.map(([path]) => path)).toEqual([]);
});

test('"npm ci" warns of no deprecated package', () => {
  expect(locked.filter(([, { deprecated }]) => deprecated !== undefined)).toEqual([]);
});

test('no package runs a script at its installation: each that has one is denied by name, without a warning', () => {
  const withScript = locked.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = withScript.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  expect(packageJson.allowScripts).toEqual(Object.fromEntries(names.sort().map((name) => [name, false])));
});

/** Only their types are imported, which nothing needs at run time. */
const OF_TYPES = ['aws-lambda', '@aws-sdk/types'];

test('what is built, synthesized and started needs no development dependency', async () => {
  const named = (await importsOfSources())
    .filter(([from]) => !from.startsWith('test/'))
    .map(([, to]) => /^(@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to);
  const needed = new Set(named.filter((name) => !/^(node:|\.)/.test(name) && !OF_TYPES.includes(name)));
  expect(needed.size).toBeGreaterThan(8);
  const ours = ['bin', 'cli', 'contract', 'demo', 'lambda', 'lib', 'local', 'web', 'package.json'];
  const missing = [...needed].filter((name) => !ours.includes(name) && !Object.hasOwn(packageJson.dependencies, name));
  expect(missing).toEqual([]);
});
