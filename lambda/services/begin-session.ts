import { LOGINS_SUBJECT } from '../contract/audit.ts';
import { newEntryId } from '../core/audit.ts';
import type { IamUser } from '../core/caller-identity.ts';
import { success } from '../core/result.ts';
import { digestOf, newSecretId } from '../core/secret-id.ts';
import type { AuditStore, SessionStore } from '../ports.ts';

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

/** A new session: its id is told this once, as a cookie. */
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

/** The end of every proven login: for a member, an entry in the trail and then a session under a new id. Throws `DependencyError`. */
export async function beginSession(
  { user, isMember, createdAt, kind }: ProvenUser,
  { sessions, trail }: { readonly sessions: SessionStore; readonly trail: AuditStore },
  { requestId, nowMilliseconds: at }: LoginCall,
): Promise<{ readonly ok: true; readonly value: NewSession } | NotInGroup> {
  if (!isMember) return { ok: false, reason: 'not_in_admin_group', user, ...(kind !== undefined && { kind }) };
  const { arn, userId } = user;
  // Before the session: a login that nobody could trace must not be.
  await trail.append([
    {
      id: newEntryId(),
      at,
      subject: LOGINS_SUBJECT,
      action: 'log-in',
      actor: { arn, userId },
      requestId,
      code: 'done',
      ...(kind !== undefined && { after: { kind } }),
    },
  ]);
  const sessionId = newSecretId();
  const lastSeenAt = Math.floor(at / 1_000);
  await sessions.create({ ...user, sessionHash: digestOf(sessionId), createdAt, lastSeenAt, provenAt: at });
  return success({ sessionId, user });
}
