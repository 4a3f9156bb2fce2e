import { parseArgs } from 'node:util';
import { type CliFailure, wrongUsage } from './failure.ts';

/** The candidate that a mistyped word most likely means; undefined if none is similar. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const allowed = word.length <= 3 ? 1 : word.length <= 8 ? 2 : 3;
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(word, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? candidates.find((candidate) => word.length >= 3 && candidate.startsWith(word));
}

/** An option that a command does not have. */
export function unknownOption(given: string, known: readonly string[], words: string): CliFailure {
  const meant = nearest(given.replace(/^-+/, ''), known);
  return wrongUsage(
    `Unknown option '${given}': ${meant ? `did you mean --${meant}?` : `see widget-gate ${words} --help.`}`,
  );
}

/** Edits between two words: insertions, deletions, replacements, and swaps of neighbors. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = cell(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwap ? cell(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[row]?.push(Math.min(replaced, swapped, cell(row - 1, column) + 1, cell(row, column - 1) + 1));
    }
  }
  return cell(a.length, b.length);
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const everywhere = {
  url: text,
  'data-dir': text,
  json: flag,
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

const particular = {
  exact: flag,
  origin: { type: 'string', multiple: true },
  'app-origins': flag,
  'require-origin': flag,
  name: text,
  'move-origins': flag,
  limit: text,
  cursor: text,
  all: flag,
  overlap: text,
  'max-ttl': text,
  app: { type: 'string', multiple: true },
  force: flag,
  'expected-version': text,
  user: text,
  profile: text,
  browser: flag,
  console: text,
  shop: text,
  actor: text,
  action: text,
  code: text,
  'request-id': text,
  from: text,
  to: text,
  once: flag,
  calls: text,
  issues: text,
  logins: text,
  shops: text,
  stage: text,
  upstream: text,
  path: text,
} as const;

export type OptionName = keyof typeof particular;

type TextName = OptionName | 'data-dir' | 'url';

/** The options of a command line, read by name. */
export interface Options {
  flag(name: OptionName | 'json'): boolean;
  text(name: TextName): string | undefined;
  /** An option that may be given more than once. */
  texts(name: OptionName): readonly string[];
  /** A whole number of a range, both ends included. Throws `CliFailure`. */
  number(name: OptionName, least: number, most: number): number | undefined;
}

/** Every option that any command has. */
export const allOptions = { ...everywhere, ...particular };

/** The names of the options that every command has. */
export const commonOptions = Object.keys(everywhere);

/** Parses the arguments without a command's words. Throws `CliFailure` on an option that the command does not have. */
export function parseOptions(
  args: readonly string[],
  names: readonly OptionName[],
  words = '',
): { readonly operands: readonly string[]; readonly options: Options } {
  const own = { ...everywhere, ...Object.fromEntries(names.map((name) => [name, particular[name]])) };
  try {
    const parsed = parseArgs({ args: [...args], options: own, allowPositionals: true });
    return { operands: parsed.positionals, options: optionsOf(parsed.values) };
  } catch (error) {
    const [, unknown] = /^Unknown option '(--?[^']*)'/.exec((error as Error).message) ?? [];
    if (unknown === undefined) throw wrongUsage((error as Error).message);
    throw unknownOption(unknown, Object.keys(own), words);
  }
}

function optionsOf(values: Readonly<Record<string, unknown>>): Options {
  const textOf = (name: TextName): string | undefined => values[name] as string | undefined;
  return {
    flag: (name) => values[name] === true,
    text: textOf,
    texts: (name) => (values[name] as string[] | undefined) ?? [],
    number(name, least, most) {
      const given = textOf(name);
      if (given === undefined) return undefined;
      const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
      if (value >= least && value <= most) return value;
      throw wrongUsage(`--${name} must be a whole number from ${least} to ${most}.`);
    },
  };
}
