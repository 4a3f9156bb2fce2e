import type { RegistrationNotes } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { type OriginRefusal, originsOfShopUrl, readOrigin, readShopUrl } from './origin.ts';
import { checkMember, type Normalized, notesOn } from './registration.ts';
import type { Shop } from './shop.ts';

/** Revokes every token stamped up to now. Source: contract §4.2. */
export const revokeTokens = (shop: Shop, now: number): Shop => ({
  ...shop,
  tokensNotBefore: now,
  tokensNotBeforeUndo: shop.tokensNotBefore,
});

/** Undoes the last revocation; the tokens that it revoked are accepted again. */
export function undoRevokeTokens(shop: Shop): Result<Shop, 'nothing_to_undo'> {
  const { tokensNotBeforeUndo, ...rest } = shop;
  return tokensNotBeforeUndo === undefined
    ? refusal('nothing_to_undo')
    : success({ ...rest, tokensNotBefore: tokensNotBeforeUndo });
}

/** Allows origins that were parsed for registration. */
export function addOrigins(shop: Shop, origins: readonly string[]): Result<Shop, 'too_many_origins'> {
  const all = [...new Set([...shop.origins, ...origins])];
  return all.length > limits.maxOriginsPerShop ? refusal('too_many_origins') : success({ ...shop, origins: all });
}

/** Removes origins, in any spelling that registration accepts. An origin that the shop does not have is reported as a mistake. */
export function removeOrigins(shop: Shop, given: readonly string[]): Result<Shop, 'unknown_origin'> {
  const removed = new Set<string>();
  for (const [at, text] of given.entries()) {
    const origin = shop.origins.includes(text) ? text : storedAs(text);
    if (origin === undefined || !shop.origins.includes(origin))
      return refusal('unknown_origin', checkMember(`origins[${at}]`));
    removed.add(origin);
  }
  return success({ ...shop, origins: shop.origins.filter((origin) => !removed.has(origin)) });
}

function storedAs(text: string): string | undefined {
  const read = readOrigin(text, { production: false });
  return read.ok ? read.value : undefined;
}

/** The switches of a shop. */
export type ShopSwitches = Partial<Pick<Shop, 'disabled' | 'issuingPaused' | 'requireOrigin'>>;

/**
 * Sets switches. Disabling a shop records the time, because the shop can be deleted some time after that. Enabling it cancels an unfinished
 * deletion: the next deletion must meet its conditions again.
 */
export function setSwitches({ disabledAt, deletedAt, ...shop }: Shop, switches: ShopSwitches, now: number): Shop {
  const changed = { ...shop, ...switches };
  if (!changed.disabled) return changed;
  return { ...changed, disabledAt: disabledAt ?? now, ...(deletedAt !== undefined && { deletedAt }) };
}

export interface NewAddress {
  /** As `readShopUrl` returns it. */
  readonly url: string;
  /** Whether the origins of the old URL are replaced by those of the new one; otherwise all origins remain. */
  readonly moveOrigins: boolean;
  /** With `moveOrigins`: only the URL's own origin, not its `www.` sibling. */
  readonly exact: boolean;
}

/** Changes the address of a shop. */
export function setUrl(
  shop: Shop,
  { url, moveOrigins, exact }: NewAddress,
  production: boolean,
): Result<Shop, 'too_many_origins'> {
  if (!moveOrigins) return success({ ...shop, url });
  // A record of an earlier release may contain the address as it was typed.
  const before = readShopUrl(shop.url, { production: false });
  const old = new Set(before.ok ? originsOfShopUrl(before.value, false, { production: false }) : []);
  const kept = shop.origins.filter((origin) => !old.has(origin));
  return addOrigins({ ...shop, url, origins: originsOfShopUrl(url, exact, { production }) }, kept);
}

/** The editable values of a shop; absent ones remain unchanged. */
export interface ShopEdit extends ShopSwitches {
  readonly name?: string;
  readonly url?: string;
  /** Whether the origins of the old URL are replaced by those of the new one. Default: no. */
  readonly moveOrigins?: boolean;
  /** With `moveOrigins`: only the URL's own origin, not its `www.` sibling. Default: no. */
  readonly exact?: boolean;
}

/** A change of a shop, parsed from a request once for all attempts to write it. */
interface ReadEdit {
  apply(shop: Shop): Result<Shop, EditRefusal>;
  readonly notes: RegistrationNotes;
}

type EditRefusal = OriginRefusal | 'too_many_origins';

/** Parses an edit: name, address and switches. */
export function editShop(
  { name, url: given, moveOrigins = false, exact = false, ...switches }: ShopEdit,
  production: boolean,
  now: number,
): Result<ReadEdit, EditRefusal> {
  const url = given === undefined ? undefined : readShopUrl(given, { production });
  if (url?.ok === false) return refusal(url.reason, checkMember('url'));
  const read: Normalized[] = given === undefined || url === undefined ? [] : [{ given, stored: url.value }];
  const apply = (shop: Shop): Result<Shop, EditRefusal> => {
    const set = setSwitches(shop, switches, now);
    const named = name === undefined ? set : { ...set, name };
    return url === undefined ? success(named) : setUrl(named, { url: url.value, moveOrigins, exact }, production);
  };
  return success({ apply, notes: notesOn(read, false) });
}
