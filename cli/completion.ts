import type { Command } from './command.ts';
import { type Place, scripts } from './completion-scripts.ts';
import { wrongUsage } from './failure.ts';
import { commonOptions } from './options.ts';

const typed = (names: readonly string[]): string[] => names.map((name) => `--${name}`);
/** Every place, the more particular ones first. */
function placesOf(commands: readonly Command[]): Place[] {
  const longestFirst = commands.toSorted((a, b) => b.words.split(' ').length - a.words.split(' ').length);
  const nouns = [...new Set(commands.map(({ words }) => words.split(' ')[0] as string))];
  const verbsOf = (noun: string): string[] =>
    commands.flatMap(({ words }) => (words.startsWith(`${noun} `) ? [words.slice(noun.length + 1)] : []));
  return [
    ...longestFirst.flatMap(placesAfter),
    ...nouns.map((noun) => ({ count: 1, line: `${noun} `, candidates: verbsOf(noun) })),
    { count: 1, line: 'help ', candidates: nouns },
    { count: 0, line: '', candidates: [...nouns, 'help', ...typed(commonOptions)] },
  ];
}

/** An operand that is one of a few words is offered where it stands; options anywhere. */
function placesAfter({ words, operands, options }: Command): Place[] {
  const candidates = typed([...options, ...commonOptions]);
  const line = `${words} `;
  const choices = operands.map((operand) => (operand.includes('|') ? operand.replace(/[<>]/g, '').split('|') : []));
  const particular = choices.flatMap((choice, at) =>
    choice.length === 0 ? [] : [{ count: words.split(' ').length + at, line, candidates: [...choice, ...candidates] }],
  );
  return [...particular, { line, candidates }];
}

/** `completion`, for the commands that there are when it runs. */
export const completion = (commands: () => readonly Command[]): Command => ({
  words: 'completion',
  operands: [[...scripts.keys()].join('|')],
  options: [],
  summary: 'print a script that completes commands and options: source <(bin/widget-gate.js completion bash)',
  async run({ operands: [shell] }) {
    const script = scripts.get(shell);
    if (script === undefined) throw wrongUsage(`"completion" is for one of ${[...scripts.keys()].join(', ')}.`);
    const text = script(placesOf(commands()));
    return { json: { ok: true, script: text }, text };
  },
});
