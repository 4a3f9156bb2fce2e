import { parseArgs } from 'node:util';
import type { Command, Report } from './command.ts';
import { commands, nouns } from './commands.ts';
import { type CliFailure, wrongUsage } from './failure.ts';
import { version } from './home.ts';
import { allOptions, nearest, unknownOption } from './options.ts';

const HEAD = `widget-gate <command> [options]        in a checkout: bin/widget-gate.js <command> [options]
  --url URL              the gate: its stack's output ApiUrl; else WIDGET_GATE_URL, else the local gate
  --data-dir DIR         the folder of the running local gate (default .widget-gate)
  --json                 print one JSON object on stdout, for refusals too
  --expected-version N   on a change of a shop: only if this is its version
  --help, -h             print this; after a noun, only its commands; also "help" and "help <noun>"
  --version, -V          print the version`;

/** The help on every command, or on those that begin with these words. */
export function helpOn(beginning?: string): string {
  const chosen = commands.filter(({ words }) => beginning === undefined || `${words} `.startsWith(`${beginning} `));
  return `${HEAD}\n\n${chosen.map(entry).join('\n')}`;
}

/** The usage line of a command, without the options that all commands have. */
export const usageOf = ({ words, operands, usage = '' }: Command): string =>
  [words, ...operands, usage].filter((part) => part !== '').join(' ');

const entry = (command: Command): string => `  ${usageOf(command)}\n      ${command.summary}`;

/** A command and its arguments; or the response to a question about the command line itself. */
export type CommandLine = { readonly command: Command; readonly rest: readonly string[] } | { readonly report: Report };

/** Finds the command; options may precede its words. Throws `CliFailure`. */
export function commandLine(args: readonly string[]): CommandLine {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: allOptions,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const positionals = tokens.filter((token) => token.kind === 'positional');
  const [first, second] = positionals.map(({ value }) => value);
  if (first === 'help' || values.help === true)
    return { report: help(first === 'help' ? positionals.slice(1) : positionals) };
  if (values.version === true) return { report: versionReport() };
  const command = commands.find(({ words }) => words === first || words === `${first} ${second}`);
  const option = tokens.find((token) => token.kind === 'option' && !Object.hasOwn(allOptions, token.name));
  if (first === undefined && option?.kind === 'option')
    throw unknownOption(option.rawName, Object.keys(allOptions), '<command>');
  if (command === undefined) throw unknownCommand(first, second);
  const used = positionals.slice(0, command.words.split(' ').length).map(({ index }) => index);
  return { command, rest: args.filter((_, at) => !used.includes(at)) };
}

function help(words: readonly { readonly value: string }[]): Report {
  const [first, second] = words.map(({ value }) => value);
  const both = `${first} ${second}`;
  const text = helpOn(
    commands.some(({ words: known }) => known === both) ? both : nouns.find((noun) => noun === first),
  );
  return { json: { ok: true, help: text }, text };
}

function versionReport(): Report {
  const own = version();
  return { json: { ok: true, version: own }, text: `widget-gate ${own}`, bare: own };
}

function unknownCommand(first: string | undefined, second: string | undefined): CliFailure {
  if (first === undefined)
    return wrongUsage(`The first word must be one of ${nouns.join(', ')}; see widget-gate --help.`);
  if (!nouns.includes(first)) {
    const meant = commandMeant(first, second);
    const hint = meant === undefined ? `The first word must be one of ${nouns.join(', ')}` : `Did you mean "${meant}"?`;
    return wrongUsage(`Unknown command "${first}". ${hint}${meant === undefined ? '; see widget-gate --help.' : ''}`);
  }
  const verbs = verbsOf(first);
  const meant = second === undefined ? undefined : nearest(second, verbs);
  if (meant !== undefined) return wrongUsage(`Unknown command "${first} ${second}". Did you mean "${first} ${meant}"?`);
  return wrongUsage(`"${first}" must be followed by one of ${verbs.join(', ')}; see widget-gate ${first} --help.`);
}

const verbsOf = (noun: string): string[] =>
  commands.map(({ words }) => words.split(' ')).flatMap(([first, verb = '']) => (first === noun ? [verb] : []));

/** The most likely intended words, even if verb and noun were swapped. */
function commandMeant(first: string, second: string | undefined): string | undefined {
  if (second !== undefined && nouns.includes(second) && verbsOf(second).includes(first)) return `${second} ${first}`;
  const noun = nearest(first, nouns);
  if (noun === undefined) return undefined;
  const verb = second === undefined ? undefined : nearest(second, verbsOf(noun));
  return verb === undefined || verb === '' ? noun : `${noun} ${verb}`;
}
