import { limits } from '../contract/limits.ts';
import type { KeyEnvironment } from '../core/api-key.ts';
import type { ServiceKey } from '../core/service-key.ts';
import type { Clock, Random, ServiceKeyStore, Stored } from '../ports.ts';
import type { KeyUse } from './key-use.ts';
import { RecordCache } from './record-cache.ts';

/** Service keys by key id, and where their use is noted. */
export interface ServiceKeyLookup {
  readonly keys: RecordCache<Stored<ServiceKey>>;
  readonly keyEnvironment: KeyEnvironment;
  readonly use: Pick<KeyUse, 'note'>;
}

export interface ServiceKeyCacheOptions {
  readonly store: Pick<ServiceKeyStore, 'read'>;
  readonly now: Clock;
  readonly random: Random;
}

/** Service keys cached like shops (contract §8): one read finds a key, and its end is effective within the published bound. */
export const createServiceKeyCache = ({
  store,
  now,
  random,
}: ServiceKeyCacheOptions): RecordCache<Stored<ServiceKey>> =>
  new RecordCache({
    load: (keyId) => store.read(keyId),
    freshSeconds: () => limits.shopCacheSeconds,
    staleSeconds: (stored) => (stored.kind === 'found' ? limits.shopStaleSeconds : 0),
    maxEntries: limits.shopCacheEntries,
    now,
    random,
  });
