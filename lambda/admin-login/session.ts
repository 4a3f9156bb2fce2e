import { LOGINS_SUBJECT, LOGOUTS_SUBJECT } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import type { RevocationStore } from '../analytics/security-token.ts';
import { newEntryId } from '../audit/entry.ts';
import { type EntryPlaces, fileOrKeep } from '../audit/kept-entries.ts';
import { withEntry } from '../audit/outbox.ts';
import { type AuditRecording, copyToTrail, entryOf } from '../audit/recording.ts';
import { success } from '../crypto/result.ts';
import { digestOf } from '../crypto/secret-id.ts';
import { found, type Stored } from '../platform/stored.ts';
import type { IamUser } from './caller-identity.ts';
import type { AdminMembers } from './members.ts';
import type { SessionIds } from './session-id.ts';

/** A System Administrator's login. Times are Unix seconds. */
export interface AdminSession extends IamUser {
  /** SHA-256 of the session id in hex: the id itself is only in the cookie. */
  readonly sessionHash: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** When the login asked who is in the group, Unix milliseconds: an older answer does not speak of this user. */
  readonly provenAt: number;
}

/** Whether a session has ended by time: idle too long, or old. */
export const isOver = ({ createdAt, lastSeenAt }: AdminSession, nowSeconds: number): boolean =>
  nowSeconds >= lastSeenAt + limits.adminSessionIdleSeconds || nowSeconds >= createdAt + limits.adminSessionSeconds;

/** Whether a use of it is worth a write: only once a minute, so the idle time counts from at most a minute before the last use. */
const isWorthTouching = ({ lastSeenAt }: AdminSession, nowSeconds: number): boolean =>
  nowSeconds >= lastSeenAt + limits.adminSessionTouchSeconds;

/** Each method throws `DependencyError` when the store fails. */
export interface SessionStore {
  /** Remembers a one-time value by its SHA-256 until `expiresAt` (Unix seconds); false when it was used before. */
  useOnce(hash: string, expiresAt: number): Promise<boolean>;
  create(session: AdminSession): Promise<void>;
  read(sessionHash: string): Promise<Stored<AdminSession>>;
  /** Writes a session over itself if it still exists. */
  replace(session: AdminSession): Promise<void>;
  /** It may be gone already. */
  delete(sessionHash: string): Promise<void>;
}

export interface AdminSessions {
  readonly ids: SessionIds;
  readonly sessions: SessionStore;
  readonly members: AdminMembers;
}

/**
 * The session behind a cookie's values; undefined when there is none, it is over, or its user left the group. Two values are nobody's, and one that we
 * cannot have made costs no look at the store.
 * Throws `DependencyError` when the store or IAM fails.
 */
export async function authenticateSession(
  sessionIds: readonly string[],
  { ids, sessions, members }: AdminSessions,
  nowSeconds: number,
): Promise<AdminSession | undefined> {
  const [sessionId = ''] = sessionIds;
  if (sessionIds.length !== 1 || !ids.isOurs(sessionId)) return undefined;
  const session = found(await sessions.read(digestOf(sessionId)));
  if (session === undefined || isOver(session, nowSeconds)) return undefined;
  if (!(await members.isMember(session.userId, session.provenAt))) return undefined;
  if (isWorthTouching(session, nowSeconds)) await sessions.replace({ ...session, lastSeenAt: nowSeconds });
  return session;
}

/** In which request, when. */
export interface LoginCall {
  readonly requestId: string;
  readonly nowMilliseconds: number;
}

/** Who logs in, as it was proven. */
export interface ProvenUser {
  readonly user: IamUser;
  readonly isMember: boolean;
  /** Unix seconds of the proof by an access key, from which the longest life of the session counts. */
  readonly createdAt: number;
  /** Set for a login without such a proof of its own. */
  readonly kind?: 'link';
}

/** A new session: its id is returned this once, as a cookie. */
export interface NewSession {
  readonly sessionId: string;
  readonly user: IamUser;
}

/** Who they are is proven; they may know what is missing. */
export interface NotInGroup {
  readonly ok: false;
  readonly reason: 'not_in_admin_group';
  readonly user: IamUser;
  readonly kind?: 'link';
}

/** What a session begins with. */
export interface SessionBeginning extends EntryPlaces {
  readonly ids: SessionIds;
  readonly sessions: SessionStore;
  /** Called when the entry of a login waits because the trail failed. */
  readonly onDelay: (fields: { readonly requestId: string; readonly actor: string; readonly action: string }) => void;
}

/** The end of every proven login: for a member, an entry in the trail and then a session under a new id. Throws `DependencyError`. */
export async function beginSession(
  { user, isMember, createdAt, kind }: ProvenUser,
  { ids, sessions, onDelay, ...places }: SessionBeginning,
  { requestId, nowMilliseconds: at }: LoginCall,
): Promise<{ readonly ok: true; readonly value: NewSession } | NotInGroup> {
  if (!isMember) return { ok: false, reason: 'not_in_admin_group', user, ...(kind !== undefined && { kind }) };
  const { arn, userId } = user;
  const action = 'log-in';
  const entry = {
    ...{ id: newEntryId(), at, subject: LOGINS_SUBJECT, action, actor: { arn, userId }, requestId, code: 'done' },
    ...(kind !== undefined && { after: { kind } }),
  };
  // Before the session: a login that nobody could trace must not be. Apart from it: logging out deletes the session, not the entry.
  await fileOrKeep(entry, places, () => onDelay({ requestId, actor: arn, action }));
  const sessionId = ids.make();
  const lastSeenAt = Math.floor(at / 1_000);
  await sessions.create({ ...user, sessionHash: digestOf(sessionId), createdAt, lastSeenAt, provenAt: at });
  return success({ sessionId, user });
}

/**
 * Logs an administrator out. The entry is kept as that of a revocation, before the session is deleted: so it gets to the trail even if that
 * fails now, or this function ends in between. Throws `DependencyError` when the session could not be ended.
 */
export async function endSession(
  sessionHash: string,
  stores: { readonly revocations: Pick<RevocationStore, 'replace'>; readonly sessions: Pick<SessionStore, 'delete'> },
  now: number,
  recording: AuditRecording,
): Promise<void> {
  const { after: _nothing, ...entry } = entryOf(LOGOUTS_SUBJECT, undefined, {}, recording);
  const audited = withEntry(undefined, entry);
  const subject = { kind: 'admin-session', id: sessionHash } as const;
  const isFirst = await stores.revocations.replace(subject, { notBefore: now, ...audited }, undefined);
  await stores.sessions.delete(sessionHash);
  // Of two at the same time the other one has the entry.
  if (isFirst) await copyToTrail({ kind: 'revocation', id: `admin-session/${sessionHash}`, ...audited }, recording);
}
