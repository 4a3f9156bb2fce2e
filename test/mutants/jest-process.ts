import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export interface TestRun {
  readonly result: 'passed' | 'failed' | 'timed-out';
  /** The first test that failed. */
  readonly failed: string;
  readonly milliseconds: number;
}

/** Runs files of tests one at a time in a checkout. What hangs is ended with everything that it started. */
export class JestProcess {
  readonly #root: string;
  #child: ChildProcess | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  async run(test: string, timeoutMilliseconds: number): Promise<TestRun> {
    const started = performance.now();
    const child = this.#child ?? this.#start();
    const answer = await new Promise<{ passed: boolean; failed: string; isLast: boolean } | 'timed-out' | 'ended'>(
      (resolve) => {
        const timer = setTimeout(() => resolve('timed-out'), timeoutMilliseconds);
        const settle = (value: { passed: boolean; failed: string; isLast: boolean } | 'ended'): void => {
          clearTimeout(timer);
          resolve(value);
        };
        child.removeAllListeners('message').removeAllListeners('exit');
        child.once('message', settle as (value: unknown) => void).once('exit', () => settle('ended'));
        child.send(join(this.#root, test));
      },
    );
    const milliseconds = Math.round(performance.now() - started);
    if (answer === 'timed-out' || answer === 'ended' || answer.isLast) this.close();
    if (answer === 'timed-out') return { result: 'timed-out', failed: '', milliseconds };
    if (answer === 'ended') return { result: 'failed', failed: 'the process of the tests ended', milliseconds };
    return { result: answer.passed ? 'passed' : 'failed', failed: answer.failed, milliseconds };
  }

  /** Ends the process and whatever it started. */
  close(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.removeAllListeners();
    if (child?.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }

  #start(): ChildProcess {
    const child = fork(join(import.meta.dirname, 'jest-child.ts'), {
      cwd: this.#root,
      // A group of its own, so that all of it can be ended.
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, CI: '', FORCE_COLOR: '0', NODE_NO_WARNINGS: '1' },
    });
    this.#child = child;
    return child;
  }
}
