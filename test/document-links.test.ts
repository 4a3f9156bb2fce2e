import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './support/document-blocks.ts';
import { anchorsOf, leadsSomewhere, linksOf } from './support/document-links.ts';

const root = join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Everything that people run or read beside the documents. */
const sources = ['bin', 'cli', 'contract', 'demo', 'lambda', 'lib', 'local', 'test', 'web'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|js|html)$/.test(file))
    .map((file) => `${folder}/${file}`)
    .filter((file) => file !== 'test/document-links.test.ts'),
);

test.each([...documents, 'llms.txt', 'test/conformance/README.md'])('every link of %s leads somewhere', (file) => {
  expect(linksOf(textOf(file)).filter((link) => !leadsSomewhere(link, file))).toEqual([]);
});

test('a link to a file or a heading that is not there is found', () => {
  const lost = ['docs/lost.md', '#lost', 'docs/operate.md#lost', 'SECURITY.md'];
  expect(lost.filter((link) => leadsSomewhere(link, 'README.md'))).toEqual(['SECURITY.md']);
  expect(linksOf('[a](b.md#c) ![d](e.png)\n```md\n[f](g.md)\n```\n[h](https://i.example)')).toEqual([
    'b.md#c',
    'e.png',
  ]);
  expect(anchorsOf('# A `b`: c\n## D\n```sh\n# no heading\n```\n## D\n<a id="e"></a>')).toEqual([
    'a-b-c',
    'd',
    'd-1',
    'e',
  ]);
});

test('many links lead from page to page, so that the test above looks at something', () => {
  const linked = documents.filter((file) => linksOf(textOf(file)).length > 0);
  expect(linked).toEqual(
    expect.arrayContaining(['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/runbooks.md', 'docs/alarms.md']),
  );
});

test.each(documents)('every file of this repository that %s names exists', (file) => {
  const named = [...textOf(file).matchAll(/`((?:test|lib|lambda|local|bin|cli|contract|docs)\/[\w./-]*)`/g)].map(
    ([, path]) => path as string,
  );
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every page that the code names, in a message or a comment, exists, and so does its heading', () => {
  const named = sources.flatMap((file) =>
    [...textOf(file).matchAll(/(?<![\w/.-])((?:docs\/|test\/conformance\/)?[\w-]+\.md)(#[\w-]+(?![\w$-]))?/g)].map(
      ([, page = '', anchor = '']) => [file, page, anchor] as const,
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  // What writes a page of docs/ links from there.
  const from = (file: string): string => (file.startsWith('bin/references/') ? 'docs/ARCHITECTURE.md' : 'README.md');
  const lost = named.filter(
    ([file, page, anchor]) => !leadsSomewhere(page + anchor, 'README.md') && !leadsSomewhere(page + anchor, from(file)),
  );
  // Tests write pages for themselves.
  expect(lost.filter(([file]) => !file.startsWith('test/'))).toEqual([]);
});

test('no message or comment sends a reader to a section of the README, which has none to look up', () => {
  const sending =
    /README(?:\.md)?['’"]?s? (?:tells|says|lists|writes|documents)|(?:pieces|tables?|chapter) of the README|README, "/;
  const readers = [...documents, ...sources].filter((file) => sending.test(textOf(file)));
  expect(readers).toEqual([]);
});

test('every section of the contract that the code cites is there', () => {
  const sections = new Set(
    [...textOf('docs/contract.md').matchAll(/^#{2,3} (\d+(?:\.\d+)?)\.? /gm)].map(([, number = '']) => number),
  );
  const cited = sources.flatMap((file) =>
    [...textOf(file).matchAll(/contract ((?:§[\d.]+\d|§\d)(?:, (?:§[\d.]+\d|§\d))*)/gi)].flatMap(([, list = '']) =>
      [...list.matchAll(/§(\d+(?:\.\d+)?)/g)].map(([, number = '']) => [file, number] as const),
    ),
  );
  expect(cited.length).toBeGreaterThan(30);
  expect(cited.filter(([, number]) => !sections.has(number))).toEqual([]);
});

describe('llms.txt', () => {
  const text = textOf('llms.txt');

  test('lists every document, once', () => {
    const pages = readdirSync(join(root, 'docs')).filter((file) => /\.(md|json)$/.test(file));
    const expected = [
      ...['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md'],
      ...pages.map((page) => `docs/${page}`),
    ];
    expect([...linksOf(text)].sort()).toEqual(expected.sort());
  });

  test('has the form of llmstxt.org: a title, a summary, and sections of links with a note each', () => {
    const [title = '', summary = '', details = '', ...sections] = text.trimEnd().split('\n\n');
    expect(title).toMatch(/^# [^\n]+$/);
    expect(summary).toMatch(/^> [^\n]+$/);
    expect(details).toMatch(/^[^#>-]/);
    expect(sections.length % 2).toBe(0);
    sections.forEach((section, index) => {
      expect(section).toMatch(
        index % 2 === 0 ? /^## [^\n]+$/ : /^- \[[^\]]+\]\([^)]+\): [^\n]+(\n- \[[^\]]+\]\([^)]+\): [^\n]+)*$/,
      );
    });
  });
});
