import { setTimeout } from 'node:timers/promises';
import { callHttp } from '../support/http.ts';
import type { Generated } from './calls.ts';
import type { Observation } from './oracle.ts';
import { anyCall } from './traffic.ts';
import type { World } from './world.ts';

/** Makes one call and notes what its caller saw; a connection that is cut is status 0. */
export async function observe(world: World, { http, call, label }: Generated): Promise<Observation> {
  const begunAt = Date.now();
  const answer = await callHttp(world.access.baseUrl, http).catch((error: NodeJS.ErrnoException) => ({
    status: 0,
    json: { error: error.code ?? error.message },
  }));
  return { call, label, begunAt, endedAt: Date.now(), status: answer.status, json: answer.json };
}

export interface CallerOptions {
  readonly callers?: number;
  readonly pauseMilliseconds?: number;
  /** Default: the whole mix, for every shop. */
  readonly next?: (world: World) => Generated;
}

/** Callers that go on until they are stopped. */
export class Callers {
  readonly observations: Observation[] = [];
  readonly #world: World;
  readonly #running: Promise<void>[];
  #stopped = false;

  constructor(world: World, { callers = 4, pauseMilliseconds = 8, next = anyCall }: CallerOptions = {}) {
    this.#world = world;
    this.#running = Array.from({ length: callers }, () => this.#call(next, pauseMilliseconds));
  }

  async #call(next: (world: World) => Generated, pauseMilliseconds: number): Promise<void> {
    while (!this.#stopped) {
      this.observations.push(await observe(this.#world, next(this.#world)));
      await setTimeout(pauseMilliseconds);
    }
  }

  /** Lets the calls under way end; all that was observed. */
  async stop(): Promise<Observation[]> {
    this.#stopped = true;
    await Promise.all(this.#running);
    return this.observations;
  }
}

/** Calls for so long; all that was observed. */
export async function callFor(world: World, milliseconds: number, options?: CallerOptions): Promise<Observation[]> {
  const callers = new Callers(world, options);
  await setTimeout(milliseconds);
  return callers.stop();
}

/** Makes the given calls, `parallel` at a time. */
export async function callAll(world: World, calls: Iterable<Generated>, parallel: number): Promise<Observation[]> {
  const observations: Observation[] = [];
  const queue = calls[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) observations.push(await observe(world, next.value));
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return observations;
}
