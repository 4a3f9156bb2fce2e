import { limits } from '#contract/limits.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import type { Shop, ShopKey } from './shop.ts';

/** How long the last token of a key can outlive it: its life, and the clock skew that it may have been stamped ahead by. */
const TOKEN_OUTLIVES_KEY_SECONDS = limits.widgetTokenTtlSeconds + limits.maxClockSkewSeconds;
/** Ended keys stay in the record this long, so that inspect can name them. */
const KEEP_ENDED_SECONDS = 7 * 86_400;

const isCurrent = (key: ShopKey): boolean => key.credentialUntil === undefined;
const stillVerifies = (key: ShopKey, now: number): boolean => key.verifyUntil === undefined || now < key.verifyUntil;

/** Stops being a credential at `until`; its tokens from before verify until they expire. */
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
 * Adds a successor; the current key stays a credential for the overlap and verifies its tokens until they expire, so no call fails.
 * While an earlier key still verifies, a further rotation would make three: it is refused, or with `force` stops that key now.
 * Source: contract §4.2.
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

/** Replaces every key at once: what they signed is worth nothing from now on. */
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

/** Ends the overlap of a rotation now: the old key is no credential any more; its tokens live on until they expire. */
export function retireOldKey(shop: Shop, now: number): Result<Shop, 'no_rotation_in_progress'> {
  const old = findOverlapping(shop, now);
  if (old === undefined) return refusal('no_rotation_in_progress');
  return success({ ...shop, keys: shop.keys.map((key) => (key === old ? endingAt(key, now) : key)) });
}

/** Takes a rotation back while its overlap lasts: the old key is the current one again, the successor ends as one that was rotated out. */
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
