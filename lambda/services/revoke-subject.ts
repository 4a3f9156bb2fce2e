import { DEPLOYMENT_SUBJECT } from '../contract/audit.ts';
import { withEntry } from '../core/audit-outbox.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { Revocation, RevocationSubject } from '../core/security-token.ts';
import { DependencyError, type RevocationStore } from '../ports.ts';
import { type AuditRecording, copyToTrail, entryOf } from './audit-recording.ts';

/** Whom administrators name; a session is ended by its holder. */
export interface RevokedSubject extends RevocationSubject {
  readonly kind: Exclude<RevocationSubject['kind'], 'session' | 'admin-session'>;
}

/**
 * Refuses every token and session of a user, a client or an app issued up to now. Throws `DependencyError` when the store fails or the record
 * is corrupt.
 */
export async function revokeSubject(
  { kind, id }: RevokedSubject,
  revocations: Pick<RevocationStore, 'read' | 'replace'>,
  now: number,
  recording: AuditRecording,
): Promise<Result<RevokedSubject & Revocation, 'version_conflict'>> {
  const stored = await revocations.read({ kind, id });
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  const before = stored.kind === 'found' ? stored.value : undefined;
  const notBefore = Math.max(now, before?.notBefore ?? 0);
  const entry = entryOf(DEPLOYMENT_SUBJECT, undefined, { kind, id, notBefore }, recording);
  const audited = withEntry(before, entry);
  if (!(await revocations.replace({ kind, id }, { notBefore, ...audited }, before))) return refusal('version_conflict');
  await copyToTrail({ kind: 'revocation', id: `${kind}/${id}`, ...audited }, recording);
  return success({ kind, id, notBefore });
}
