import { limits } from '#contract/limits.ts';
import type { Clock, Random } from './stored.ts';

export interface RecordCacheOptions<Value> {
  readonly load: (key: string) => Promise<Value>;
  /** How long a loaded value is used without reading the store, before jitter. */
  readonly freshSeconds: (value: Value) => number;
  /** How long after loading a value may still be used while the store fails; 0 for values that must never be used longer. */
  readonly staleSeconds: (value: Value) => number;
  readonly maxEntries: number;
  readonly now: Clock;
  readonly random: Random;
}

/** Why a decision reads records, and which ones it got. One object for each pass of a decision. */
export interface RecordReading {
  /**
   * `decide`: as they are in memory; an expired one may be used while the store is known to fail. `refuse`: as they are in the store now,
   * or were when they were last loaded for a refusal, at most `limits.refusalRecordMilliseconds` ago. `refuse-unknown`: from a load that
   * begins from now on, for a credential that the records do not contain: it may be newer than any load so far.
   */
  readonly purpose: 'decide' | 'refuse' | 'refuse-unknown';
  /** The age of the oldest record that was already in memory or being loaded; -1: none was. */
  ageMilliseconds: number;
  usedStandIn: boolean;
  /** Whether the caller proved to have a credential that a record does not contain. */
  foundUnknown: boolean;
}

interface Entry<Value> {
  readonly value: Value;
  /** The start of the load it came from. */
  readonly order: number;
  readonly loadedAt: number;
  readonly freshUntil: number;
  readonly staleUntil: number;
  readonly loadedToRefuse: boolean;
  /** How long before its end it is loaded again while it is in use. */
  readonly aheadMilliseconds: number;
  /** When its load last failed. */
  failedAt: number;
  /** When its last load for an unknown credential began. */
  loadedForUnknownAt: number;
  usedSinceLastSweep: boolean;
}

interface Load<Value> {
  readonly startedAt: number;
  readonly toRefuse: boolean;
  readonly value: Promise<Value>;
}

/** After a failed load no other begins for this long while an expired record can be used. */
const PAUSE_MILLISECONDS = 1_000;

/** A store that failed this recently is known to fail: the pause, plus the time that the next load may take. */
const FAILING_MILLISECONDS = PAUSE_MILLISECONDS + 2 * limits.storeTotalMilliseconds;

/**
 * A record in use is loaded again before its end, by this multiple of the duration of its last load, so that no caller waits for a slow
 * store.
 */
const LOADS_AHEAD = 2;

/** A load that takes longer was frozen together with its container and returns outdated data. */
const LOAD_MILLISECONDS = limits.storeTotalMilliseconds + 500;

/**
 * Records kept in a function's memory: bounded, one load at a time per key, with jittered ends so that containers do not reload together. A
 * full cache drops records that were not used since they were last examined (second chance), so a flood of unknown keys cannot displace
 * live ones. An expired record is used only for decisions that may allow a call, and only while the store is known to fail: a slow but
 * healthy store is waited for. Source: contract §4.3.
 */
export class RecordCache<Value> {
  readonly #options: RecordCacheOptions<Value>;
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #loads = new Map<string, Load<Value>>();
  /** Loads that have not begun yet. */
  readonly #awaited = new Map<string, Promise<Value>>();
  #loadsBegun = 0;
  /** The first load whose value is kept. */
  #keptFrom = 0;

  constructor(options: RecordCacheOptions<Value>) {
    this.#options = options;
  }

  /**
   * The value at once when it is in memory, otherwise a promise of it, which rejects as `load` does. Without a `reading` no expired record
   * is returned.
   */
  get(key: string, reading?: RecordReading): Value | Promise<Value> {
    const now = this.#options.now();
    const entry = this.#entries.get(key);
    // A clock that was set back must not make a record look younger.
    if (entry === undefined || now < entry.loadedAt) return this.#wait(key, now, reading);
    const age = now - entry.loadedAt;
    if (now < entry.freshUntil && serves(entry, age, reading)) {
      entry.usedSinceLastSweep = true;
      if (now >= entry.freshUntil - entry.aheadMilliseconds) this.#refresh(key, entry, now);
      if (reading !== undefined) noteAge(reading, age);
      return entry.value;
    }
    const isKnownToFail = now - entry.failedAt < FAILING_MILLISECONDS && now < entry.staleUntil;
    if (reading?.purpose !== 'decide' || !isKnownToFail) return this.#wait(key, now, reading);
    this.#refresh(key, entry, now);
    return standIn(entry, reading);
  }

  /** Makes the next `get` read the store: for callers that have just changed the record. */
  forget(key: string): void {
    this.#entries.delete(key);
    this.#loads.delete(key);
    // A load in progress reads the time before, whatever its key is.
    this.#keptFrom = this.#loadsBegun + 1;
  }

  /** The number of stored records. */
  get size(): number {
    return this.#entries.size;
  }

  async #wait(key: string, now: number, reading: RecordReading | undefined): Promise<Value> {
    try {
      if (reading?.purpose === 'refuse-unknown') return await this.#loadForUnknown(key, now);
      return await this.#loadOnce(key, now, reading);
    } catch (error) {
      const entry = this.#entries.get(key);
      const failedAt = this.#options.now();
      const maySubstitute =
        reading?.purpose === 'decide' &&
        entry !== undefined &&
        failedAt >= entry.loadedAt &&
        failedAt < entry.staleUntil;
      if (!maySubstitute) throw error;
      return standIn(entry, reading);
    }
  }

  /** Loads without a waiting caller; the load itself records a failure. */
  #refresh(key: string, { failedAt }: Entry<Value>, now: number): void {
    if (now - failedAt >= PAUSE_MILLISECONDS) this.#loadOnce(key, now).catch(() => undefined);
  }

  /** A refusal joins no load that began for another purpose, since that load may be from before a change. */
  #loadOnce(key: string, now: number, reading?: RecordReading): Promise<Value> {
    const toRefuse = reading?.purpose === 'refuse';
    const underWay = this.#loads.get(key);
    const isJoined = underWay !== undefined && Math.abs(now - underWay.startedAt) < LOAD_MILLISECONDS;
    if (!isJoined || (toRefuse && !underWay.toRefuse)) return this.#begin(key, now, toRefuse);
    if (reading !== undefined) noteAge(reading, Math.max(0, now - underWay.startedAt));
    return underWay.value;
  }

  /**
   * Joins no load that has begun, since the credential may be newer. Anyone can cause such loads with invented credentials, so those of one
   * record are spaced out; callers wait for the next one together.
   */
  #loadForUnknown(key: string, now: number): Promise<Value> {
    const awaited = this.#awaited.get(key);
    if (awaited !== undefined) return awaited;
    const spacing = limits.unknownCredentialReadMilliseconds;
    const sinceLast = now - (this.#entries.get(key)?.loadedForUnknownAt ?? Number.NEGATIVE_INFINITY);
    if (sinceLast < 0 || sinceLast >= spacing) return this.#begin(key, now, true, true);
    const next = new Promise((resolve) => setTimeout(resolve, spacing - sinceLast)).then(() => {
      this.#awaited.delete(key);
      return this.#begin(key, this.#options.now(), true, true);
    });
    this.#awaited.set(key, next);
    return next;
  }

  #begin(key: string, now: number, toRefuse: boolean, forUnknown = false): Promise<Value> {
    const entry = this.#entries.get(key);
    if (forUnknown && entry !== undefined) entry.loadedForUnknownAt = now;
    const load: Load<Value> = {
      startedAt: now,
      toRefuse,
      value: this.#load(key, now, toRefuse).finally(() => {
        if (this.#loads.get(key) === load) this.#loads.delete(key);
      }),
    };
    this.#loads.set(key, load);
    return load.value;
  }

  /** Ages count from before the read, so that a slow response is not considered fresh. */
  async #load(key: string, startedAt: number, toRefuse: boolean): Promise<Value> {
    this.#loadsBegun += 1;
    const order = this.#loadsBegun;
    try {
      const value = await this.#options.load(key);
      this.#keep(key, value, { startedAt, order, toRefuse });
      return value;
    } catch (error) {
      const entry = this.#entries.get(key);
      const failedAt = this.#options.now();
      // The time-out of a frozen load says nothing about the store.
      if (entry !== undefined && failedAt - startedAt < LOAD_MILLISECONDS) entry.failedAt = failedAt;
      throw error;
    }
  }

  #keep(
    key: string,
    value: Value,
    { startedAt, order, toRefuse }: { readonly startedAt: number; readonly order: number; readonly toRefuse: boolean },
  ): void {
    // Of two loads, the one that began later is kept, no matter which ends later.
    const before = this.#entries.get(key);
    if (order < this.#keptFrom || (before?.order ?? 0) > order) return;
    const jitter = 1 + limits.cacheJitterRatio * (2 * this.#options.random() - 1);
    this.#entries.delete(key);
    this.#entries.set(key, {
      value,
      order,
      loadedAt: startedAt,
      loadedToRefuse: toRefuse,
      aheadMilliseconds: Math.min(LOADS_AHEAD * (this.#options.now() - startedAt), limits.storeTotalMilliseconds),
      freshUntil: startedAt + this.#options.freshSeconds(value) * 1_000 * jitter,
      staleUntil: startedAt + this.#options.staleSeconds(value) * 1_000,
      failedAt: Number.NEGATIVE_INFINITY,
      loadedForUnknownAt: before?.loadedForUnknownAt ?? Number.NEGATIVE_INFINITY,
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

function serves(entry: Entry<unknown>, age: number, reading: RecordReading | undefined): boolean {
  if (reading?.purpose === 'refuse-unknown') return false;
  return reading?.purpose !== 'refuse' || (entry.loadedToRefuse && age < limits.refusalRecordMilliseconds);
}

function noteAge(reading: RecordReading, age: number): void {
  if (age > reading.ageMilliseconds) reading.ageMilliseconds = age;
}

function standIn<Value>(entry: Entry<Value>, reading: RecordReading): Value {
  entry.usedSinceLastSweep = true;
  reading.usedStandIn = true;
  return entry.value;
}

export const readingTo = (purpose: RecordReading['purpose']): RecordReading => ({
  purpose,
  ageMilliseconds: -1,
  usedStandIn: false,
  foundUnknown: false,
});

export interface RefusalRules<Verdict> {
  readonly refuses: (verdict: Verdict) => boolean;
  /** Whether no change could turn a refusal based on an unexpired record into an allowed call. Default: no. */
  readonly areFinal?: boolean;
}

/**
 * Decides by cached records (contract §4.3). An allowed call may be based on an expired record while the store fails. A refusal never is,
 * and it is not based on a record that was already in memory either, since the credential may be newer than that record: it is decided
 * again by the records as they are now. If the credential is proven but unknown, it is decided by loads that begin after the call did.
 * Rejects as loading them does.
 */
export async function decideByRecords<Verdict>(
  decide: (reading: RecordReading) => Promise<Verdict>,
  { refuses, areFinal = false }: RefusalRules<Verdict>,
): Promise<Verdict> {
  const reading = readingTo('decide');
  const verdict = await decide(reading);
  const mayBeOutdated = reading.usedStandIn || (!areFinal && reading.ageMilliseconds >= 0);
  if (!mayBeOutdated || !refuses(verdict)) return verdict;
  return decide(readingTo(reading.foundUnknown ? 'refuse-unknown' : 'refuse'));
}
