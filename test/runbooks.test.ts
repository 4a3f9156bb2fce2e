import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageOf } from '#cli/command-line.ts';
import { commands } from '#cli/commands.ts';
import { parseOptions } from '#cli/options.ts';
import { documents } from './support/document-blocks.ts';

const root = join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The words of each command line, up to where the shell takes over; a variable represents an id. */
const commandLines = (text: string): string[][] =>
  [...text.matchAll(/bin\/widget-gate\.js ([^`\n)]*)/g)].map(([, line = '']) => {
    const words = line.match(/"[^"]*"|'[^']*'|[^\s]+/g) ?? [];
    const end = words.findIndex((word) => /^(\||>|<|&|;|#|\\)/.test(word));
    return words.slice(0, end === -1 ? words.length : end).map((word) => word.replace(/^["']|["']$/g, ''));
  });

const named = documents.flatMap((file) =>
  commandLines(textOf(file)).flatMap((words): [string, string[]][] => (words.length === 0 ? [] : [[file, words]])),
);

test.each(named.map(([file, words]): [string, string, string[]] => [file, words.join(' '), words]))(
  '%s: widget-gate %s is a command that takes this',
  (_file, _line, words) => {
    const [noun, verb] = words;
    const command = commands.find((one) => one.words === noun || one.words === `${noun} ${verb}`);
    if (command === undefined) throw new Error(`there is no command ${words.join(' ')}`);
    const { operands } = parseOptions(words.slice(command.words.split(' ').length), command.options);
    const takesMore = command.operands.at(-1)?.endsWith('…') === true;
    const isTaken = takesMore
      ? operands.length >= command.operands.length
      : operands.length === command.operands.length;
    // A bare mention names a command without its operands.
    expect([usageOf(command), operands.length, operands.length === 0 || isTaken]).toEqual([
      usageOf(command),
      operands.length,
      true,
    ]);
  },
);

test('many commands are named, so that the test above looks at something', () => {
  expect(named.filter(([file]) => file === 'docs/runbooks.md').length).toBeGreaterThan(25);
});

describe('a runbook', () => {
  const [, ...runbooks] = textOf('docs/runbooks.md').split(/^## /m);

  test('is there for each of these', () => {
    expect(runbooks.map((text) => text.split('\n')[0])).toEqual([
      'First deploy',
      'Add an administrator',
      'Leaked shop key',
      'Leaked service key',
      'Ring compromise',
      'Restore from a backup',
      'The upstream fails (502)',
      'An upstream hangs',
      'Region loss',
      'Upgrade',
      'Uninstall',
    ]);
  });

  test.each(runbooks.map((text): [string, string] => [text.split('\n')[0] ?? '', text]))(
    '%s says when, how to verify, how to undo, and what was tried where',
    (_title, text) => {
      // A leaked key is handled in the gate alone.
      const needed = ['**When**', '**Verify**', '**Undo**', '[local]', ...(text.startsWith('Leaked') ? [] : ['[AWS]'])];
      expect(needed.filter((part) => !text.includes(part))).toEqual([]);
    },
  );
});

test("no document asks for a stack's resources by the call that returns only the first hundred", () => {
  for (const file of documents) expect([file, /describe-stack-resources/.test(textOf(file))]).toEqual([file, false]);
});

test('the uninstall section removes the protection of every stack', () => {
  const text = textOf('docs/runbooks.md');
  const stacks = /^export .*$/m.exec(text.slice(text.indexOf('export DATA=')))?.[0].match(/[A-Z]+(?==)/g);
  expect(stacks).toEqual(['DATA', 'API', 'OPERATIONS', 'WEB']);
  const [, unprotected] = /for STACK in (.+); do\n +aws cloudformation update-termination-protection/.exec(text) ?? [];
  expect(unprotected?.match(/[A-Z]+/g)?.sort()).toEqual(stacks?.sort());
});

test('the page on upgrades has a row for the release of package.json', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  expect(textOf('docs/upgrading.md')).toContain(`\n| ${version} |`);
});
