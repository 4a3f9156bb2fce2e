import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { InvocationRequest, StreamSignal, WorkerMessage, WorkerStart } from './worker-main.ts';

/** Who reads a response while the function writes it. */
export interface ResponseReader {
  /** Resolves when the next chunk may come. */
  take(chunk: Uint8Array): Promise<void> | undefined;
  /** Aborted when nobody reads on. */
  readonly unread: AbortSignal;
}

/**
 * How an invocation ended, as Lambda reports it. The payload of a function that streamed to a reader is an empty text.
 */
export type InvocationResult =
  | { readonly ok: true; readonly payloadJson: string }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

export interface EnvironmentOptions {
  readonly start: WorkerStart;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly log: (text: string) => void;
  /** Called when the environment can take no further call, before the last one is answered. */
  readonly onEnd: () => void;
}

/** Where this process keeps what Node compiled, if it does. The thread forgets it once Node has read it. */
const compileCache = (): Record<string, string> => {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
};

/** What Lambda grants an INIT. */
const INIT_MILLISECONDS = 10_000;

/** One execution environment of a function: a worker thread that runs one invocation at a time under the function's own variables. */
export class ExecutionEnvironment {
  readonly initialized: Promise<void>;
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  #settle: ((result: InvocationResult) => void) | undefined;
  #reader: ResponseReader | undefined;
  /** What a function streamed to nobody. */
  #collected: Uint8Array[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#worker = new Worker(join(import.meta.dirname, 'worker-main.ts'), {
      workerData: options.start,
      env: { ...options.environment, ...compileCache() },
      execArgv: [],
      stdout: true,
      stderr: true,
      // A small nursery: calls leave little behind, and every function has a heap of its own.
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes, maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.stdout.on('data', (chunk: Buffer) => options.log(chunk.toString()));
    this.#worker.stderr.on('data', (chunk: Buffer) => options.log(chunk.toString()));
    this.initialized = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') resolve();
        else if (message.kind === 'init_failed') reject(new Error(`INIT failed: ${message.message}`));
        else if (message.kind === 'chunk') void this.#take(message.chunk);
        else this.#finish(message);
      });
      this.#worker.once('error', (error: Error) => {
        options.log(`${error.stack ?? error.message}\n`);
        reject(error);
      });
      this.#worker.once('exit', () => this.#ended(reject));
      this.#timer = setTimeout(() => reject(new Error(`INIT took over ${INIT_MILLISECONDS} ms`)), INIT_MILLISECONDS);
    });
    this.initialized.then(
      () => clearTimeout(this.#timer),
      () => clearTimeout(this.#timer),
    );
  }

  /** Runs one invocation; the caller waits for its end before the next. A reader gets the response of a function that streams. */
  invoke(requestId: string, eventJson: string, reader?: ResponseReader): Promise<InvocationResult> {
    const milliseconds = this.#options.timeoutSeconds * 1_000;
    this.#reader = reader;
    reader?.unread.addEventListener('abort', this.#stopReading);
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#timer = setTimeout(() => this.#timeOut(), milliseconds);
      const request: InvocationRequest = { requestId, eventJson, timeoutMilliseconds: milliseconds };
      this.#worker.postMessage(request);
      if (reader?.unread.aborted === true) this.#stopReading();
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #take(chunk: Uint8Array): Promise<void> {
    if (this.#reader === undefined) this.#collected.push(chunk);
    else if (!this.#reader.unread.aborted) await this.#reader.take(chunk);
    this.#signal('taken');
  }

  readonly #stopReading = (): void => this.#signal('unread');

  #signal(kind: StreamSignal['kind']): void {
    this.#worker.postMessage({ kind } satisfies StreamSignal);
  }

  #finish(message: Extract<WorkerMessage, { kind: 'result' | 'streamed' | 'error' }>): void {
    if (message.kind === 'result') this.#answer({ ok: true, payloadJson: message.payloadJson });
    else if (message.kind === 'error')
      this.#answer({ ok: false, errorType: message.errorType, errorMessage: message.errorMessage });
    else this.#answer({ ok: true, payloadJson: JSON.stringify(Buffer.concat(this.#collected).toString()) });
  }

  #answer(result: InvocationResult): void {
    clearTimeout(this.#timer);
    this.#reader?.unread.removeEventListener('abort', this.#stopReading);
    this.#reader = undefined;
    this.#collected = [];
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(result);
  }

  #timeOut(): void {
    const errorMessage = `Task timed out after ${this.#options.timeoutSeconds}.00 seconds`;
    // First, so that the pool gives the next in line to another.
    this.#options.onEnd();
    this.#answer({ ok: false, errorType: 'Sandbox.Timedout', errorMessage });
    void this.#worker.terminate();
  }

  #ended(reject: (error: Error) => void): void {
    reject(new Error('the worker ended during INIT'));
    this.#options.onEnd();
    this.#answer({ ok: false, errorType: 'Runtime.ExitError', errorMessage: 'the runtime exited' });
  }
}
