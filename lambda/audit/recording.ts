import { DependencyError } from '../platform/stored.ts';
import { type Actor, type AuditEntry, type AuditTrail, changedMembers, newEntryId } from './entry.ts';
import type { WaitingRecord } from './outbox.ts';
import type { AuditRecovery } from './recovery.ts';

/** The origin of a change: administrator, request and time. */
export interface AuditRecording {
  readonly trail: AuditTrail;
  readonly recovery: AuditRecovery;
  readonly actor: Actor;
  readonly action: string;
  readonly requestId: string;
  readonly nowMilliseconds: number;
  /** Called when a change was made and its entry waits in the record because the trail failed. */
  readonly onDelay: () => void;
}

/** The entry of a change, from descriptions of the resource before and after. */
export function entryOf(
  subject: string,
  before: object | undefined,
  after: object,
  { nowMilliseconds: at, action, actor, requestId }: AuditRecording,
): AuditEntry {
  return { id: newEntryId(), at, subject, action, actor, requestId, code: 'done', ...changedMembers(before, after) };
}

/**
 * Copies the entries of a changed record to the trail. They are already safe in the record, so a failing trail does not fail the change. If
 * the trail responds, the waiting entries of other records are copied, too.
 */
export async function copyToTrail(
  record: WaitingRecord,
  { recovery, onDelay }: Pick<AuditRecording, 'recovery' | 'onDelay'>,
): Promise<void> {
  try {
    await recovery.copy(record);
    await recovery.recoverSometimes();
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    onDelay();
  }
}
