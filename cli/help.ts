import type { Command } from './command.ts';
import { commands } from './commands.ts';

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

/** What to type for a command, without the options that all have. */
export const usageOf = ({ words, operands, usage = '' }: Command): string =>
  [words, ...operands, usage].filter((part) => part !== '').join(' ');

const entry = (command: Command): string => `  ${usageOf(command)}\n      ${command.summary}`;
