import { once } from 'node:events';
import { exitCodes } from './failure.ts';

/**
 * Characters that control a terminal, reorder text or are invisible: control and format characters, line separators,
 * lone surrogates, fillers.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A text from another source for one line of a terminal: every unsafe character, including line breaks, becomes an
 * escape such as `\u001b`.
 */
export const visible = (text: string): string => text.replace(UNSAFE, escapeOf);

/** The same for several lines with our own line breaks. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** JSON of the same value, with unsafe characters as JSON escapes. */
export const visibleJson = (value: object): string => visible(JSON.stringify(value));

const escapeOf = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

/** Names of the variables that the documents, `shops create` and `local keys` share. */
export const shellNames = {
  shopId: 'WIDGET_GATE_SHOP_ID',
  shopApiKey: 'WIDGET_GATE_SHOP_API_KEY',
  keyId: 'WIDGET_GATE_KEY_ID',
  analytics: 'WIDGET_GATE_ANALYTICS_API_KEY',
  'data-router': 'WIDGET_GATE_DATA_ROUTER_API_KEY',
  dev: 'WIDGET_GATE_DEV_API_KEY',
} as const;

/** One `export` line to paste or to evaluate, safe for any values, because they may come from elsewhere. */
export const exportLine = (variables: readonly (readonly [name: string, value: string])[]): string =>
  `export ${variables.map(([name, value]) => `${name}=${quote(value)}`).join(' ')}`;

const quote = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${visible(text).replaceAll("'", "'\\''")}'`;

/** The only way to print; nothing else writes to a terminal. Unsafe characters are made visible. */
export interface Output {
  /** Whether a program reads stdout. */
  readonly isPiped: boolean;
  /** Lines on stdout; resolves when there is room for the next. */
  text(lines: string): Promise<void>;
  /** One JSON object in a line on stdout. */
  json(value: object): Promise<void>;
  /** One line on stderr. */
  error(line: string): void;
  /** Replaces the last progress line, if a person watches while a program reads; without a text removes it. */
  progress(text?: string): void;
}

/** The output of this process. */
export function processOutput({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'> = process): Output {
  // A reader such as "head" may stop reading early.
  stdout.on('error', () => process.exit(exitCodes.done));
  const print = async (text: string): Promise<void> => {
    if (!stdout.write(`${text}\n`)) await once(stdout, 'drain');
  };
  const isWatched = stderr.isTTY && !stdout.isTTY;
  return {
    isPiped: !stdout.isTTY,
    text: (lines) => print(visibleLines(lines)),
    json: (value) => print(visibleJson(value)),
    error: (line) => void stderr.write(`${visible(line)}\n`),
    progress: (text) => void (isWatched && stderr.write(text === undefined ? '\n' : `\r${visible(text)}`)),
  };
}
