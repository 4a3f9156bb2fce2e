import type { ErrorCode } from '../contract/errors.ts';
import { retireOldKey, undoRotation } from '../core/key-life.ts';
import { readShopUrl } from '../core/origin.ts';
import {
  checkMember,
  type Normalized,
  notesOn,
  type RegistrationNotes,
  registerOrigins,
} from '../core/registration.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { Shop } from '../core/shop.ts';
import {
  addOrigins,
  removeOrigins,
  revokeTokens,
  type ShopSwitches,
  setSwitches,
  setUrl,
  undoRevokeTokens,
} from '../core/shop-changes.ts';
import { DependencyError } from '../ports.ts';
import type { AuditRecording } from './audit-recording.ts';
import { type Rotation, resetShopKeys, rotateShopKey } from './change-keys.ts';
import { changeShop } from './change-shop.ts';
import { createShop, type NewShop, type ShopCreation } from './create-shop.ts';
import { deleteShop } from './delete-shop.ts';

/** A change of one shop; `expectedVersions` are the versions that the administrator accepts, if given. */
interface ShopTarget {
  readonly shopId: string;
  readonly expectedVersions?: readonly number[];
}

/** What can be edited of a shop; what is absent stays as it is. */
export interface ShopEdit extends ShopSwitches {
  readonly name?: string;
  readonly url?: string;
  /** Whether the origins of the old URL are replaced by those of the new one. Default: no. */
  readonly moveOrigins?: boolean;
  /** With `moveOrigins`: only the URL's own origin, not its `www.` sibling. Default: no. */
  readonly exact?: boolean;
}

/** What an administrator can ask for. */
export type ShopAdminRequest =
  | ({ readonly action: 'create-shop' } & NewShop)
  | ({ readonly action: 'show-shop' } & ShopTarget)
  | ({ readonly action: 'reset-keys' } & ShopTarget)
  | ({ readonly action: 'retire-key' | 'undo-rotation' | 'revoke-tokens' | 'undo-revoke-tokens' } & ShopTarget)
  | ({ readonly action: 'rotate-key' } & ShopTarget & Rotation)
  | ({ readonly action: 'delete-shop' } & ShopTarget)
  | ({ readonly action: 'set-switches'; readonly switches: ShopEdit } & ShopTarget)
  | ({ readonly action: 'add-origins'; readonly origins: readonly string[]; readonly app: boolean } & ShopTarget)
  | ({ readonly action: 'remove-origins'; readonly origins: readonly string[] } & ShopTarget);

/** Why a request is not carried out, by the catalogue. */
export type AdminRefusal = ErrorCode;

/** The shop as it is afterwards, if there is one, and a new API key where one was made. */
export interface Administered {
  readonly shop?: Shop;
  readonly apiKey?: string;
  readonly notes?: RegistrationNotes;
}

/** Carries out one request. Throws `DependencyError` when a store fails. */
export async function administerShop(
  request: ShopAdminRequest,
  creation: ShopCreation,
  now: number,
  recording?: AuditRecording,
): Promise<Result<Administered, AdminRefusal>> {
  switch (request.action) {
    case 'create-shop':
      return createShop(request, creation, now, recording);
    case 'show-shop':
      return showShop(request.shopId, creation);
    case 'rotate-key':
      return rotateShopKey(request.shopId, request, creation, now, { ...request, recording });
    case 'reset-keys':
      return resetShopKeys(request.shopId, creation, now, { ...request, recording });
    case 'delete-shop': {
      const deleted = await deleteShop(creation.shopStore, request.shopId, now, { ...request, recording });
      return deleted.ok ? success({}) : deleted;
    }
    default: {
      const { shopId, expectedVersions } = request;
      const change = changeOf(request, creation, now);
      if (!change.ok) return change;
      const { apply, notes } = change.value;
      const changed = await changeShop(creation.shopStore, shopId, apply, { expectedVersions, recording });
      return changed.ok ? success({ shop: changed.value, ...(notes !== undefined && { notes }) }) : changed;
    }
  }
}

type SimpleRequest = Exclude<
  ShopAdminRequest,
  { action: 'create-shop' | 'show-shop' | 'rotate-key' | 'reset-keys' | 'delete-shop' }
>;

interface ShopChange {
  apply(shop: Shop): Result<Shop, AdminRefusal>;
  readonly notes?: RegistrationNotes;
}

/** The change that a request means, with the addresses in it read once for all attempts. */
function changeOf(
  request: SimpleRequest,
  { keyEnvironment }: ShopCreation,
  now: number,
): Result<ShopChange, AdminRefusal> {
  const production = keyEnvironment === 'live';
  const changing = (apply: ShopChange['apply']) => success({ apply });
  switch (request.action) {
    case 'retire-key':
      return changing((shop) => retireOldKey(shop, now));
    case 'undo-rotation':
      return changing((shop) => undoRotation(shop, now));
    case 'revoke-tokens':
      return changing((shop) => success(revokeTokens(shop, now)));
    case 'undo-revoke-tokens':
      return changing(undoRevokeTokens);
    case 'set-switches':
      return editOf(request.switches, production, now);
    case 'add-origins': {
      const { origins, app } = request;
      const registered = registerOrigins('origins', origins, { production, app });
      if (!registered.ok) return registered;
      const apply = (shop: Shop) => addOrigins(shop, registered.value.origins);
      return success({ apply, notes: notesOn(registered.value.read, app) });
    }
    case 'remove-origins':
      return changing((shop) => removeOrigins(shop, request.origins));
    default:
      return request satisfies never;
  }
}

function editOf(
  { name, url: given, moveOrigins = false, exact = false, ...switches }: ShopEdit,
  production: boolean,
  now: number,
): Result<ShopChange, AdminRefusal> {
  const url = given === undefined ? undefined : readShopUrl(given, { production });
  if (url?.ok === false) return refusal(url.reason, checkMember('url'));
  const read: Normalized[] = given === undefined || url === undefined ? [] : [{ given, stored: url.value }];
  const apply = (shop: Shop): Result<Shop, AdminRefusal> => {
    const set = setSwitches(shop, switches, now);
    const named = name === undefined ? set : { ...set, name };
    return url === undefined ? success(named) : setUrl(named, { url: url.value, moveOrigins, exact }, production);
  };
  return success({ apply, notes: notesOn(read, false) });
}

async function showShop(shopId: string, { shopStore }: ShopCreation): Promise<Result<Administered, 'shop_not_found'>> {
  const stored = await shopStore.read(shopId);
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  return stored.kind === 'found' ? success({ shop: stored.value }) : refusal('shop_not_found');
}
