import { LOGINS_SUBJECT } from '../contract/audit.ts';
import { withEntry } from '../core/audit-outbox.ts';
import type { RevocationStore, SessionStore } from '../ports.ts';
import { type AuditRecording, copyToTrail, entryOf } from './audit-recording.ts';

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
  const { after: _nothing, ...entry } = entryOf(LOGINS_SUBJECT, undefined, {}, recording);
  const audited = withEntry(undefined, entry);
  const subject = { kind: 'admin-session', id: sessionHash } as const;
  const isFirst = await stores.revocations.replace(subject, { notBefore: now, ...audited }, undefined);
  await stores.sessions.delete(sessionHash);
  // Of two at the same time the other one has the entry.
  if (isFirst) await copyToTrail({ kind: 'revocation', id: `admin-session/${sessionHash}`, ...audited }, recording);
}
