import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliInput {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `widget-gate` as a shell would, with an empty stdin by default. */
export function runCli(args: readonly string[], { stdin = '', env = {} }: CliInput = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/widget-gate.js'), ...args], {
    // Nobody's own AWS profiles and sessions.
    env: { PATH: process.env.PATH, HOME: '/nonexistent', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  // A command that needs no stdin ends without reading it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
