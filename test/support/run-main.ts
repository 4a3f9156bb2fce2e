import { PassThrough, Readable } from 'node:stream';
import { main } from '#cli/main.ts';
import { processOutput } from '#cli/output.ts';
import type { CliInput, CliRun } from './run-cli.ts';

export interface MainInput extends CliInput {
  /** Whether a person looks at stdout. Default false. */
  readonly isTerminal?: boolean;
}

let last: Promise<unknown> = Promise.resolve();

/** Runs a command line in this process, which a process of its own for each would make slow; one after the other. */
export function runMain(args: readonly string[], input: MainInput = {}): Promise<CliRun> {
  const run = last.then(() => runNow(args, input));
  last = run.catch(() => undefined);
  return run;
}

async function runNow(
  args: readonly string[],
  { stdin = '', env = {}, isTerminal = false }: MainInput,
): Promise<CliRun> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = [stdout, stderr].map((stream) => Object.assign(stream, { isTTY: isTerminal })) as never[];
  const [before, input] = [process.env, Object.getOwnPropertyDescriptor(process, 'stdin') as PropertyDescriptor];
  // Nobody's own AWS profiles and sessions.
  process.env = { PATH: before.PATH, HOME: '/nonexistent', ...env };
  Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from(stdin === '' ? [] : [stdin]) });
  try {
    const code = await main(args, processOutput({ stdout: streams[0] as never, stderr: streams[1] as never }));
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    process.env = before;
    Object.defineProperty(process, 'stdin', input);
  }
}

const text = (stream: PassThrough): string => String(stream.read() ?? '');
