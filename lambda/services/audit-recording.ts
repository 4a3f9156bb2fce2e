import { type Actor, type AuditEntry, changedMembers, describeShop, newEntryId } from '../core/audit.ts';
import type { Shop } from '../core/shop.ts';
import { type AuditStore, DependencyError } from '../ports.ts';

/** What makes a change traceable: who asked for what, when, in which request. */
export interface AuditRecording {
  readonly trail: AuditStore;
  readonly actor: Actor;
  readonly action: string;
  readonly requestId: string;
  readonly nowMilliseconds: number;
  /** Called when a change was made and its entry waits in the record because the trail failed. */
  readonly onDelay: () => void;
}

/** The entry of a change of a shop, for the record itself. */
export const entryOfChange = (before: Shop | undefined, after: Shop, recording: AuditRecording): AuditEntry =>
  entryOf(after.shopId, before && describeShop(before), describeShop(after), recording);

/** The entry of a change of something that is described so before and after. */
export function entryOf(
  subject: string,
  before: object | undefined,
  after: object,
  { nowMilliseconds: at, action, actor, requestId }: AuditRecording,
): AuditEntry {
  return { id: newEntryId(), at, subject, action, actor, requestId, code: 'done', ...changedMembers(before, after) };
}

/** What a record's `lastAudit` holds. */
export const entriesOf = (lastAudit: string | undefined): AuditEntry[] =>
  lastAudit === undefined ? [] : [JSON.parse(lastAudit) as AuditEntry];

/**
 * Copies a record's entry to the trail. It is safe in the record already, so a trail that fails fails no change: the next change of that
 * record, or a look at its trail, copies it before anything else.
 */
export async function copyToTrail(lastAudit: string | undefined, recording: AuditRecording): Promise<void> {
  try {
    await recording.trail.append(entriesOf(lastAudit));
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    recording.onDelay();
  }
}
