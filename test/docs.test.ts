import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP } from '#bin/start/options.ts';
import { helpOn } from '#cli/command-line.ts';
import { adminRoutes } from '#contract/admin-api.ts';
import { errors } from '#contract/errors.ts';
import { explanations } from '#contract/explanations.ts';
import {
  droppedFromCaller,
  droppedFromUpstream,
  type HeaderRule,
  upstreamFailures,
  VARY,
} from '#contract/forwarding.ts';
import { limits } from '#contract/limits.ts';
import { outcomes } from '#contract/metrics.ts';
import { type Route, routes } from '#contract/routes.ts';
import { hasValidMac, parseWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import { documents } from './support/document-blocks.ts';
import { hmacKeyOf, tokenVectors } from './support/keys.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const inEnglish = (value: number): string => value.toLocaleString('en-US');

const forwardingPage = readFileSync(join(root, 'docs/forwarding.md'), 'utf8');

/** The rows of the table under a heading, without its head. */
function tableUnder(heading: string): string[] {
  const section = readme.split(new RegExp(`^## ${heading}$`, 'm'))[1]?.split(/^## /m)[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
}

test('the README’s routes are the contract’s, in its order', () => {
  const expected = routes.map(
    ({ method, path, credential, summary, throttle }: Route) =>
      `| \`${method} ${path}\` | \`${credential}\` | ${summary} | ${inEnglish(throttle.ratePerSecond)}, ${inEnglish(throttle.burst)} |`,
  );
  expect(tableUnder('Routes')).toEqual(expected);
});

test('the README’s errors are the catalogue, in its order', () => {
  const expected = Object.entries(errors).map(
    ([code, { status, message, fixedBy }]) => `| \`${code}\` | ${status} | ${message} | ${fixedBy} |`,
  );
  expect(tableUnder('Errors')).toEqual(expected);
});

test('the README’s calls of the admin API are the contract’s, in its order', () => {
  const rows = adminRoutes.map(({ method, path, summary }) => `| \`${method} ${path}\` | ${summary} |`);
  expect(readme).toContain(`| --- | --- |\n${rows.join('\n')}\n\n`);
});

test.each([
  ['that do not reach an upstream', droppedFromCaller],
  ['that do not reach a page', droppedFromUpstream],
])('docs/forwarding.md lists the headers %s, in the order of the contract', (_name, rules) => {
  const rows = Object.values(rules).map(
    ({ names, why }: HeaderRule) => `| ${names.map((name) => `\`${name}\``).join(', ')} | ${why} |`,
  );
  expect(forwardingPage).toContain(`| --- | --- |\n${rows.join('\n')}\n\n`);
});

test('docs/forwarding.md explains every failure of an upstream as `explain` does, and names every header in Vary', () => {
  const rows = upstreamFailures.map((reason) => {
    const { why, remedy } = explanations[`upstream_${reason}`];
    return `| \`upstream_${reason}\` | ${why} | ${remedy} |`;
  });
  expect(forwardingPage).toContain(`| --- | --- | --- |\n${rows.join('\n')}\n`);
  expect(forwardingPage).toContain(`gains ${VARY.map((name) => `\`${name}\``).join(', ')}.`);
});

test('the README’s counters are the contract’s, in its order', () => {
  const rows = Object.entries(outcomes).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  expect(readme).toContain(`| --- | --- |\n${rows.join('\n')}\n\n`);
});

test('the README’s numbers are the contract’s', () => {
  const rows = tableUnder('Numbers');
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    const names = [...row.matchAll(/[`]([a-zA-Z]+)[`]/g)].map(([, name]) => name as keyof typeof limits);
    const values = (row.split('|')[2] ?? '').split(/, (?=\d)/).map((value) => Number(value.replace(/[^\d]/g, '')));
    expect([row, values]).toEqual([row, names.map((name) => limits[name])]);
  }
});

test.each([
  ['README.md', /in force everywhere within (\d+) s, or, in a\nstage/, limits.defaultBoundSeconds],
  ['README.md', /within that much more, and never more than (\d+) s/, limits.revocationBoundSeconds],
  ['README.md', /client, app or key, everywhere within (\d+) s/, limits.defaultBoundSeconds],
  ['README.md', /so that the sum stays within (\d+) s/, limits.revocationBoundSeconds],
  ['SECURITY.md', /origin edit is in force everywhere within (\d+) s/, limits.defaultBoundSeconds],
  ['SECURITY.md', /that much later, and within (\d+) s/, limits.revocationBoundSeconds],
  ['SECURITY.md', /end with their user, app, client or key within (\d+) s/, limits.defaultBoundSeconds],
  ['docs/runbooks.md', /every token that they signed, stop within (\d+) s/, limits.defaultBoundSeconds],
  ['docs/runbooks.md', /a call with it is 401 within (\d+) s/, limits.defaultBoundSeconds],
  ['docs/reliability.md', /The (\d+) s hold for a\n {2}healthy store/, limits.defaultBoundSeconds],
])('%s states the bound of a change as %s says it', (file, sentence, seconds) => {
  expect(sentence.exec(readFileSync(join(root, file), 'utf8'))?.[1]).toBe(String(seconds));
});

test('no document states another bound of a change', () => {
  const bounds: readonly number[] = [limits.defaultBoundSeconds, limits.revocationBoundSeconds];
  const documents = ['README.md', 'SECURITY.md', 'docs/runbooks.md', 'docs/alarms.md', 'docs/reliability.md'];
  const stated = documents.flatMap((file) => [
    ...readFileSync(join(root, file), 'utf8').matchAll(/(?:everywhere|in force)[^.\n]{0,40} within (\d+) s\b/g),
  ]);
  expect(stated.length).toBeGreaterThan(2);
  for (const [text, seconds] of stated) expect([text, bounds.includes(Number(seconds))]).toEqual([text, true]);
});

test('every script that the README names exists, and it names every one', () => {
  const named = new Set(
    [
      ...readme.matchAll(
        /npm (?:run )?(start|test|build|check|lint|format|synth|bench|chaos|load|pictures|mutants|deployer-policy|permissions)\b/g,
      ),
    ].map(([, name]) => name),
  );
  expect([...named].sort()).toEqual(Object.keys(scripts).sort());
});

test('the options in the README are those that --help prints', () => {
  expect(readme).toContain(HELP);
});

test('the commands in the README are those that widget-gate --help prints', () => {
  expect(readme).toContain(`\n${helpOn()}\n`);
});

test('the README’s signing function makes tokens that we accept', () => {
  const { key, timestamp, cases } = tokenVectors();
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  for (const { shopId, token } of cases) {
    const print = `${code}\nprocess.stdout.write(signWidgetToken(${JSON.stringify(shopId)}, ${JSON.stringify(key)}, ${timestamp}));`;
    const signed = execFileSync(process.execPath, ['--input-type=commonjs', '--eval', print], { encoding: 'utf8' });
    expect(signed).toBe(token);
    const claims = parseWidgetToken(signed);
    expect(claims && hasValidMac(claims, hmacKeyOf(key))).toBe(true);
  }
});

test('every file that the README links or names exists', () => {
  const named = [
    ...readme.matchAll(/\]\(([^)]+)\)/g),
    ...readme.matchAll(/`((?:test|lib|lambda|local|bin)\/[\w./-]*)`/g),
  ].map(([, path]) => path as string);
  for (const path of named.filter((path) => !/^(http|#)/.test(path)))
    expect([path, existsSync(join(root, path.replace(/#.*/, '')))]).toEqual([path, true]);
});

/** GitHub's name for a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

test.each(documents)('every link of %s to a heading leads to one', (file) => {
  const links = [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!http)([^)#\s]*)#([^)\s]+)\)/g)];
  for (const [link, path = '', anchor] of links) {
    const target = path === '' ? join(root, file) : join(root, file, '..', path);
    const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
    expect([link, headings.map(anchorOf)]).toEqual([link, expect.arrayContaining([anchor])]);
  }
});

test('every stage member that the README explains is known, and it explains every one', () => {
  const explained = tableUnder('Deploy').flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  const membersIn = (file: string, beginning: RegExp): (string | undefined)[] => {
    const [, members = ''] = readFileSync(join(root, file), 'utf8').split(beginning);
    const [own = ''] = members.split(/^\}/m);
    return [...own.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  };
  const known = [
    ...membersIn('lib/stage-config.ts', /^const schema = v\.strictObject\(\{/m),
    ...membersIn('lib/stage-config/options.ts', /^export const optionMembers = \{/m),
  ];
  expect(known.length).toBeGreaterThan(15);
  expect(explained.sort()).toEqual(known.sort());
});

test('every test that the conformance table names exists', () => {
  const folder = join(root, 'test/conformance');
  const rows = readFileSync(join(folder, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const [, file = '', name = ''] = /`([^`]+\.test\.ts)`: "((?:[^"\\]|\\")+)" +\|$/.exec(row) ?? [];
    expect([row, existsSync(join(folder, file))]).toEqual([row, true]);
    expect([row, readFileSync(join(folder, file), 'utf8').includes(name.replaceAll('\\"', '"'))]).toEqual([row, true]);
  }
  expect(readdirSync(folder)).toContain('README.md');
});

test('every number of the contract is used: one that nothing reads is a promise that nobody keeps', () => {
  const sources = ['contract', 'lambda', 'lib'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !(folder === 'contract' && file === 'limits.ts'))
      .map((file) => readFileSync(join(root, folder, file), 'utf8')),
  );
  // The bound is what the others add up to; tests poll against it.
  const read = `${sources.join('\n')} limits.revocationBoundSeconds`;
  expect(Object.keys(limits).filter((name) => !new RegExp(`limits\\.${name}\\b`).test(read))).toEqual([]);
});

describe('SECURITY.md', () => {
  const security = readFileSync(join(root, 'SECURITY.md'), 'utf8');

  test('names for each promise a test that exists', () => {
    const promises = security.split('\n').filter((line) => /^\| \d+ \|/.test(line));
    expect(promises.length).toBeGreaterThanOrEqual(14);
    for (const promise of promises) {
      const named = [...promise.matchAll(/`([^`]+\.test\.ts)`: "((?:[^"]|"(?=\w))+)"(?=;| \|)/g)];
      expect([promise, named.length]).toEqual([promise, promise.split('.test.ts`').length - 1]);
      expect(named.length).toBeGreaterThan(0);
      for (const [, file = '', name = ''] of named)
        expect([name, readFileSync(join(root, file), 'utf8').includes(name)]).toEqual([name, true]);
    }
  });

  test('gives the numbers of the contract', () => {
    const { storeAttemptMilliseconds, storeAttempts, storeTotalMilliseconds, shopStaleSeconds, ringRefreshSeconds } =
      limits;
    expect(security).toContain(
      `| ${storeAttemptMilliseconds} ms | ${storeAttempts} | ${inEnglish(storeTotalMilliseconds)} ms | 503; while it fails, the last good record may let a call pass for up to ${shopStaleSeconds} s, and refuses none |`,
    );
    expect(security).toContain(`at most every ${ringRefreshSeconds} s`);
    expect(security).toContain(`| ${limits.upstreamTimeoutMilliseconds / 1_000} s | 1 |`);
    expect(security).toContain(`within ${limits.revocationBoundSeconds} s`);
  });
});

test('every error of the catalogue is reached by a test', () => {
  const texts = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && file !== 'docs.test.ts')
    .map((file) => readFileSync(join(root, 'test', file), 'utf8'))
    .join('\n');
  expect(Object.keys(errors).filter((code) => !texts.includes(`'${code}'`))).toEqual([]);
});
