/** The index of the key table that contains only service keys. */
export const SERVICE_KEY_INDEX = 'serviceKeys';

/**
 * The index of the tables of shops, keys and sessions that contains the records with entries that are not in the audit
 * trail yet.
 */
export const AUDIT_PENDING_INDEX = 'auditPending';

/** The index of the audit table by the UTC day of an entry. */
export const AUDIT_DAY_INDEX = 'byDay';

/**
 * Kinds of items in the session table, by the prefix of their key; an administrator's session has no prefix. Grants
 * refer to these.
 */
export const sessionItemPrefixes = {
  /** A temp token, by its SHA-256. */
  tempToken: 'temp/',
  /** A temp token that was exchanged. */
  usedTempToken: 'temp-used/',
  /** A subject with revoked tokens and sessions. */
  revocation: 'revoked/',
  /** A session that was ended. */
  endedSession: 'ended/',
  /** A login link that an administrator created. */
  loginLink: 'login-link/',
  /** When a service key was last used. */
  keyUse: 'key-use/',
  /** How many calls an address made in one window, by a digest of both. */
  rate: 'rate/',
  /** An audit entry of an administrator's that waits for the trail and has no other record. */
  keptEntry: 'kept/',
  /** The same of a log-in: strangers reach the function that writes it. */
  keptLogin: 'kept-login/',
} as const;
