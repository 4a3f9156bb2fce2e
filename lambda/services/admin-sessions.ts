import { type AdminSession, isOver, isWorthTouching } from '../core/admin-session.ts';
import { digestOf, isSecretId } from '../core/secret-id.ts';
import { DependencyError, type SessionStore } from '../ports.ts';
import type { AdminMembers } from './admin-members.ts';

/**
 * The session behind a cookie's values; undefined when there is none, it is over, or its user left the group. Two values are nobody's.
 * Throws `DependencyError` when the store or IAM fails.
 */
export async function authenticateSession(
  sessionIds: readonly string[],
  { sessions, members }: { readonly sessions: SessionStore; readonly members: AdminMembers },
  nowSeconds: number,
): Promise<AdminSession | undefined> {
  const [sessionId = ''] = sessionIds;
  if (sessionIds.length !== 1 || !isSecretId(sessionId)) return undefined;
  const stored = await sessions.read(digestOf(sessionId));
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  if (stored.kind === 'absent' || isOver(stored.value, nowSeconds)) return undefined;
  if (!(await members.isMember(stored.value.userId, stored.value.provenAt))) return undefined;
  if (isWorthTouching(stored.value, nowSeconds)) await sessions.replace({ ...stored.value, lastSeenAt: nowSeconds });
  return stored.value;
}
