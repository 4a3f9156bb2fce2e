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
  /** SHA-256 of the session id in hex; the id itself is only in the cookie. */
  readonly sessionHash: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** When the login read the group, Unix milliseconds: an older list says nothing about this user. */
  readonly provenAt: number;
}

/** Whether a session has ended: after its idle time, or after its longest lifetime. */
export const isOver = ({ createdAt, lastSeenAt }: AdminSession, nowSeconds: number): boolean =>
  nowSeconds >= lastSeenAt + limits.adminSessionIdleSeconds || nowSeconds >= createdAt + limits.adminSessionSeconds;

/** Whether a use is written: at most once a minute, so the idle time starts up to a minute before the last use. */
const isWorthTouching = ({ lastSeenAt }: AdminSession, nowSeconds: number): boolean =>
  nowSeconds >= lastSeenAt + limits.adminSessionTouchSeconds;

/** Each method throws `DependencyError` when the store fails. */
export interface SessionStore {
  /** Stores a one-time value by its SHA-256 until `expiresAt` (Unix seconds); false when it was used before. */
  useOnce(hash: string, expiresAt: number): Promise<boolean>;
  create(session: AdminSession): Promise<void>;
  read(sessionHash: string): Promise<Stored<AdminSession>>;
  /** Replaces a session if it still exists. */
  replace(session: AdminSession): Promise<void>;
  /** It may already be deleted. */
  delete(sessionHash: string): Promise<void>;
}

export interface AdminSessions {
  readonly ids: SessionIds;
  readonly sessions: SessionStore;
  readonly members: AdminMembers;
}

/**
 * The session of a cookie's values; undefined when it does not exist, has ended, or its user left the group. Two values are treated as
 * none, and a value that we cannot have made costs no read of the store. Throws `DependencyError` when the store or IAM fails.
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

/** The request and its time. */
export interface LoginCall {
  readonly requestId: string;
  readonly nowMilliseconds: number;
}

/** The proven user who logs in. */
export interface ProvenUser {
  readonly user: IamUser;
  readonly isMember: boolean;
  /** Unix seconds of the proof by an access key, from which the longest lifetime of the session counts. */
  readonly createdAt: number;
  /** Set for a login that has no such proof. */
  readonly kind?: 'link';
}

/** A new session. Its id is returned only this once, as a cookie. */
export interface NewSession {
  readonly sessionId: string;
  readonly user: IamUser;
}

/** The user's identity is proven, so the response may say what is missing. */
export interface NotInGroup {
  readonly ok: false;
  readonly reason: 'not_in_admin_group';
  readonly user: IamUser;
  readonly kind?: 'link';
}

/** The dependencies of a new session. */
export interface SessionBeginning extends EntryPlaces {
  readonly ids: SessionIds;
  readonly sessions: SessionStore;
  /** Called when the entry of a login waits because the trail failed. */
  readonly onDelay: (fields: { readonly requestId: string; readonly actor: string; readonly action: string }) => void;
}

/** The last step of every proven login: for a member, an entry in the trail and then a session under a new id. Throws `DependencyError`. */
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
  // Before the session: every login must be traceable. Stored separately, because logging out deletes the session, not the entry.
  await fileOrKeep(entry, places, () => onDelay({ requestId, actor: arn, action }));
  const sessionId = ids.make();
  const lastSeenAt = Math.floor(at / 1_000);
  await sessions.create({ ...user, sessionHash: digestOf(sessionId), createdAt, lastSeenAt, provenAt: at });
  return success({ sessionId, user });
}

/**
 * Logs an administrator out. The entry is stored as that of a revocation before the session is deleted, so it reaches the trail even if
 * that fails now, or if this function ends in between. Throws `DependencyError` when the session could not be ended.
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
  // If two requests do so at the same time, the other one has the entry.
  if (isFirst) await copyToTrail({ kind: 'revocation', id: `admin-session/${sessionHash}`, ...audited }, recording);
}
