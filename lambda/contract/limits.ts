/**
 * Every number a client or an operator can rely on. Units are in the names. The README's numbers are checked against this file.
 */
export const limits = {
  /** Life of a widget token from its stamp: valid up to 86,399 s of age. */
  widgetTokenTtlSeconds: 86_400,
  /** A widget token may be stamped this far ahead of our clock. */
  maxClockSkewSeconds: 300,
  /** Longest text that is looked at as a widget token: 64 + 1 + 16 + 1 + 64 bytes in Base64, padded. */
  maxWidgetTokenChars: 196,
  maxShopIdChars: 64,
  maxApiKeyChars: 64,
  maxOriginChars: 261,
  maxOriginsPerShop: 50,
  /** How long the old key of a rotation may stay a credential: at once, an hour, a day (the default), a week. */
  rotationOverlapsSeconds: [0, 3_600, 86_400, 604_800],
  defaultRotationOverlapSeconds: 86_400,
  /** Body limit of the authentication routes. */
  maxAuthBodyBytes: 8_192,
  /** Lambda's own limit on an answer, which bounds what an upstream can return. */
  maxUpstreamBodyBytes: 5_500_000,
  upstreamTimeoutMilliseconds: 25_000,
  shopCacheSeconds: 5,
  unknownShopCacheSeconds: 5,
  /** A known shop is served from the cache this long while the store fails. */
  shopStaleSeconds: 300,
  shopCacheEntries: 10_000,
  ringCacheSeconds: 300,
  /** An unknown ring key leads to one re-read of the ring at most this often. */
  ringRefreshSeconds: 10,
  cacheJitterRatio: 0.1,
  storeAttemptMilliseconds: 300,
  storeAttempts: 2,
  storeTotalMilliseconds: 1_000,
  /** Answer to every refusal that is worth repeating. */
  retryAfterSeconds: 1,
  revocationBoundSeconds: 60,
} as const;
