import { limits } from '#contract/limits.ts';
import type { AuditEntry } from '../audit/entry.ts';
import { waitingEntries, withEntry } from '../audit/outbox.ts';
import { type AuditRecording, copyToTrail, entryOf } from '../audit/recording.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { found } from '../platform/stored.ts';
import { describeShop, type Shop, type ShopStore } from './shop.ts';

/** The entry of a change of a shop, for the record itself. */
export const entryOfChange = (before: Shop | undefined, after: Shop, recording: AuditRecording): AuditEntry =>
  entryOf(after.shopId, before && describeShop(before), describeShop(after), recording);

export interface ChangeOptions {
  /** The versions that the caller accepts; absent: any. */
  readonly expectedVersions?: readonly number[] | undefined;
  /** Absent for changes that no administrator requested, such as resealing. */
  readonly recording?: AuditRecording | undefined;
}

export type ChangeRefusal = 'shop_not_found' | 'version_conflict';

/**
 * Changes a shop as one conditional write: the record is replaced only if it was not replaced since it was read. If two administrators act
 * at the same time, the second gets `version_conflict`, and nothing is half done. Throws `DependencyError` when the store fails or the
 * record is corrupt.
 */
export async function changeShop<Reason extends string>(
  store: ShopStore,
  shopId: string,
  change: (shop: Shop) => Promise<Result<Shop, Reason>> | Result<Shop, Reason>,
  { expectedVersions, recording }: ChangeOptions = {},
): Promise<Result<Shop, Reason | ChangeRefusal>> {
  const shop = found(await store.read(shopId));
  if (shop === undefined) return refusal('shop_not_found');
  if (expectedVersions?.includes(shop.version) === false) return refusal('version_conflict');
  const changed = await change(shop);
  if (!changed.ok) return changed;
  const audited = recording && withEntry(shop, entryOfChange(shop, changed.value, recording));
  const next = { ...changed.value, version: shop.version + 1, ...audited };
  if (!(await store.replace(next))) return refusal('version_conflict');
  if (recording) await copyToTrail({ kind: 'shop', id: shopId, ...audited }, recording);
  return success(next);
}

/**
 * Deletes a shop that has been disabled for a day. First it loses its keys and origins, in one write with the audit entry of the deletion;
 * the record is deleted once all of its entries are in the trail. If the second step fails, repeating the call finishes it. Its key records
 * remain: a key that no shop lists opens nothing. Throws `DependencyError` when a store or the trail fails.
 */
export async function deleteShop(
  store: ShopStore,
  shopId: string,
  now: number,
  options: ChangeOptions,
): Promise<Result<undefined, ChangeRefusal | 'shop_not_deletable'>> {
  const begun = found(await store.read(shopId));
  const emptied =
    begun?.deletedAt === undefined
      ? await changeShop(store, shopId, (shop) => emptyForDeletion(shop, now), options)
      : success(begun);
  if (!emptied.ok) return emptied;
  // The record contains entries that the trail does not have yet; until then, the record must remain.
  await options.recording?.trail.append(waitingEntries(emptied.value));
  return (await store.delete(emptied.value)) ? success(undefined) : refusal('version_conflict');
}

function emptyForDeletion(shop: Shop, now: number): Result<Shop, 'shop_not_deletable'> {
  if (!shop.disabled) return refusal('shop_not_deletable', 'It is enabled.');
  // A record of an earlier release has no time of disabling.
  if (shop.disabledAt === undefined)
    return refusal('shop_not_deletable', 'The time since which it is disabled is unknown: disable it again first.');
  const deletableAt = shop.disabledAt + limits.shopDeletableAfterSeconds;
  if (now < deletableAt)
    return refusal('shop_not_deletable', `Possible from ${new Date(deletableAt * 1_000).toISOString()}.`);
  return success({ ...shop, origins: [], keys: [], deletedAt: now });
}
