import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Prose, proseOfMarkdown, proseOfSource } from './support/prose.ts';

const root = join(import.meta.dirname, '..');

/** A word or form that texts of this repository avoid, and what to write instead. */
type Rule = readonly [form: RegExp, instead: string];

const rules: readonly Rule[] = [
  [/\b(tell|tells|telling|told)\b/i, 'show, report, print, or distinguish'],
  [/\b(stand|stands|standing|stood)\b(?!-)/i, 'is, is in, or means'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\banew\b/i, 'again'],
  [/\b(not|is|are|was) concerned\b|\bconcerns no\b/i, 'affected'],
  [/\bgood for\b/i, 'valid for, or works once'],
  [/\bwhoever\b/i, 'anyone who, or the caller'],
  [/\bin vain\b/i, 'without success'],
  [/\bnobody but\b/i, 'only'],
  [/(?<!\bthere )\b(is|are|was|were) no (?!longer\b|more\b|less\b)[a-z]/i, '"is not a", or a positive word'],
  [/(?<!\bthere )\b(is|are|was|were) none\b/, '"is not one", or "does not exist"'],
  [/\btakes no\b/i, 'does not accept, or has no'],
  [/\baskes?d? anew\b|\bif not told\b/i, 'again; by default'],
  [/\b(authoris|recognis|normalis|organis|initialis|serialis|minimis|summaris|optimis|customis|realis(?!t))/i, '-ize'],
  [/\b(colour|behaviour|favour|neighbour|honour|catalogue|centre|licence|grey|artefact|judgement)/i, 'the US spelling'],
  [/\b(cancelled|labelled|travelling|modelled|signalled|whilst|learnt|towards)\b/i, 'the US spelling'],
  [/[\u2018\u2019]/, 'a straight quote'],
];

/** Texts that keep such a form, by file and text, each with the reason. */
const allowed: readonly { readonly file: RegExp; readonly text: RegExp; readonly reason: string }[] = [
  {
    file: /^test\/(english\.test\.ts|support\/prose\.ts)$/,
    text: /./,
    reason: 'the list itself',
  },
  {
    file: /^test\/cli\/terminal\.test\.ts$/,
    text: /\u00c4rger/,
    reason: 'data: quotes that a terminal must show unchanged',
  },
];

const sources = globSync('{bin,cli,contract,demo,lambda,lib,local,test,web}/**/*.{ts,tsx,js,cjs}', { cwd: root });
const documents = globSync('{*,docs/*,test/**/*}.md', { cwd: root });

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

function findings(file: string, prose: readonly Prose[]): string[] {
  return prose
    .filter(({ text }) => !allowed.some((each) => each.file.test(file) && each.text.test(text)))
    .flatMap(({ line, text, next }) =>
      rules.flatMap(([form, instead]) => {
        const found = form.exec(`${text} ${next}`);
        if (found === null || found.index >= text.length) return [];
        return [`${file}:${line}: "${found[0]}": write ${instead}. ${text}`];
      }),
    );
}

test('comments, messages and test names use plain English', () => {
  expect(sources.length).toBeGreaterThan(700);
  expect(sources.flatMap((file) => findings(file, proseOfSource(file, read(file))))).toEqual([]);
});

test('documents use plain English', () => {
  expect(documents.length).toBeGreaterThan(8);
  expect(documents.flatMap((file) => findings(file, proseOfMarkdown(read(file))))).toEqual([]);
});

test('every exception is used, and states its reason', () => {
  const unused = allowed.filter(
    ({ file, text, reason }) =>
      reason === '' || ![...sources, ...documents].some((each) => file.test(each) && text.test(read(each))),
  );
  expect(unused).toEqual([]);
});

describe('a text with such a form is found', () => {
  test.each([
    ['in a comment', '// The caller is told why.\nconst a = 1;'],
    ['in a comment of several lines', '/**\n * The caller\n * stands here.\n */\nconst a = 1;'],
    ['in a string', "const a = 'This stage takes no keys.';"],
    ['in a template', 'const a = `This is no key.`;'],
    ['across a line break', '/* It is good\nfor an hour */'],
  ])('%s', (_where, code) => {
    expect(findings('cli/x.ts', proseOfSource('cli/x.ts', code))).toHaveLength(1);
  });

  test('in a document, but not in its code', () => {
    const text = 'Tell `told` them.\n\n```sh\necho told\n```\n';
    expect(findings('docs/x.md', proseOfMarkdown(text))).toEqual([expect.stringMatching(/^docs\/x\.md:1: "Tell"/)]);
  });
});
