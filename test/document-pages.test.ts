import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '#contract/errors.ts';
import { explanations } from '#contract/explanations.ts';
import { limits } from '#contract/limits.ts';
import { outcomes } from '#contract/metrics.ts';
import { ownFailures } from '#web/widget/own-failures.ts';
import { documents } from './support/document-blocks.ts';

const root = join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What a command makes from the code. */
const generated = ['admin-api', 'cli', 'errors', 'limits', 'permissions'].map((name) => `docs/${name}.md`);
const pages = documents.filter((file) => file !== 'README.md' && file !== 'CHANGELOG.md');
const written = pages.filter((file) => !generated.includes(file));
const headOf = (file: string): string => textOf(file).split(/^## /m)[0] ?? '';

test.each(written)('%s begins with who it is for and what they have at its end', (file) => {
  const [title = '', audience = ''] = textOf(file).split('\n\n');
  expect(title).toMatch(/^# [^\n]+$/);
  expect(audience).toMatch(/^(?:For|This page is for) [\s\S]*(?:At (?:the|its) end|After this page)/);
});

/** Pages about what runs on AWS, where a reader must know what was tried. */
const aboutAws = written.filter((file) => !/CONTRIBUTING|SECURITY|ARCHITECTURE|mutants|releasing|upgrading/.test(file));

test.each(aboutAws)('%s says once, in a box at its top, what was tested and what was not', (file) => {
  expect(headOf(file).match(/^> \*\*Tested\*\*/gm)).toHaveLength(1);
  expect(headOf(file)).toMatch(/\*\*Not tested/);
});

test.each(documents)('%s does not scatter remarks about what was not tried', (file) => {
  const beside = textOf(file)
    .split('\n')
    .filter(
      (line) => !line.startsWith('>') && /\bnot (?:tried|tested)\b[^.]*\bAWS\b|\bOn AWS it was not\b/i.test(line),
    );
  expect(beside).toEqual([]);
});

test('the README fits on a screen or two', () => {
  expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(150);
});

test.each(documents)('every error code that %s names beside its status is in the catalog, with that status', (file) => {
  const catalog: Readonly<Record<string, { readonly status: number } | undefined>> = errors;
  const stated = [...textOf(file).matchAll(/\b([45]\d\d)(?:\s+|:\s+)`([a-z]+(?:_[a-z]+)*)`/g)];
  const wrong = stated.filter(([, status, code = '']) => catalog[code]?.status !== Number(status));
  expect(wrong.map(([text]) => text)).toEqual([]);
});

test('codes are named in many places, so that the test above looks at something', () => {
  const stated = written.flatMap((file) => [...textOf(file).matchAll(/\b[45]\d\d(?:\s+|:\s+)`[a-z]+(?:_[a-z]+)+`/g)]);
  expect(stated.length).toBeGreaterThan(20);
});

/** The words with underscores in what runs and in the pieces to copy: codes, reasons, events, claims, members. */
const inCode = new Set(
  ['cli', 'contract', 'docs/snippets', 'lambda', 'lib', 'local', 'web'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|tsx|mjs|php|py)$/.test(file))
      .flatMap((file) => textOf(`${folder}/${file}`).match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []),
  ),
);

test.each(written)('every code, reason, counter and event in %s is one that the code has', (file) => {
  const known = new Set([errors, explanations, outcomes, ownFailures].flatMap((each) => Object.keys(each)));
  const words = [...textOf(file).matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, word = '']) => word);
  const unknown = words.filter((word) => word !== 'node_modules' && !known.has(word) && !inCode.has(word));
  expect(unknown).toEqual([]);
});

test.each<[string, RegExp, readonly (keyof typeof limits)[]]>([
  [
    'docs/contract.md',
    /limits each address to (\d+) calls of the login routes in (\d+) seconds/,
    ['loginCallsPerAddress', 'addressWindowSeconds'],
  ],
  [
    'docs/contract.md',
    /live session by themselves: ([\d,]+) in (\d+) seconds/,
    ['adminCallsPerAddress', 'addressWindowSeconds'],
  ],
  ['docs/contract.md', /X-Widget-Token-Expires-In: (\d+)/, ['widgetTokenTtlSeconds']],
  [
    'docs/contract.md',
    /stamp is at most (\d+) s ahead and less than ([\d,]+) s old/,
    ['maxClockSkewSeconds', 'widgetTokenTtlSeconds'],
  ],
  ['docs/contract.md', /A token over ([\d,]+) bytes gets 413/, ['maxSecurityTokenBytes']],
  ['docs/contract.md', /encrypted JWE of at most ([\d,]+) bytes/, ['maxSessionCookieBytes']],
  ['docs/contract.md', /random bits, valid for (\d+) s/, ['tempTokenSeconds']],
  ['docs/contract.md', /again at most every (\d+) s, so a removed/, ['adminGroupCacheSeconds']],
  ['docs/contract.md', /verifies stamps up to (\d+) s after its end/, ['endedKeyGraceSeconds']],
  [
    'docs/contract.md',
    /for about (\d+) s, and served for up to (\d+) s while the table fails. An unknown shop is remembered for (\d+) s/,
    ['shopCacheSeconds', 'shopStaleSeconds', 'unknownShopCacheSeconds'],
  ],
  [
    'docs/contract.md',
    /The ring is kept for about (\d+) s[^.]*\. An unknown ring key makes a function read it again, at most every (\d+) s/,
    ['ringCacheSeconds', 'ringRefreshSeconds'],
  ],
  [
    'docs/contract.md',
    /at a store takes (\d+) ms at most, and all attempts together ([\d,]+) ms/,
    ['storeAttemptMilliseconds', 'storeTotalMilliseconds'],
  ],
  ['docs/contract.md', /authentication route has at most ([\d,]+) bytes/, ['maxAuthBodyBytes']],
  [
    'docs/administer.md',
    /more than (\d+) calls of the login routes from one address in (\d+) s/,
    ['loginCallsPerAddress', 'addressWindowSeconds'],
  ],
  ['docs/administer.md', /stamped up to (\d+) s after its end/, ['endedKeyGraceSeconds']],
  ['docs/administer.md', /may stamp them up to (\d+) s ahead/, ['maxClockSkewSeconds']],
  ['docs/embed-in-a-portal.md', /A token of more than ([\d,]+) bytes/, ['maxSecurityTokenBytes']],
  ['docs/embed-in-a-shop.md', /stamped up to (\d+) s ahead of its clock/, ['maxClockSkewSeconds']],
])('%s states a number as the contract has it: %s', (file, sentence, names) => {
  const [, ...stated] = sentence.exec(textOf(file).replaceAll(/\s+/g, ' ')) ?? [];
  expect(stated.map((text) => Number(text?.replaceAll(',', '')))).toEqual(names.map((name) => limits[name]));
});
