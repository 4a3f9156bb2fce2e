import { parseApiKey } from '../core/api-key.ts';
import { type HmacKey, prepareHmacKey } from '../core/hmac-sha256.ts';
import { open, type SealedFor, type SealingKeys, seal } from '../core/jwe.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { ShopKey } from '../core/shop.ts';

/** The ring purpose of shop keys. */
export const SHOP_KEY_PURPOSE = 'shop-key';

const sealedFor = (deployment: string, shopId: string, keyId: string): SealedFor => ({
  typ: SHOP_KEY_PURPOSE,
  aud: deployment,
  sub: `${shopId}/${keyId}`,
});

export interface ShopKeyPlace {
  readonly deployment: string;
  readonly shopId: string;
  readonly keyId: string;
}

export function sealShopKey(apiKey: string, keys: SealingKeys, place: ShopKeyPlace): string {
  return seal(apiKey, keys, sealedFor(place.deployment, place.shopId, place.keyId));
}

/** Opens a stored shop key for verifying. A value that opens but is no key of that id is as corrupt as one that doesn't open. */
export function openShopKey(
  key: ShopKey,
  keys: SealingKeys,
  place: ShopKeyPlace,
): Result<HmacKey, 'unknown_ring_key' | 'corrupt'> {
  const opened = open(key.sealed, keys, sealedFor(place.deployment, place.shopId, place.keyId));
  if (!opened.ok) return refusal(opened.reason === 'unknown_ring_key' ? 'unknown_ring_key' : 'corrupt');
  const parsed = parseApiKey(opened.value);
  if (!parsed.ok || parsed.value.kind !== 'sk' || parsed.value.keyId !== key.keyId) return refusal('corrupt');
  return success(prepareHmacKey(Buffer.from(opened.value, 'utf8')));
}
