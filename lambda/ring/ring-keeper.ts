import { limits } from '#contract/limits.ts';
import type { RingKeys, SealingKeys } from '../crypto/jwe.ts';
import { type Clock, DependencyError, type Random } from '../platform/stored.ts';
import { parseRing, type Ring, type RingStore } from './ring.ts';

export interface RingKeeperOptions<Keys> {
  readonly store: RingStore;
  /** Makes the keys of one purpose and deployment from the ring. */
  readonly derive: (ring: Ring) => Keys;
  readonly now: Clock;
  readonly random: Random;
}

/** Keeps the ring's derived keys in memory: read once, then again every five minutes. The last good ring is kept while reading fails. */
export class RingKeeper<Keys extends RingKeys<unknown> = SealingKeys> {
  readonly #options: RingKeeperOptions<Keys>;
  #keys: Keys | undefined;
  #readAt = 0;
  #freshUntil = 0;
  #lastRefreshAt = Number.NEGATIVE_INFINITY;
  /** Why the ring could not be read again; undefined: it was read. */
  #failure: unknown;
  #reading: Promise<Keys> | undefined;

  constructor(options: RingKeeperOptions<Keys>) {
    this.#options = options;
  }

  /** Throws `DependencyError` when the ring was never read and cannot be read. */
  async keys(): Promise<Keys> {
    const now = this.#options.now();
    // A clock that was set back must not make a ring look younger.
    if (this.#keys !== undefined && now >= this.#readAt && now < this.#freshUntil) return this.#keys;
    const joined = this.#reading !== undefined;
    try {
      return await this.#readOnce();
    } catch (error) {
      // A read that began before this call may have failed for an earlier reason, so this call reads again.
      if (!joined) throw error;
      return this.#readOnce();
    }
  }

  /** For sealing: the ring as it was at most ten seconds ago, so that soon after a promotion no function seals with the previous key. */
  async newestKeys(): Promise<Keys> {
    const age = this.#options.now() - this.#readAt;
    const isNew = this.#keys !== undefined && age >= 0 && age < limits.ringRefreshSeconds * 1_000;
    return isNew ? this.keys() : this.#readOnce();
  }

  /**
   * For a value under a ring key that is not in memory: the ring as it is now. A read in progress may have begun before that key was
   * created, so another one follows it. At most one in ten seconds is made for this reason, for any values. Throws `DependencyError` when
   * the key is still unknown and the ring could not be read again, because the key may exist nevertheless.
   */
  async keysHolding(ringKeyId: string): Promise<Keys> {
    const keys = await this.#refreshedFor(ringKeyId);
    if (this.#failure !== undefined && !keys.keys.has(ringKeyId))
      throw new DependencyError('a ring key is unknown while the ring cannot be read', { cause: this.#failure });
    return keys;
  }

  async #refreshedFor(ringKeyId: string): Promise<Keys> {
    const joined = await this.#reading;
    const held = joined ?? this.#keys;
    if (held?.keys.has(ringKeyId) === true) return held;
    const now = this.#options.now();
    const sinceRefresh = now - this.#lastRefreshAt;
    if (sinceRefresh >= 0 && sinceRefresh < limits.ringRefreshSeconds * 1_000) return this.#reading ?? this.keys();
    this.#lastRefreshAt = now;
    return this.#readOnce();
  }

  #readOnce(): Promise<Keys> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<Keys> {
    const now = this.#options.now();
    try {
      const ring = parseRing(await this.#options.store.read());
      if (!ring.ok) throw new DependencyError('the ring secret is malformed');
      this.#keys = this.#options.derive(ring.value);
      this.#readAt = now;
      this.#failure = undefined;
      this.#freshUntil =
        now + limits.ringCacheSeconds * 1_000 * (1 + limits.cacheJitterRatio * (2 * this.#options.random() - 1));
    } catch (error) {
      if (this.#keys === undefined) throw error;
      this.#failure = error;
      this.#readAt = now;
      this.#freshUntil = now + limits.ringRefreshSeconds * 1_000;
    }
    return this.#keys;
  }
}
