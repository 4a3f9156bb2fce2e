import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP } from '#bin/start/options.ts';
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
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const inEnglish = (value: number): string => value.toLocaleString('en-US');

const forwardingPage = readFileSync(join(root, 'docs/forwarding.md'), 'utf8');

/** The rows of the table under a heading of a page, without its head. */
function tableUnder(heading: string, file: string): string[] {
  const section =
    textOf(file)
      .split(new RegExp(`^## ${heading}$`, 'm'))[1]
      ?.split(/^## /m)[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
}

test('the routes of docs/contract.md are those of the route table, in its order', () => {
  const expected = routes.map(
    ({ method, path, credential, summary, throttle }: Route) =>
      `| \`${method} ${path}\` | \`${credential}\` | ${summary} | ${inEnglish(throttle.ratePerSecond)}, ${inEnglish(throttle.burst)} |`,
  );
  expect(tableUnder('10\\. Routes', 'docs/contract.md')).toEqual(expected);
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

test("the counters of docs/operate.md are the contract's, in its order", () => {
  const rows = Object.entries(outcomes).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  expect(textOf('docs/operate.md')).toContain(`| --- | --- |\n${rows.join('\n')}\n\n`);
});

test.each([
  ['docs/administer.md', /in force everywhere within (\d+) s, or, in a stage/, limits.defaultBoundSeconds],
  ['docs/administer.md', /within that much more, and never more than (\d+) s/, limits.revocationBoundSeconds],
  ['docs/embed-in-a-portal.md', /client, app or key, everywhere within (\d+) s/, limits.defaultBoundSeconds],
  ['docs/stage-options.md', /so that the sum stays within (\d+) s/, limits.revocationBoundSeconds],
  ['docs/contract.md', /administrator is in force everywhere within (\d+) s/, limits.revocationBoundSeconds],
  ['docs/contract.md', /With the default settings, within (\d+) s/, limits.defaultBoundSeconds],
  ['SECURITY.md', /origin edit is in force everywhere within (\d+) s/, limits.defaultBoundSeconds],
  ['SECURITY.md', /that much later, and within (\d+) s/, limits.revocationBoundSeconds],
  ['SECURITY.md', /end with their user, app, client or key within (\d+) s/, limits.defaultBoundSeconds],
  ['docs/runbooks.md', /every token that they signed, stop within (\d+) s/, limits.defaultBoundSeconds],
  ['docs/runbooks.md', /a call with it is 401 within (\d+) s/, limits.defaultBoundSeconds],
  ['docs/reliability.md', /The (\d+) s hold for a healthy store/, limits.defaultBoundSeconds],
])('%s states the bound of a change as %s says it', (file, sentence, seconds) => {
  expect(sentence.exec(textOf(file).replaceAll(/\s+/g, ' '))?.[1]).toBe(String(seconds));
});

test('no document states another bound of a change', () => {
  const bounds: readonly number[] = [limits.defaultBoundSeconds, limits.revocationBoundSeconds];
  const stated = documents.flatMap((file) => [
    ...textOf(file)
      .replaceAll(/\s+/g, ' ')
      .matchAll(/(?:everywhere|in force)[^.]{0,40} within (\d+) s\b/g),
  ]);
  expect(stated.length).toBeGreaterThan(2);
  for (const [text, seconds] of stated) expect([text, bounds.includes(Number(seconds))]).toEqual([text, true]);
});

/** The scripts of package.json that a text runs. */
const scriptsIn = (text: string): string[] =>
  [...text.matchAll(/\bnpm (?:run (?:--silent )?([a-z][\w-]*)|(start|test)\b)/g)].map(
    ([, script, short]) => script ?? short ?? '',
  );

test.each(documents)('every npm script that %s names exists', (file) => {
  expect(scriptsIn(textOf(file)).filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test('CONTRIBUTING.md names every npm script', () => {
  expect([...new Set(scriptsIn(textOf('CONTRIBUTING.md')))].sort()).toEqual(Object.keys(scripts).sort());
});

test('the options in docs/getting-started.md are those that --help prints', () => {
  expect(textOf('docs/getting-started.md')).toContain(HELP);
});

test('the signing function of docs/embed-in-a-shop.md makes tokens that we accept', () => {
  const { key, timestamp, cases } = tokenVectors();
  const [, code = ''] = /```js\n(const \{ createHmac \}[\s\S]*?)```/.exec(textOf('docs/embed-in-a-shop.md')) ?? [];
  for (const { shopId, token } of cases) {
    const print = `${code}\nprocess.stdout.write(signWidgetToken(${JSON.stringify(shopId)}, ${JSON.stringify(key)}, ${timestamp}));`;
    const signed = execFileSync(process.execPath, ['--input-type=commonjs', '--eval', print], { encoding: 'utf8' });
    expect(signed).toBe(token);
    const claims = parseWidgetToken(signed);
    expect(claims && hasValidMac(claims, hmacKeyOf(key))).toBe(true);
  }
});

test('every stage member that docs/stage-options.md explains is known, and it explains every one', () => {
  const explained = tableUnder('Members', 'docs/stage-options.md').flatMap((row) =>
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

test('every error of the catalog is reached by a test', () => {
  const texts = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && file !== 'docs.test.ts')
    .map((file) => readFileSync(join(root, 'test', file), 'utf8'))
    .join('\n');
  expect(Object.keys(errors).filter((code) => !texts.includes(`'${code}'`))).toEqual([]);
});
