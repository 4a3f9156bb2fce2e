import { DEPLOYMENT_SUBJECT } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { withEntry } from '../audit/outbox.ts';
import { type AuditRecording, copyToTrail, entryOf } from '../audit/recording.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { digestOf } from '../crypto/secret-id.ts';
import { RecordCache, type RecordReading } from '../platform/record-cache.ts';
import { type Clock, found, type Random, type Stored } from '../platform/stored.ts';
import type { ServiceKey } from '../service-keys/service-key.ts';
import type {
  AnalyticsSession,
  Revocation,
  RevocationStore,
  RevocationSubject,
  SecurityToken,
} from './security-token.ts';

export interface RevocationsOptions {
  readonly store: Pick<RevocationStore, 'read' | 'put'>;
  readonly keys: RecordCache<Stored<ServiceKey>>;
  readonly now: Clock;
  readonly random: Random;
}

/** Checks whether a token or session was revoked: with its user, app, client or session, or with the key that created it. */
export class Revocations {
  readonly #keys: RecordCache<Stored<ServiceKey>>;
  readonly #records: RecordCache<Stored<Revocation>>;
  readonly #store: RevocationsOptions['store'];

  constructor({ store, keys, now, random }: RevocationsOptions) {
    this.#keys = keys;
    this.#store = store;
    this.#records = new RecordCache({
      load: (name) => store.read(subjectOf(name)),
      freshSeconds: () => limits.shopCacheSeconds,
      // The absence of a revocation was read, too: a failing store must not end every session.
      staleSeconds: ({ kind }) => (kind === 'corrupt' ? 0 : limits.shopStaleSeconds),
      maxEntries: limits.shopCacheEntries,
      now,
      random,
    });
  }

  /**
   * The key that created a live token or session; undefined when it is revoked. Throws `DependencyError` when that cannot be determined.
   * All records are read in parallel, or not at all if they are in memory.
   */
  async keyOf(token: SecurityToken | AnalyticsSession, reading: RecordReading): Promise<ServiceKey | undefined> {
    const reads = subjectsOf(token).map((subject) => this.#records.get(nameOf(subject), reading));
    const [storedKey, ...stored] = await Promise.all([this.#keys.get(token.keyId, reading), ...reads]);
    const key = found(storedKey);
    const revocations = stored.map(found);
    const isRevoked = revocations.some((one) => one !== undefined && token.issuedAt <= one.notBefore);
    return key === undefined || isRevoked || !isTokenValidFor(key, token) ? undefined : key;
  }

  /** Ends a session for every holder of a copy: here at once, elsewhere within the published bound. Throws `DependencyError`. */
  async endSession(session: AnalyticsSession, nowSeconds: number): Promise<void> {
    const subject = sessionSubject(session);
    await this.#store.put(subject, { notBefore: Math.max(nowSeconds, session.issuedAt) });
    this.#records.forget(nameOf(subject));
  }
}

/**
 * Whether the tokens and sessions of a key are valid. After a rotation, a token stamped soon after the key's end is valid, because it comes
 * from a function that had not read the rotation yet. After a revocation it is not. Source: contract §4.2.
 */
function isTokenValidFor({ tokensNotBefore, credentialUntil }: ServiceKey, { issuedAt }: SecurityToken): boolean {
  if (issuedAt <= tokensNotBefore) return false;
  if (credentialUntil === undefined || issuedAt < credentialUntil) return true;
  const isRevoked = tokensNotBefore >= credentialUntil;
  return !isRevoked && issuedAt <= credentialUntil + limits.endedKeyGraceSeconds;
}

function subjectsOf(token: SecurityToken | AnalyticsSession): RevocationSubject[] {
  const { userId, appId, clientId } = token;
  return [
    { kind: 'user', id: userId },
    { kind: 'app', id: appId },
    ...(clientId === undefined ? [] : [{ kind: 'client', id: clientId } as const]),
    ...('sessionId' in token ? [sessionSubject(token)] : []),
  ];
}

const sessionSubject = ({ sessionId }: AnalyticsSession): RevocationSubject => ({
  kind: 'session',
  id: digestOf(sessionId),
});

const nameOf = ({ kind, id }: RevocationSubject): string => `${kind}/${id}`;

function subjectOf(name: string): RevocationSubject {
  const at = name.indexOf('/');
  return { kind: name.slice(0, at) as RevocationSubject['kind'], id: name.slice(at + 1) };
}

/** The subjects that administrators can revoke; a session is ended by its user. */
export interface RevokedSubject extends RevocationSubject {
  readonly kind: Exclude<RevocationSubject['kind'], 'session' | 'admin-session'>;
}

/**
 * Refuses every token and session of a user, a client or an app issued up to now. Throws `DependencyError` when the store fails or the
 * record is corrupt.
 */
export async function revokeSubject(
  { kind, id }: RevokedSubject,
  revocations: Pick<RevocationStore, 'read' | 'replace'>,
  now: number,
  recording: AuditRecording,
): Promise<Result<RevokedSubject & Revocation, 'version_conflict'>> {
  const before = found(await revocations.read({ kind, id }));
  const notBefore = Math.max(now, before?.notBefore ?? 0);
  const entry = entryOf(DEPLOYMENT_SUBJECT, undefined, { kind, id, notBefore }, recording);
  const audited = withEntry(before, entry);
  if (!(await revocations.replace({ kind, id }, { notBefore, ...audited }, before))) return refusal('version_conflict');
  await copyToTrail({ kind: 'revocation', id: `${kind}/${id}`, ...audited }, recording);
  return success({ kind, id, notBefore });
}
