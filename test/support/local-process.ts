import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** The first line that `npm start -- --json` prints. */
export interface Announcement {
  readonly ready: true;
  readonly baseUrl: string;
  readonly demoUrl: string;
  readonly adminUrl?: string;
  readonly shop: { readonly shopId: string; readonly url: string; readonly apiKey: string };
  readonly analytics: { readonly keyId: string; readonly allowedOrigins: readonly string[]; readonly apiKey: string };
  readonly dataRouter: { readonly keyId: string; readonly apiKey: string };
  readonly admin: AnnouncedUser & { readonly group: string };
  readonly outsider: AnnouncedUser;
}

/** An IAM user of the local gate. */
export interface AnnouncedUser {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface LocalProcess {
  readonly announcement: Announcement;
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal by pid and does not wait: one that stops or goes on. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal by pid and waits for the end; the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

function run(args: readonly string[]): {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  ended: Promise<number | NodeJS.Signals | null>;
} {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/local.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Starts the local host as `npm start` does and waits until it announces itself. */
export async function startLocal(...args: string[]): Promise<LocalProcess> {
  const { child, stdout, stderr, ended } = run(['--json', '--port', '0', ...args]);
  const announced = new Promise<void>((resolve) =>
    child.stdout?.on('data', () => stdout().includes('\n') && resolve()),
  );
  const over = await Promise.race([announced.then(() => false), ended.then(() => true)]);
  if (over) throw new Error(`the local host ended: ${stderr()}`);
  return {
    announcement: JSON.parse(stdout().split('\n')[0] as string) as Announcement,
    pid: child.pid as number,
    stdout,
    stderr,
    signal: (signal) => void child.kill(signal),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs the local host where it should refuse to start. */
export async function refusedLocal(
  ...args: string[]
): Promise<{ code: number | NodeJS.Signals | null; stderr: string }> {
  const { ended, stderr } = run(args);
  return { code: await ended, stderr: stderr() };
}
