/**
 * Every number a client or an operator can rely on. Units are in the names. docs/limits.md is made from this file: a `//` line begins a group,
 * the comment of a limit is its description.
 */
export const limits = {
  // Widget tokens

  /** Life of a widget token from its stamp: valid up to one second less of age. */
  widgetTokenTtlSeconds: 86_400,
  /** A widget token may be stamped this far ahead of the clock of the gate. */
  maxClockSkewSeconds: 300,
  /** Longest text that is read as a widget token: 64 + 1 + 16 + 1 + 64 bytes in Base64, padded. */
  maxWidgetTokenChars: 196,

  // Security tokens, temp tokens and sessions

  /** Life of a security token if the request states none. */
  securityTokenTtlSeconds: 3_600,
  /** Longest life of a security token that a request may state. */
  maxSecurityTokenTtlSeconds: 86_400,
  /** Longest security token: a header must have room for it. */
  maxSecurityTokenBytes: 6_144,
  /** A temp token can be exchanged once within this time. */
  tempTokenSeconds: 60,
  /** An analytics session ends when it was not used for this time. */
  sessionIdleSeconds: 3_600,
  /** An analytics session ends after this time, however often it is used. */
  sessionSeconds: 28_800,
  /** A use renews a session that has less than this left. */
  sessionRenewSeconds: 1_800,
  /** Longest session cookie, with name, value and attributes: the limit of browsers. */
  maxSessionCookieBytes: 4_096,
  /** Longest ID of a user, app, client or organization. */
  maxSubjectIdChars: 256,
  /** How long a revocation of tokens is kept: longer than any token or session lives. */
  revocationKeptSeconds: 2 * 86_400,
  /** How long a browser may keep the response to a preflight of a route that accepts cookies. */
  preflightSeconds: 60,

  // Service keys

  /** Active service keys of a stage. */
  maxServiceKeys: 100,
  /** Apps that a service key can be limited to. */
  maxAppsPerKey: 50,
  /** Longest label of a service key. */
  maxKeyLabelChars: 64,
  /** Longest lifetime of a dev key. */
  maxDevKeySeconds: 7 * 86_400,
  /** The last use of a service key is recorded at most once per interval of this length. */
  keyUseGrainSeconds: 3_600,

  // Shops

  /** Longest shop ID. */
  maxShopIdChars: 64,
  /** Longest API key of any kind. */
  maxApiKeyChars: 64,
  /** Longest origin that is stored or shown. */
  maxOriginChars: 261,
  /** Longest address that is read at registration: that of a shop may come with its path. */
  maxAddressChars: 2_048,
  /** Origins of a shop or of a service key. */
  maxOriginsPerShop: 50,
  /** Longest name of a shop. */
  maxShopNameChars: 80,
  /** How long a shop must have been disabled before it can be deleted. */
  shopDeletableAfterSeconds: 86_400,
  /** Shops on one page of the list. */
  maxShopsPerPage: 100,
  /**
   * A key that ended by rotate, retire or undo still verifies tokens stamped up to this long after its end, because a function may not have
   * read the change yet.
   */
  endedKeyGraceSeconds: 30,
  /** How long the old key of a rotation may stay a credential. */
  rotationOverlapsSeconds: [0, 3_600, 86_400, 604_800],
  /** How long the old key of a rotation stays a credential if the request does not say. */
  defaultRotationOverlapSeconds: 86_400,

  // Forwarding

  /** Largest response of an upstream that is not streamed, in the form in which Lambda returns it. */
  maxUpstreamBodyBytes: 5_500_000,
  /** How long a call waits for its upstream if the stage states no other time. */
  upstreamTimeoutMilliseconds: 10_000,
  /** Longest time that a stage may have its calls wait for an upstream. */
  maxUpstreamTimeoutMilliseconds: 25_000,
  /** A function that forwards has this much more time than its upstream, for its own start and to answer. */
  forwardingMarginSeconds: 3,
  /** How long a streamed response may take if the stage streams and states no other time. */
  streamSeconds: 300,
  /** Shortest time that a stage may give streamed responses. */
  minStreamSeconds: 30,
  /** Longest time that a stage may give streamed responses: API Gateway ends a stream after 15 minutes, and Lambda a function. */
  maxStreamSeconds: 840,
  /** A function that forwards pauses its calls after this many time-outs in a row: each of them holds one execution for the whole time-out. */
  circuitTimeouts: 2,
  /** Longest first pause; it doubles with each probe that times out. */
  circuitPauseMilliseconds: 10_000,
  /** Longest pause after several probes that timed out. */
  maxCircuitPauseMilliseconds: 60_000,
  /** An assertion to an upstream is valid this long. */
  assertionSeconds: 60,
  /** How long a cache may keep the public keys. */
  publicKeysCacheSeconds: 300,

  // Changes and caches

  /** Every change is in force everywhere within this time, with the default settings. */
  defaultBoundSeconds: 10,
  /** Every change is in force everywhere within this time, with every setting that a stage allows. */
  revocationBoundSeconds: 60,
  /** How long a function keeps the record of a shop or key before it reads it again. */
  shopCacheSeconds: 5,
  /** How long a function remembers that a shop does not exist. */
  unknownShopCacheSeconds: 5,
  /** A known shop is served from the cache for this long while the store fails. */
  shopStaleSeconds: 300,
  /** A refusal reads its record again, but at most this often, no matter how many calls are refused. */
  refusalRecordMilliseconds: 1_000,
  /** A credential that its record does not contain is refused only by a read that began after the call. Such reads of one record are so far apart. */
  unknownCredentialReadMilliseconds: 20,
  /** Records of shops in the memory of one function. */
  shopCacheEntries: 10_000,
  /** Part of a cache time by which each entry's time varies, so that not all are read at once. */
  cacheJitterRatio: 0.1,

  // Ring and signing keys

  /** How long a function keeps the ring before it reads it again. */
  ringCacheSeconds: 300,
  /** An unknown ring key leads to one read of the ring at most this often. */
  ringRefreshSeconds: 10,
  /** A new ring key seals tokens only when every cache of the ring has it: longer than the ring cache with its jitter. */
  ringSettledSeconds: 360,
  /** How often the ring gets a new key. */
  ringRotationDays: 365,
  /** A ring key that no longer seals is kept this long for the backups of its time: a day more than point-in-time recovery reaches back. */
  ringKeyKeptSeconds: 36 * 86_400,
  /** A prepared ring key that is promoted later than this after its creation gets a new time: the time from which readers can have it. */
  ringPromotionSeconds: 30,
  /**
   * A new signing key signs only when every cache of the public keys has it: longer than the ring cache with its jitter, the promotion and
   * the cache of the public keys together.
   */
  signingKeySettledSeconds: 720,
  /**
   * A superseded signing key stays published at least this long: longer than any function may still sign with it, plus the lifetime of its
   * last assertion.
   */
  signingKeyKeptSeconds: 3_600,

  // Stores

  /** How long one attempt of a call of a store may take. */
  storeAttemptMilliseconds: 300,
  /** How often a call of a store is attempted. */
  storeAttempts: 2,
  /** How long all attempts of a call of a store may take. */
  storeTotalMilliseconds: 1_000,

  // Audit trail

  /** Entries on one page of the audit trail. */
  maxAuditEntriesPerPage: 100,
  /** Most bytes of audit entries that a record keeps while the trail fails. Beyond it, entries are shortened and summed up. */
  maxAuditOutboxBytes: 65_536,
  /** A container copies waiting entries of other records to the trail at most this often. */
  auditRecoverySeconds: 60,
  /** How long a read of the trail may wait for that. */
  auditRecoveryMilliseconds: 4_000,
  /** Failed logins of a minute and container that have an entry of their own; the rest is summed up. */
  loginFailuresPerMinute: 10,
  /** Shops and codes of refused calls that are summed up by themselves in a minute; the rest is summed up together. */
  auditSubjectsPerMinute: 20,
  /** Request IDs in one entry for refused calls. */
  auditRequestIdsPerEntry: 10,

  // Administrators

  /** A login challenge can be answered once within this time. */
  loginChallengeSeconds: 60,
  /** A login link works once within this time. */
  loginLinkSeconds: 60,
  /** The session of an administrator ends when it was not used for this time. */
  adminSessionIdleSeconds: 900,
  /** The session of an administrator ends after this time, however often it is used. */
  adminSessionSeconds: 28_800,
  /** The use of a session is noted at most this often. */
  adminSessionTouchSeconds: 60,
  /** How often the members of the administrator group are read again. */
  adminGroupCacheSeconds: 30,
  /** While IAM fails, members who were read earlier count for at most this time: the published bound. */
  adminGroupStaleSeconds: 60,
  /** Calls of the login routes that one address may make in one window: 5 a second. Every call counts, with any result. */
  loginCallsPerAddress: 300,
  /** Calls of the admin API with a live session that one address may make in one window: 20 a second. */
  adminCallsPerAddress: 1_200,
  /** The window in which the calls of an address are counted. */
  addressWindowSeconds: 60,
  /** Addresses that a container remembers as over their limit in the present window; any other costs it a write per call. */
  limitedAddresses: 10_000,
  /** How long a connection to STS or IAM may take. */
  identityConnectMilliseconds: 1_000,
  /** How long a call of STS or IAM may take in all. */
  identityTotalMilliseconds: 3_000,
  /** Longest response of STS that is read. */
  maxIdentityAnswerBytes: 8_192,

  // Every route

  /** Longest request body of the authentication routes and of the admin API. */
  maxAuthBodyBytes: 8_192,
  /** Retry-After of every refusal that is worth repeating, unless a longer time is known. */
  retryAfterSeconds: 1,
  /** A container writes its counters at most this often. */
  metricsIntervalSeconds: 60,
  /** The clocks of two functions agree within this time. */
  clockAgreementMilliseconds: 100,
} as const;
