import { limits } from '../contract/limits.ts';
import type { Clock, Random } from '../ports.ts';

export interface RecordCacheOptions<Value> {
  readonly load: (key: string) => Promise<Value>;
  /** How long a loaded value answers without a look at the store, before jitter. */
  readonly freshSeconds: (value: Value) => number;
  /** How long after loading a value may still answer while the store fails; 0 for values that must never outlive it. */
  readonly staleSeconds: (value: Value) => number;
  readonly maxEntries: number;
  readonly now: Clock;
  readonly random: Random;
}

interface Entry<Value> {
  readonly value: Value;
  readonly loadedAt: number;
  readonly staleUntil: number;
  freshUntil: number;
  usedSinceLastSweep: boolean;
}

/** While the store fails, a stale entry answers this long before the store is asked again: every caller else would wait for the time-out. */
const FAILED_LOAD_PAUSE_MILLISECONDS = 1_000;

/**
 * Records kept in a function's memory: bounded, one load at a time per key, jittered ends so that a fleet does not reload together.
 * A full cache drops what was not used since it was last looked at (second chance), so a flood of unknown keys can't push out live ones.
 */
export class RecordCache<Value> {
  readonly #options: RecordCacheOptions<Value>;
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #loads = new Map<string, Promise<Value>>();

  constructor(options: RecordCacheOptions<Value>) {
    this.#options = options;
  }

  /** The value at once when it is fresh, else a promise of it. Rejects as `load` does when no stale value may stand in. */
  get(key: string): Value | Promise<Value> {
    const entry = this.#entries.get(key);
    const now = this.#options.now();
    // A clock that was set back must not make a record look fresh for longer.
    if (entry !== undefined && now < entry.freshUntil && now >= entry.loadedAt) {
      entry.usedSinceLastSweep = true;
      return entry.value;
    }
    return this.#loads.get(key) ?? this.#startLoad(key);
  }

  /** How many records are held. */
  get size(): number {
    return this.#entries.size;
  }

  #startLoad(key: string): Promise<Value> {
    const load = this.#load(key).finally(() => this.#loads.delete(key));
    this.#loads.set(key, load);
    return load;
  }

  async #load(key: string): Promise<Value> {
    // Ages count from before the read, so that a slow answer is not taken for a fresh one.
    const startedAt = this.#options.now();
    try {
      const value = await this.#options.load(key);
      this.#keep(key, value, startedAt);
      return value;
    } catch (error) {
      const stale = this.#entries.get(key);
      const now = this.#options.now();
      if (stale === undefined || now >= stale.staleUntil || now < stale.loadedAt) throw error;
      stale.freshUntil = Math.min(now + FAILED_LOAD_PAUSE_MILLISECONDS, stale.staleUntil);
      return stale.value;
    }
  }

  #keep(key: string, value: Value, startedAt: number): void {
    const jitter = 1 + limits.cacheJitterRatio * (2 * this.#options.random() - 1);
    this.#entries.delete(key);
    this.#entries.set(key, {
      value,
      loadedAt: startedAt,
      freshUntil: startedAt + this.#options.freshSeconds(value) * 1_000 * jitter,
      staleUntil: startedAt + this.#options.staleSeconds(value) * 1_000,
      usedSinceLastSweep: false,
    });
    if (this.#entries.size > this.#options.maxEntries) this.#dropOne();
  }

  #dropOne(): void {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      if (!entry.usedSinceLastSweep) return;
      entry.usedSinceLastSweep = false;
      this.#entries.set(key, entry);
    }
  }
}
