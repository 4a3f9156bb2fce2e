import { limits } from '../contract/limits.ts';
import { waitingEntries } from '../core/audit-outbox.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { Shop } from '../core/shop.ts';
import { DependencyError, type ShopStore } from '../ports.ts';
import { type ChangeOptions, type ChangeRefusal, changeShop } from './change-shop.ts';

/**
 * Deletes a shop that has been disabled for a day. First it loses its keys and origins, in one write with the audit entry of the deletion;
 * once all of its entries are in the trail, the record goes. If the second step fails, repeating the call finishes it. Its key records stay: a key
 * that no shop lists opens nothing. Throws `DependencyError` when a store or the trail fails.
 */
export async function deleteShop(
  store: ShopStore,
  shopId: string,
  now: number,
  options: ChangeOptions,
): Promise<Result<undefined, ChangeRefusal | 'shop_not_deletable'>> {
  const stored = await store.read(shopId);
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  const isBegun = stored.kind === 'found' && stored.value.deletedAt !== undefined;
  const emptied = isBegun
    ? success(stored.value)
    : await changeShop(store, shopId, (shop) => emptyForDeletion(shop, now), options);
  if (!emptied.ok) return emptied;
  // The record holds what the trail does not have yet; until it has, the record must not go.
  await options.recording?.trail.append(waitingEntries(emptied.value));
  return (await store.delete(emptied.value)) ? success(undefined) : refusal('version_conflict');
}

function emptyForDeletion(shop: Shop, now: number): Result<Shop, 'shop_not_deletable'> {
  if (!shop.disabled) return refusal('shop_not_deletable', 'It is enabled.');
  // A record of an earlier release does not say since when.
  if (shop.disabledAt === undefined)
    return refusal('shop_not_deletable', 'It does not say since when it is disabled: disable it again first.');
  const deletableAt = shop.disabledAt + limits.shopDeletableAfterSeconds;
  if (now < deletableAt)
    return refusal('shop_not_deletable', `Possible from ${new Date(deletableAt * 1_000).toISOString()}.`);
  return success({ ...shop, origins: [], keys: [], deletedAt: now });
}
