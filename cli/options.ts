import { parseArgs } from 'node:util';
import { wrongUsage } from './failure.ts';
import { unknownOption } from './suggest.ts';

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

/** Reads the arguments without a command's words. Throws `CliFailure` on an option that the command does not have. */
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
      throw wrongUsage(`--${name} takes a whole number from ${least} to ${most}.`);
    },
  };
}
