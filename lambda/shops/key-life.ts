import { limits } from '#contract/limits.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import type { Shop, ShopKey } from './shop.ts';

/** How long the last token of a key can be valid after it: the lifetime of a token, and the clock skew of its stamp. */
const TOKEN_OUTLIVES_KEY_SECONDS = limits.widgetTokenTtlSeconds + limits.maxClockSkewSeconds;
/** Ended keys remain in the record for this long, so that inspect can name them. */
const KEEP_ENDED_SECONDS = 7 * 86_400;

const isCurrent = (key: ShopKey): boolean => key.credentialUntil === undefined;
const stillVerifies = (key: ShopKey, now: number): boolean => key.verifyUntil === undefined || now < key.verifyUntil;

/** Ends as a credential at `until`; its earlier tokens verify until they expire. */
const endingAt = (key: ShopKey, until: number): ShopKey => ({
  ...key,
  credentialUntil: until,
  verifyUntil: until + TOKEN_OUTLIVES_KEY_SECONDS,
});

/** Stops everything now. */
const stoppedAt = (key: ShopKey, now: number): ShopKey => ({
  ...key,
  credentialUntil: Math.min(key.credentialUntil ?? now, now),
  verifyUntil: Math.min(key.verifyUntil ?? now, now),
});

const forget = (keys: readonly ShopKey[], now: number): ShopKey[] =>
  keys.filter((key) => key.verifyUntil === undefined || now < key.verifyUntil + KEEP_ENDED_SECONDS);

/**
 * Adds a successor; the current key remains a credential for the overlap and verifies its tokens until they expire, so no call fails. While
 * an earlier key still verifies, another rotation would make three: it is refused, or with `force` ends that key now. Source: contract
 * §4.2.
 */
export function rotateKey(
  shop: Shop,
  successor: ShopKey,
  now: number,
  { overlapSeconds, force }: { readonly overlapSeconds: number; readonly force: boolean },
): Result<Shop, 'rotation_in_progress'> {
  const inProgress = shop.keys.some((key) => !isCurrent(key) && stillVerifies(key, now));
  if (inProgress && !force) return refusal('rotation_in_progress');
  const keys = shop.keys.map((key) => (isCurrent(key) ? endingAt(key, now + overlapSeconds) : stoppedAt(key, now)));
  return success({ ...shop, keys: [...forget(keys, now), successor] });
}

/** Replaces every key at once: everything that they signed becomes invalid. */
export const resetKeys = (shop: Shop, successor: ShopKey, now: number): Shop => ({
  ...shop,
  keys: [
    ...forget(
      shop.keys.map((key) => stoppedAt(key, now)),
      now,
    ),
    successor,
  ],
});

/** Ends the overlap of a rotation now: the old key is no longer a credential; its tokens stay valid until they expire. */
export function retireOldKey(shop: Shop, now: number): Result<Shop, 'no_rotation_in_progress'> {
  const old = findOverlapping(shop, now);
  if (old === undefined) return refusal('no_rotation_in_progress');
  return success({ ...shop, keys: shop.keys.map((key) => (key === old ? endingAt(key, now) : key)) });
}

/** Undoes a rotation while its overlap lasts: the old key is current again, and the successor ends like a key that was rotated out. */
export function undoRotation(shop: Shop, now: number): Result<Shop, 'no_rotation_in_progress'> {
  const old = findOverlapping(shop, now);
  if (old === undefined) return refusal('no_rotation_in_progress');
  const { credentialUntil: _credentialUntil, verifyUntil: _verifyUntil, ...current } = old;
  const keys = shop.keys.map((key) => {
    if (key === old) return current;
    return isCurrent(key) ? endingAt(key, now) : key;
  });
  return success({ ...shop, keys });
}

const findOverlapping = (shop: Shop, now: number): ShopKey | undefined =>
  shop.keys.find(({ credentialUntil }) => credentialUntil !== undefined && now < credentialUntil);
