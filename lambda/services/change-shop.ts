import { withEntry } from '../core/audit-outbox.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { Shop } from '../core/shop.ts';
import { DependencyError, type ShopStore } from '../ports.ts';
import { type AuditRecording, copyToTrail, entryOfChange } from './audit-recording.ts';

export interface ChangeOptions {
  /** The versions that the caller accepts; absent: any. */
  readonly expectedVersions?: readonly number[] | undefined;
  /** Absent for changes that nobody asked for, such as sealing anew. */
  readonly recording?: AuditRecording | undefined;
}

export type ChangeRefusal = 'shop_not_found' | 'version_conflict';

/**
 * Changes a shop as one conditional write: what was read is replaced only if nobody replaced it meanwhile. Of two administrators who act at
 * once the second gets `version_conflict`, and nothing is half done.
 * Throws `DependencyError` when the store fails or the record is corrupt.
 */
export async function changeShop<Reason extends string>(
  store: ShopStore,
  shopId: string,
  change: (shop: Shop) => Promise<Result<Shop, Reason>> | Result<Shop, Reason>,
  { expectedVersions, recording }: ChangeOptions = {},
): Promise<Result<Shop, Reason | ChangeRefusal>> {
  const stored = await store.read(shopId);
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  if (stored.kind === 'absent') return refusal('shop_not_found');
  if (expectedVersions?.includes(stored.value.version) === false) return refusal('version_conflict');
  const changed = await change(stored.value);
  if (!changed.ok) return changed;
  const audited = recording && withEntry(stored.value, entryOfChange(stored.value, changed.value, recording));
  const next = { ...changed.value, version: stored.value.version + 1, ...audited };
  if (!(await store.replace(next))) return refusal('version_conflict');
  if (recording) await copyToTrail({ kind: 'shop', id: shopId, ...audited }, recording);
  return success(next);
}
