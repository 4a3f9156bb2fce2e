import { parseApiKey } from '../crypto/api-key.ts';
import { type HmacKey, prepareHmacKey } from '../crypto/hmac.ts';
import { open, type SealedFor, type SealingKeys, seal } from '../crypto/jwe.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import type { ShopKey } from './shop.ts';

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

/**
 * Opens a stored shop key for verifying. A value that opens but is not a key of that id is corrupt, like one that does
 * not open.
 */
export function openShopKey(
  key: ShopKey,
  keys: SealingKeys,
  place: ShopKeyPlace,
): Result<HmacKey, 'unknown_ring_key' | 'corrupt'> {
  const text = openKeyText(key, keys, place);
  return text.ok ? success(prepareHmacKey(Buffer.from(text.value, 'utf8'))) : text;
}

/** The same key sealed with the newest ring key; refused when it does not open, so that no invalid value is sealed. */
export function resealShopKey(
  key: ShopKey,
  keys: SealingKeys,
  place: ShopKeyPlace,
): Result<string, 'unknown_ring_key' | 'corrupt'> {
  const text = openKeyText(key, keys, place);
  return text.ok ? success(sealShopKey(text.value, keys, place)) : text;
}

function openKeyText(
  { sealed, keyId }: ShopKey,
  keys: SealingKeys,
  { deployment, shopId }: ShopKeyPlace,
): Result<string, 'unknown_ring_key' | 'corrupt'> {
  const opened = open(sealed, keys, sealedFor(deployment, shopId, keyId));
  if (!opened.ok) return refusal(opened.reason === 'unknown_ring_key' ? 'unknown_ring_key' : 'corrupt');
  const parsed = parseApiKey(opened.value);
  const isThisKey = parsed.ok && parsed.value.kind === 'sk' && parsed.value.keyId === keyId;
  return isThisKey ? success(opened.value) : refusal('corrupt');
}
