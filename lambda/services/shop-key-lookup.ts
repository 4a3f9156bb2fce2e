import { limits } from '../contract/limits.ts';
import type { KeyEnvironment } from '../core/api-key.ts';
import type { Clock, KeyStore, Random, ShopStore, Stored } from '../ports.ts';
import type { ShopKeyLookup } from './authenticate-shop-key.ts';
import { RecordCache } from './record-cache.ts';

export interface ShopKeyLookupOptions {
  readonly keyStore: KeyStore;
  readonly shopStore: ShopStore;
  readonly keyEnvironment: KeyEnvironment;
  readonly now: Clock;
  readonly random: Random;
}

/** Key and shop records for authenticating shops, cached by the times of contract §8. */
export function createShopKeyLookup({
  keyStore,
  shopStore,
  keyEnvironment,
  now,
  random,
}: ShopKeyLookupOptions): ShopKeyLookup {
  const cacheOf = <Value>(load: (key: string) => Promise<Stored<Value>>): RecordCache<Stored<Value>> =>
    new RecordCache({
      load,
      freshSeconds: () => limits.shopCacheSeconds,
      staleSeconds: (stored) => (stored.kind === 'found' ? limits.shopStaleSeconds : 0),
      maxEntries: limits.shopCacheEntries,
      now,
      random,
    });
  return {
    keys: cacheOf((keyId) => keyStore.read(keyId)),
    shops: cacheOf((shopId) => shopStore.read(shopId)),
    keyEnvironment,
  };
}
