import { limits } from '../contract/limits.ts';
import type { SealingKeys } from '../core/jwe.ts';
import { deriveSealingKeys, parseRing } from '../core/ring.ts';
import { type Clock, DependencyError, type Random, type RingStore } from '../ports.ts';

export interface RingKeeperOptions {
  readonly store: RingStore;
  /** What the derived keys are for: values of one purpose don't open under another's. */
  readonly purpose: string;
  readonly deployment: string;
  readonly now: Clock;
  readonly random: Random;
}

/** Keeps the ring's derived keys in memory: read once, re-read every five minutes, the last good one kept while re-reading fails. */
export class RingKeeper {
  readonly #options: RingKeeperOptions;
  #keys: SealingKeys | undefined;
  #freshUntil = 0;
  #lastReadAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<SealingKeys> | undefined;

  constructor(options: RingKeeperOptions) {
    this.#options = options;
  }

  /** Throws `DependencyError` when the ring was never read and can't be. */
  async keys(): Promise<SealingKeys> {
    if (this.#keys !== undefined && this.#options.now() < this.#freshUntil) return this.#keys;
    const joined = this.#reading !== undefined;
    try {
      return await this.#readOnce();
    } catch (error) {
      // A read that began before this call may have died with an earlier moment; this call deserves its own.
      if (!joined) throw error;
      return this.#readOnce();
    }
  }

  /** After a value named a ring key that we don't hold: the ring as it is now, re-read at most every ten seconds. */
  async keysAfterUnknownKey(): Promise<SealingKeys> {
    const mayRead = this.#options.now() >= this.#lastReadAt + limits.ringRefreshSeconds * 1_000;
    return mayRead || this.#reading !== undefined ? this.#readOnce() : this.keys();
  }

  #readOnce(): Promise<SealingKeys> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<SealingKeys> {
    const now = this.#options.now();
    this.#lastReadAt = now;
    try {
      const ring = parseRing(await this.#options.store.read());
      if (!ring.ok) throw new DependencyError('the ring secret is malformed');
      this.#keys = deriveSealingKeys(ring.value, this.#options.purpose, this.#options.deployment);
      this.#freshUntil =
        now + limits.ringCacheSeconds * 1_000 * (1 + limits.cacheJitterRatio * (2 * this.#options.random() - 1));
    } catch (error) {
      if (this.#keys === undefined) throw error;
      this.#freshUntil = now + limits.ringRefreshSeconds * 1_000;
    }
    return this.#keys;
  }
}
