import { limits } from '../contract/limits.ts';
import { digestOf } from '../core/secret-id.ts';
import type { AnalyticsSession, Revocation, RevocationSubject, SecurityToken } from '../core/security-token.ts';
import type { ServiceKey } from '../core/service-key.ts';
import { type Clock, DependencyError, type Random, type RevocationStore, type Stored } from '../ports.ts';
import { RecordCache, type RecordReading } from './record-cache.ts';

export interface RevocationsOptions {
  readonly store: Pick<RevocationStore, 'read' | 'put'>;
  readonly keys: RecordCache<Stored<ServiceKey>>;
  readonly now: Clock;
  readonly random: Random;
}

/** Tells whether a token or session was revoked: with its user, app, client or session, or with the key that it came from. */
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
      // That there is none was read, too: a store that fails must not end every session.
      staleSeconds: ({ kind }) => (kind === 'corrupt' ? 0 : limits.shopStaleSeconds),
      maxEntries: limits.shopCacheEntries,
      now,
      random,
    });
  }

  /**
   * The key that a live token or session came from; undefined when it is revoked. Throws `DependencyError` when that can't be told.
   * All records are read at the same time, and none when they are in memory.
   */
  async keyOf(token: SecurityToken | AnalyticsSession, reading: RecordReading): Promise<ServiceKey | undefined> {
    const reads = subjectsOf(token).map((subject) => this.#records.get(nameOf(subject), reading));
    const [key, ...revocations] = await Promise.all([this.#keys.get(token.keyId, reading), ...reads]);
    if (key.kind === 'corrupt' || revocations.some(({ kind }) => kind === 'corrupt'))
      throw new DependencyError('a stored record is corrupt');
    const revoked = revocations.some((stored) => stored.kind === 'found' && token.issuedAt <= stored.value.notBefore);
    if (key.kind === 'absent' || revoked || !vouchesFor(key.value, token)) return undefined;
    return key.value;
  }

  /** Ends a session for everybody who holds a copy of it: here at once, elsewhere within the published bound. Throws `DependencyError`. */
  async endSession(session: AnalyticsSession, nowSeconds: number): Promise<void> {
    const subject = sessionSubject(session);
    await this.#store.put(subject, { notBefore: Math.max(nowSeconds, session.issuedAt) });
    this.#records.forget(nameOf(subject));
  }
}

/**
 * Whether a key vouches for what it got. A token stamped soon after the end of a key that was rotated comes from a function that did not know of
 * the end yet, and lives; after the end of one that was revoked it does not. Source: contract §4.2.
 */
function vouchesFor({ tokensNotBefore, credentialUntil }: ServiceKey, { issuedAt }: SecurityToken): boolean {
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
