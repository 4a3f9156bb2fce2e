import { randomUUID } from 'node:crypto';
import type { FunctionResource } from '../model.ts';
import { ExecutionEnvironment, type InvocationResult, type ResponseReader } from './environment-worker.ts';
import type { ClockOffset } from './shifted-clock.ts';

/** Lambda would start an environment for every parallel call; one machine shares a few, and starts one only when a call had to wait. */
export const DEFAULT_MAX_ENVIRONMENTS = 4;
/** A stream keeps its environment for long: those that run leave the others theirs, up to so many times as many in all. */
const MAX_GROWTH_BY_STREAMS = 8;
const WAIT_BEFORE_GROWING_MILLISECONDS = 25;
/** A function that nobody waits for gives its memory back soon; one that was warmed keeps an environment. */
const IDLE_MILLISECONDS = 20_000;

const SHUT_DOWN: InvocationResult = {
  ok: false,
  errorType: 'Runtime.ShutDown',
  errorMessage: 'the functions have been shut down',
};

interface QueuedCall {
  readonly queuedAt: number;
  readonly eventJson: string;
  readonly reader: ResponseReader | undefined;
  readonly settle: (result: InvocationResult) => void;
}

export interface FunctionPoolOptions {
  readonly resource: FunctionResource;
  readonly environment: Readonly<Record<string, string>>;
  readonly clockOffset: ClockOffset;
  readonly maxEnvironments: number;
  readonly log: (text: string) => void;
}

/** The execution environments of one function: calls wait in line, each environment runs one at a time. */
export class FunctionPool {
  readonly #options: FunctionPoolOptions;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #queue: QueuedCall[] = [];
  #initializing = 0;
  /** How many calls with a reader are running. */
  #streams = 0;
  #growTimer: NodeJS.Timeout | undefined;
  #reaper: NodeJS.Timeout | undefined;
  #closed = false;
  /** How many idle environments are never ended. */
  #kept = 0;

  constructor(options: FunctionPoolOptions) {
    this.#options = options;
  }

  invoke(eventJson: string, reader?: ResponseReader): Promise<InvocationResult> {
    if (this.#closed) return Promise.resolve(SHUT_DOWN);
    return new Promise((settle) => {
      this.#queue.push({ queuedAt: performance.now(), eventJson, reader, settle });
      this.#dispatch();
    });
  }

  /** Starts the first environment, waits for its INIT, and from then on keeps one. Throws what INIT threw. */
  async warm(): Promise<void> {
    this.#kept = 1;
    await this.#start().initialized;
  }

  /** Waits for nothing: the caller has let the work in flight finish. What still waits in line fails. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#growTimer);
    clearTimeout(this.#reaper);
    for (const { settle } of this.#queue.splice(0)) settle(SHUT_DOWN);
    await Promise.all([...this.#all].map((environment) => environment.close()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const environment = this.#idle.pop();
      if (environment === undefined) {
        this.#grow();
        return;
      }
      void this.#run(environment, this.#queue.shift() as QueuedCall);
    }
  }

  async #run(environment: ExecutionEnvironment, { eventJson, reader, settle }: QueuedCall): Promise<void> {
    const streams = reader === undefined ? 0 : 1;
    this.#streams += streams;
    const result = await environment.invoke(randomUUID(), eventJson, reader);
    this.#streams -= streams;
    if (this.#all.has(environment)) this.#release(environment);
    settle(result);
  }

  #release(environment: ExecutionEnvironment): void {
    this.#idle.push(environment);
    this.#dispatch();
    if (this.#all.size > this.#kept) this.#reapLater();
  }

  /** Looks again after a while, and starts another environment if the first in line has waited that long. */
  #grow(): void {
    if (this.#all.size === 0) this.#start();
    const { maxEnvironments } = this.#options;
    if (this.#all.size >= Math.min(maxEnvironments + this.#streams, maxEnvironments * MAX_GROWTH_BY_STREAMS)) return;
    this.#growTimer ??= setTimeout(() => {
      this.#growTimer = undefined;
      const first = this.#queue[0];
      if (first === undefined || this.#idle.length > 0) return;
      const waited = performance.now() - first.queuedAt >= WAIT_BEFORE_GROWING_MILLISECONDS;
      if (waited && this.#initializing === 0) this.#start();
      this.#grow();
    }, WAIT_BEFORE_GROWING_MILLISECONDS);
  }

  #start(): ExecutionEnvironment {
    const { resource, environment: variables, clockOffset, log } = this.#options;
    const { assetDirectory, handler, arn, timeoutSeconds, memoryMegabytes } = resource;
    const environment: ExecutionEnvironment = new ExecutionEnvironment({
      start: { assetDirectory, handler, functionArn: arn, clockOffset },
      environment: variables,
      timeoutSeconds,
      memoryMegabytes,
      log,
      onEnd: () => this.#forget(environment),
    });
    this.#all.add(environment);
    this.#initializing += 1;
    environment.initialized
      .finally(() => {
        this.#initializing -= 1;
      })
      .then(
        () => this.#release(environment),
        (error: Error) => this.#failInit(environment, error),
      );
    return environment;
  }

  /** As Lambda does: the calls that waited for this INIT get its error. */
  #failInit(environment: ExecutionEnvironment, error: Error): void {
    this.#options.log(`${this.#options.resource.functionName}: ${error.message}\n`);
    void environment.close();
    if (this.#all.size > 1) return;
    for (const { settle } of this.#queue.splice(0)) {
      settle({ ok: false, errorType: 'Runtime.InitError', errorMessage: error.message });
    }
  }

  #forget(environment: ExecutionEnvironment): void {
    this.#all.delete(environment);
    const at = this.#idle.indexOf(environment);
    if (at >= 0) this.#idle.splice(at, 1);
    if (!this.#closed) this.#dispatch();
  }

  #reapLater(): void {
    clearTimeout(this.#reaper);
    this.#reaper = setTimeout(() => {
      while (this.#idle.length > this.#kept) void this.#idle.shift()?.close();
    }, IDLE_MILLISECONDS).unref();
  }
}
