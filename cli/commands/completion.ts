import type { Command } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { allOptions, commonOptions } from '../options.ts';

/**
 * The possible next words after the `count` words in `line`, each followed by a space; without a count, after any
 * number of words that begin this way.
 */
export interface Place {
  readonly count?: number;
  readonly line: string;
  readonly candidates: readonly string[];
}

const withValue = Object.keys(allOptions)
  .filter((name) => allOptions[name as 'url'].type === 'string')
  .map((name) => `--${name}`);

/** A function for bash and zsh that prints the possible next words after its arguments. */
const posixFunction = (places: readonly Place[]): string => `_widget_gate_words() {
  local line='' count=0 skip='' word
  for word in "$@"; do
    if [ -n "$skip" ]; then skip=''; continue; fi
    case $word in
      ${withValue.join('|')}) skip=1 ;;
      -*) ;;
      *) line="$line$word "; count=$((count + 1)) ;;
    esac
  done
  if [ -n "$skip" ]; then return; fi
  case "$count $line" in
${places.map(({ count, line, candidates }) => `    ${count === undefined ? `*' ${line}'*` : `'${count} ${line}'*`}) echo '${candidates.join(' ')}' ;;`).join('\n')}
  esac
}`;

/** By shell, the script that completes the words at these places. */
const scripts: ReadonlyMap<string, (places: readonly Place[]) => string> = new Map<
  string,
  (places: readonly Place[]) => string
>([
  [
    'bash',
    (places) => `${posixFunction(places)}
_widget_gate() {
  local words
  words=$(_widget_gate_words "\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _widget_gate widget-gate widget-gate.js`,
  ],
  [
    'zsh',
    (places) => `#compdef widget-gate widget-gate.js
${posixFunction(places)}
_widget_gate() {
  compadd -- \${=$(_widget_gate_words "\${(@)words[2,CURRENT-1]}")}
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _widget_gate widget-gate widget-gate.js`,
  ],
  [
    'fish',
    (places) => `function __widget_gate_words
  set -l line ''
  set -l count 0
  set -l skip ''
  for word in (commandline -opc)[2..-1]
    if test -n "$skip"
      set skip ''
      continue
    end
    switch $word
      case ${withValue.join(' ')}
        set skip 1
      case '-*'
      case '*'
        set line "$line$word "
        set count (math $count + 1)
    end
  end
  test -n "$skip"; and return
  switch "$count $line"
${places.map(({ count, line, candidates }) => `    case '${count ?? '*'} ${line}*'\n      string split ' ' -- '${candidates.join(' ')}'`).join('\n')}
  end
end
complete -c widget-gate -f -a '(__widget_gate_words)'
complete -c widget-gate.js -f -a '(__widget_gate_words)'`,
  ],
]);

const typed = (names: readonly string[]): string[] => names.map((name) => `--${name}`);

/** Every place, the more specific ones first. */
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

/** An operand with a few possible words is completed at its place; options are completed anywhere. */
function placesAfter({ words, operands, options }: Command): Place[] {
  const candidates = typed([...options, ...commonOptions]);
  const line = `${words} `;
  const choices = operands.map((operand) => (operand.includes('|') ? operand.replace(/[<>]/g, '').split('|') : []));
  const particular = choices.flatMap((choice, at) =>
    choice.length === 0 ? [] : [{ count: words.split(' ').length + at, line, candidates: [...choice, ...candidates] }],
  );
  return [...particular, { line, candidates }];
}

/** `completion`, for the commands that exist when it runs. */
export const completion = (commands: () => readonly Command[]): Command => ({
  words: 'completion',
  operands: [[...scripts.keys()].join('|')],
  options: [],
  summary: 'print a script that completes commands and options: source <(bin/widget-gate.js completion bash)',
  async run({ operands: [shell] }) {
    const script = scripts.get(shell);
    if (script === undefined) throw wrongUsage(`"completion" requires one of ${[...scripts.keys()].join(', ')}.`);
    const text = script(placesOf(commands()));
    return { json: { ok: true, script: text }, text };
  },
});
