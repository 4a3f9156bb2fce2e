import { allOptions } from './options.ts';

/** What may come next after `count` words that are `line`, each with a blank behind it; without a count, after any number that begin so. */
export interface Place {
  readonly count?: number;
  readonly line: string;
  readonly candidates: readonly string[];
}

const withValue = Object.keys(allOptions)
  .filter((name) => allOptions[name as 'url'].type === 'string')
  .map((name) => `--${name}`);

/** A function for bash and zsh that prints what may come after its arguments. */
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

/** By shell, the script that completes what stands at these places. */
export const scripts: ReadonlyMap<string, (places: readonly Place[]) => string> = new Map<
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
