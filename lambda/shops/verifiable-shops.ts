import { limits } from '#contract/limits.ts';
import type { HmacKey } from '../crypto/hmac.ts';
import { ringKeyOf, type SealingKeys } from '../crypto/jwe.ts';
import { RecordCache } from '../platform/record-cache.ts';
import { type Clock, DependencyError, type Random } from '../platform/stored.ts';
import type { RingKeeper } from '../ring/ring-keeper.ts';
import { compileOriginPolicy, type OriginPolicy } from './origin-policy.ts';
import type { Shop, ShopKey, ShopStore } from './shop.ts';
import { openShopKey } from './shop-key-sealing.ts';

/** A shop with its keys opened and its origins compiled: everything that a decision needs. */
export interface VerifiableShop {
  readonly kind: 'found';
  readonly shop: Shop;
  readonly keys: readonly { readonly life: ShopKey; readonly hmacKey: HmacKey }[];
  readonly origins: OriginPolicy;
}

export type VerifiableShopRead = VerifiableShop | { readonly kind: 'absent' } | { readonly kind: 'corrupt' };

export interface VerifiableShopsOptions {
  readonly store: ShopStore;
  readonly ring: RingKeeper;
  readonly deployment: string;
  /** Origins that every shop of the stage allows. */
  readonly stageOrigins: readonly string[];
  readonly now: Clock;
  readonly random: Random;
}

/**
 * Shops by id, from the cache or loaded; keys are opened once per load, not per call. Source of the times: contract §8.
 */
export function createVerifiableShops(options: VerifiableShopsOptions): RecordCache<VerifiableShopRead> {
  return new RecordCache({
    load: (shopId) => loadShop(shopId, options),
    freshSeconds: (read) => (read.kind === 'found' ? limits.shopCacheSeconds : limits.unknownShopCacheSeconds),
    // Only a known good record may be used while the store fails: an outdated `absent` would be a false 401.
    staleSeconds: (read) => (read.kind === 'found' ? limits.shopStaleSeconds : 0),
    maxEntries: limits.shopCacheEntries,
    now: options.now,
    random: options.random,
  });
}

async function loadShop(shopId: string, options: VerifiableShopsOptions): Promise<VerifiableShopRead> {
  // Both in parallel: a cold call takes as long as the slower one.
  const [stored, ringKeys] = await Promise.all([options.store.read(shopId), options.ring.keys()]);
  if (stored.kind !== 'found') return stored;
  const keys = await openKeys(stored.value, ringKeys, options);
  if (keys === undefined) return { kind: 'corrupt' };
  return {
    kind: 'found',
    shop: stored.value,
    keys,
    origins: compileOriginPolicy([...stored.value.origins, ...options.stageOrigins]),
  };
}

/**
 * A shop's keys, opened; undefined when one of them is corrupt. Throws `DependencyError` when the ring cannot be
 * updated.
 */
export async function openKeys(
  shop: Shop,
  ringKeys: SealingKeys,
  { ring, deployment }: Pick<VerifiableShopsOptions, 'ring' | 'deployment'>,
): Promise<VerifiableShop['keys'] | undefined> {
  const opened: { life: ShopKey; hmacKey: HmacKey }[] = [];
  for (const life of shop.keys) {
    const place = { deployment, shopId: shop.shopId, keyId: life.keyId };
    let result = openShopKey(life, ringKeys, place);
    if (!result.ok && result.reason === 'unknown_ring_key')
      result = openShopKey(life, await ring.keysHolding(ringKeyOf(life.sealed) ?? ''), place);
    // A ring that cannot be updated is an outage, not a corrupt shop: the last good record must remain usable.
    if (!result.ok && result.reason === 'unknown_ring_key') throw new DependencyError('a ring key is unknown');
    if (!result.ok) return undefined;
    opened.push({ life, hmacKey: result.value });
  }
  return opened;
}
