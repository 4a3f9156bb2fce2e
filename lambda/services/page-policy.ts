import { limits } from '../contract/limits.ts';
import { compileOriginPolicy, isAllowedOrigin, type OriginPolicy } from '../core/origin-policy.ts';
import type { ServiceKey } from '../core/service-key.ts';
import { isCredential } from '../core/shop.ts';
import type { Clock, Random } from '../ports.ts';
import { decideByRecords } from './decide-by-records.ts';
import { RecordCache } from './record-cache.ts';

export interface PagePolicyOptions {
  readonly listKeys: () => Promise<readonly ServiceKey[]>;
  readonly now: Clock;
  readonly random: Random;
}

/** Which pages may call with a session cookie at all: those of any live analytics key. Each call is then held to its own key's. */
export class PagePolicy {
  readonly #policy: RecordCache<OriginPolicy>;

  constructor({ listKeys, now, random }: PagePolicyOptions) {
    const load = async (): Promise<OriginPolicy> => {
      const keys = await listKeys();
      const live = keys.filter((key) => key.purpose === 'analytics' && isLive(key, Math.floor(now() / 1_000)));
      return compileOriginPolicy(live.flatMap(({ allowedOrigins }) => allowedOrigins));
    };
    this.#policy = new RecordCache({
      load,
      freshSeconds: () => limits.shopCacheSeconds,
      staleSeconds: () => limits.shopStaleSeconds,
      maxEntries: 1,
      now,
      random,
    });
  }

  /** Throws `DependencyError` when the keys can't be read and those that were read last don't allow the origin. */
  allows(origin: string): Promise<boolean> {
    return decideByRecords(async (reading) => isAllowedOrigin(origin, await this.#policy.get('all', reading)), {
      refuses: (allowed) => !allowed,
    });
  }
}

/** A key that was rotated out still stands behind the sessions that it got. */
const isLive = (key: ServiceKey, nowSeconds: number): boolean => isCredential(key, nowSeconds - limits.sessionSeconds);
