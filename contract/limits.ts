/**
 * Every number a client or an operator can rely on. Units are in the names. The numbers in the documents are checked against this file.
 */
export const limits = {
  /** Life of a widget token from its stamp: valid up to 86,399 s of age. */
  widgetTokenTtlSeconds: 86_400,
  /** A widget token may be stamped this far ahead of our clock. */
  maxClockSkewSeconds: 300,
  /** Longest text that is looked at as a widget token: 64 + 1 + 16 + 1 + 64 bytes in Base64, padded. */
  maxWidgetTokenChars: 196,
  /** Life of a security token where the request states none, and the longest it may state. */
  securityTokenTtlSeconds: 3_600,
  maxSecurityTokenTtlSeconds: 86_400,
  /** Longest security token: headers have little room beside it. */
  maxSecurityTokenBytes: 6_144,
  /** A temp token is good for one exchange within this time. */
  tempTokenSeconds: 60,
  /** An analytics session ends when it was not used for so long, and at the latest after `sessionSeconds`. */
  sessionIdleSeconds: 3_600,
  sessionSeconds: 28_800,
  /** A use renews a session that has less than this left. */
  sessionRenewSeconds: 1_800,
  /** Name, value and attributes of the session cookie: what browsers keep. */
  maxSessionCookieBytes: 4_096,
  /** Longest user, app, client or organisation id. */
  maxSubjectIdChars: 256,
  maxServiceKeys: 100,
  maxAppsPerKey: 50,
  maxKeyLabelChars: 64,
  /** Longest life of a dev key. */
  maxDevKeySeconds: 7 * 86_400,
  /** How long a revocation of tokens is kept: longer than any token or session lives. */
  revocationKeptSeconds: 2 * 86_400,
  /** The use of a service key is noted to this grain. */
  keyUseGrainSeconds: 3_600,
  /** How long a browser may keep our answer to a preflight of a route that takes cookies. */
  preflightSeconds: 60,
  maxShopIdChars: 64,
  maxApiKeyChars: 64,
  maxOriginChars: 261,
  /** Longest address that is read at registration: a shop's may come with its path. */
  maxAddressChars: 2_048,
  maxOriginsPerShop: 50,
  maxShopNameChars: 80,
  /** How long a shop must have been disabled before it can be deleted. */
  shopDeletableAfterSeconds: 86_400,
  /** How many shops one answer of the list holds at most. */
  maxShopsPerPage: 100,
  /** A key that ended by rotate, retire or undo still verifies tokens stamped up to this long after its end: a function may not know of it yet. */
  endedKeyGraceSeconds: 30,
  /** How long the old key of a rotation may stay a credential: at once, an hour, a day (the default), a week. */
  rotationOverlapsSeconds: [0, 3_600, 86_400, 604_800],
  defaultRotationOverlapSeconds: 86_400,
  /** Body limit of the authentication routes. */
  maxAuthBodyBytes: 8_192,
  /** Lambda's own limit on an answer, which bounds what an upstream can return. */
  maxUpstreamBodyBytes: 5_500_000,
  /** How long a call waits for its upstream where the stage states no other time, and the longest that a stage may state. */
  upstreamTimeoutMilliseconds: 10_000,
  maxUpstreamTimeoutMilliseconds: 25_000,
  /** A function that forwards has so much more time than its upstream: for its own start, and to answer. */
  forwardingMarginSeconds: 3,
  /** How long a streamed response may take where the stage streams: unless it states another time, and the range that it may state. */
  streamSeconds: 300,
  minStreamSeconds: 30,
  /** API Gateway ends a stream after 15 minutes, and Lambda a function. */
  maxStreamSeconds: 840,
  /** A function that forwards pauses its calls after so many time-outs in a row: each of them holds one execution for the whole time-out. */
  circuitTimeouts: 2,
  /** How long the first pause is at most; it doubles with each probe that times out, up to the second number. */
  circuitPauseMilliseconds: 10_000,
  maxCircuitPauseMilliseconds: 60_000,
  shopCacheSeconds: 5,
  unknownShopCacheSeconds: 5,
  /** A known shop is served from the cache this long while the store fails. */
  shopStaleSeconds: 300,
  /** A refusal reads its record again, but at most this often, however many calls are refused. */
  refusalRecordMilliseconds: 1_000,
  shopCacheEntries: 10_000,
  ringCacheSeconds: 300,
  /** An unknown ring key leads to one re-read of the ring at most this often. */
  ringRefreshSeconds: 10,
  /** A new ring key seals tokens only when every cache of the ring has met it: longer than the ring cache with its jitter. */
  ringSettledSeconds: 360,
  /** How often the ring gets a new key. */
  ringRotationDays: 365,
  /** A ring key that seals no more is kept this long for the backups of its time: a day more than point-in-time recovery reaches back. */
  ringKeyKeptSeconds: 36 * 86_400,
  /** A prepared ring key that is promoted later than this after it was made gets a new time: the time from which readers can know it. */
  ringPromotionSeconds: 30,
  /** An assertion to an upstream is valid this long. */
  assertionSeconds: 60,
  /** How long a cache may keep the public keys. */
  publicKeysCacheSeconds: 300,
  /**
   * A new signing key signs only when every cache of the public keys has it: longer than the ring cache with its jitter, the promotion and
   * the cache of the public keys together.
   */
  signingKeySettledSeconds: 720,
  /** A superseded signing key stays published at least this long: longer than any function may still sign with it, and than its last assertion. */
  signingKeyKeptSeconds: 3_600,
  cacheJitterRatio: 0.1,
  storeAttemptMilliseconds: 300,
  storeAttempts: 2,
  storeTotalMilliseconds: 1_000,
  maxAuditEntriesPerPage: 100,
  /** What a record keeps of its changes while the trail fails; beyond it, entries are shortened and summed up. */
  maxAuditOutboxBytes: 65_536,
  /** A container copies to the trail what other records still hold at most this often. */
  auditRecoverySeconds: 60,
  /** How long a look at the trail may wait for that. */
  auditRecoveryMilliseconds: 4_000,
  /** So many failed logins of a minute and container have an entry of their own, the rest is summed up. */
  loginFailuresPerMinute: 10,
  /** Refused calls are summed up by shop and code for so many of them in a minute, the rest for all together. */
  auditSubjectsPerMinute: 20,
  auditRequestIdsPerEntry: 10,
  /** A login challenge is good for one login within this time. */
  loginChallengeSeconds: 60,
  /** A link into the console is good for one login within this time. */
  loginLinkSeconds: 60,
  /** An administrator's session ends when it was not used for so long, and at the latest after `adminSessionSeconds`. */
  adminSessionIdleSeconds: 900,
  adminSessionSeconds: 28_800,
  adminSessionTouchSeconds: 60,
  /** How often the members of the administrators' group are read again. */
  adminGroupCacheSeconds: 30,
  /** While IAM fails, members read earlier count for so long at most: the published bound. */
  adminGroupStaleSeconds: 60,
  /** Calls of the login routes that one address may make in one window: 5 a second. Every call counts, whatever comes of it. */
  loginCallsPerAddress: 300,
  /** Calls of the admin API with a live session that one address may make in one window: 20 a second. */
  adminCallsPerAddress: 1_200,
  addressWindowSeconds: 60,
  /** How many addresses a container remembers as over their limit in the present window; any other costs it a write per call. */
  limitedAddresses: 10_000,
  identityConnectMilliseconds: 1_000,
  identityTotalMilliseconds: 3_000,
  maxIdentityAnswerBytes: 8_192,
  /** Answer to every refusal that is worth repeating. */
  retryAfterSeconds: 1,
  /** A container writes its counters at most this often. */
  metricsIntervalSeconds: 60,
  /** Every change is in force everywhere within this time: with the default settings, and with every setting that a stage allows. */
  defaultBoundSeconds: 10,
  revocationBoundSeconds: 60,
} as const;
