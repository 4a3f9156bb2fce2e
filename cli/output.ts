import { once } from 'node:events';
import { exitCodes } from './failure.ts';
import { visible, visibleJson, visibleLines } from './visible.ts';

/** Where the command line prints; nothing else writes to a terminal. Unsafe characters of what is printed are made visible. */
export interface Output {
  /** Whether a program reads stdout. */
  readonly isPiped: boolean;
  /** Lines on stdout; done when there is room for the next. */
  text(lines: string): Promise<void>;
  /** One JSON object in a line on stdout. */
  json(value: object): Promise<void>;
  /** One line on stderr. */
  error(line: string): void;
  /** Replaces the last progress shown, where a person watches a program read; without a text ends it. */
  progress(text?: string): void;
}

/** The output of this process. */
export function processOutput({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'> = process): Output {
  // A reader such as "head" may have enough.
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
