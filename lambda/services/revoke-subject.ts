import { DEPLOYMENT_SUBJECT } from '../contract/audit.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { Revocation, RevocationSubject } from '../core/security-token.ts';
import { DependencyError, type RevocationStore } from '../ports.ts';
import { type AuditRecording, copyToTrail, entriesOf, entryOf } from './audit-recording.ts';

/** Whom administrators name; a session is ended by its holder. */
export interface RevokedSubject extends RevocationSubject {
  readonly kind: Exclude<RevocationSubject['kind'], 'session'>;
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
  // The record has room for one entry.
  await recording.trail.append(entriesOf(before?.lastAudit));
  const notBefore = Math.max(now, before?.notBefore ?? 0);
  const entry = entryOf(DEPLOYMENT_SUBJECT, undefined, { kind, id, notBefore }, recording);
  const lastAudit = JSON.stringify(entry);
  if (!(await revocations.replace({ kind, id }, { notBefore, lastAudit }, before))) return refusal('version_conflict');
  await copyToTrail(lastAudit, recording);
  return success({ kind, id, notBefore });
}
