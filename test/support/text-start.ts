import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** `npm start` as a person sees it. */
export interface TextStart {
  readonly stdout: () => string;
  readonly stderr: () => string;
  end(): Promise<void>;
}

/** Starts the local host without --json and waits for the end of its welcome. */
export async function startWithWelcome(...args: string[]): Promise<TextStart> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../bin/local.ts'), '--port', '0', '--demo-port', '0', ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const welcomed = new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('Ctrl-C')) resolve();
    }),
  );
  await Promise.race([welcomed, closed]);
  if (!stdout.includes('Ctrl-C')) throw new Error(`the local host ended: ${stderr}`);
  const end = (): Promise<void> => {
    child.kill('SIGTERM');
    return closed;
  };
  return { stdout: () => stdout, stderr: () => stderr, end };
}
