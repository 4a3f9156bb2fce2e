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
  /** Of the load it came from. */
  readonly order: number;
  readonly loadedAt: number;
  readonly staleUntil: number;
  freshUntil: number;
  /** When a load last failed for it. */
  failedAt: number;
  usedSinceLastSweep: boolean;
}

interface Load<Value> {
  readonly startedAt: number;
  readonly value: Promise<Value>;
}

/** While the store fails, a stale entry answers this long before the store is asked again. */
const FAILED_LOAD_PAUSE_MILLISECONDS = 1_000;
/** A store that was seen failing so lately is taken to fail still. */
const FAILING_MILLISECONDS = 10_000;
/** How long a caller waits for a load where an entry can answer: the store's usual time, but too short for a queue to build up behind it. */
const PATIENCE_MILLISECONDS = 10;
/** Up to this age an entry may answer before its load does, without knowing that the store fails: half of the published bound. */
const IMPATIENT_AGE_MILLISECONDS = (limits.revocationBoundSeconds * 1_000) / 2;
/** A load that takes longer was frozen together with its container, and tells of a time long past. */
const LOAD_MILLISECONDS = limits.storeTotalMilliseconds + 500;

/**
 * Records kept in a function's memory: bounded, one load at a time per key, jittered ends so that a fleet does not reload together.
 * A full cache drops what was not used since it was last looked at (second chance), so a flood of unknown keys can't push out live ones.
 * A slow store holds no caller up while a record can answer: whoever waits keeps a container from others, and new containers know nothing.
 */
export class RecordCache<Value> {
  readonly #options: RecordCacheOptions<Value>;
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #loads = new Map<string, Load<Value>>();
  #loadsBegun = 0;
  /** The first load whose value is kept. */
  #keptFrom = 0;

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
    const loaded = this.#loadOnce(key, now);
    return entry !== undefined && mayStandIn(entry, now) ? firstOf(loaded, entry.value) : loaded;
  }

  /** Has the next `get` read the store: for who has just changed the record. */
  forget(key: string): void {
    this.#entries.delete(key);
    this.#loads.delete(key);
    // A load under way tells of the time before, of whatever key it is.
    this.#keptFrom = this.#loadsBegun + 1;
  }

  /** How many records are held. */
  get size(): number {
    return this.#entries.size;
  }

  #loadOnce(key: string, now: number): Promise<Value> {
    const underWay = this.#loads.get(key);
    if (underWay !== undefined && Math.abs(now - underWay.startedAt) < LOAD_MILLISECONDS) return underWay.value;
    const load: Load<Value> = {
      startedAt: now,
      value: this.#load(key, now).finally(() => {
        if (this.#loads.get(key) === load) this.#loads.delete(key);
      }),
    };
    this.#loads.set(key, load);
    return load.value;
  }

  /** Ages count from before the read, so that a slow answer is not taken for a fresh one. */
  async #load(key: string, startedAt: number): Promise<Value> {
    this.#loadsBegun += 1;
    const order = this.#loadsBegun;
    try {
      const value = await this.#options.load(key);
      this.#keep(key, value, startedAt, order);
      return value;
    } catch (error) {
      const stale = this.#entries.get(key);
      const now = this.#options.now();
      if (stale === undefined || now >= stale.staleUntil || now < stale.loadedAt) throw error;
      stale.failedAt = now;
      stale.freshUntil = Math.min(now + FAILED_LOAD_PAUSE_MILLISECONDS, stale.staleUntil);
      return stale.value;
    }
  }

  #keep(key: string, value: Value, startedAt: number, order: number): void {
    // Of two loads the one that began later tells, whichever ends later.
    if (order < this.#keptFrom || (this.#entries.get(key)?.order ?? 0) > order) return;
    const jitter = 1 + limits.cacheJitterRatio * (2 * this.#options.random() - 1);
    this.#entries.delete(key);
    this.#entries.set(key, {
      value,
      order,
      loadedAt: startedAt,
      freshUntil: startedAt + this.#options.freshSeconds(value) * 1_000 * jitter,
      staleUntil: startedAt + this.#options.staleSeconds(value) * 1_000,
      failedAt: Number.NEGATIVE_INFINITY,
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

/** Whether an entry may answer although its load has not: it is young enough for the bound, or the store is known to fail. */
const mayStandIn = (entry: Entry<unknown>, now: number): boolean =>
  now >= entry.loadedAt &&
  now < entry.staleUntil &&
  (now - entry.loadedAt < IMPATIENT_AGE_MILLISECONDS || now - entry.failedAt < FAILING_MILLISECONDS);

/** What is loaded within a moment, else the value at hand; the load goes on. */
function firstOf<Value>(loaded: Promise<Value>, atHand: Value): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PATIENCE_MILLISECONDS, atHand);
    loaded.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
