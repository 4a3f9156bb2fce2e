import type { ErrorCode } from '../contract/errors.ts';
import { retireOldKey, undoRotation } from '../core/key-life.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { Shop } from '../core/shop.ts';
import {
  addOrigins,
  removeOrigins,
  revokeTokens,
  type ShopSwitches,
  setSwitches,
  undoRevokeTokens,
} from '../core/shop-changes.ts';
import { DependencyError } from '../ports.ts';
import type { AuditRecording } from './audit-recording.ts';
import { type Rotation, resetShopKeys, rotateShopKey } from './change-keys.ts';
import { changeShop } from './change-shop.ts';
import { createShop, type NewShop, type ShopCreation } from './create-shop.ts';

/** A change of one shop; `expectedVersion` is the version that the administrator looked at, if given. */
interface ShopTarget {
  readonly shopId: string;
  readonly expectedVersion?: number;
}

/** What an administrator can ask for. */
export type ShopAdminRequest =
  | ({ readonly action: 'create-shop' } & NewShop)
  | ({ readonly action: 'show-shop' } & ShopTarget)
  | ({ readonly action: 'reset-keys' } & ShopTarget)
  | ({ readonly action: 'retire-key' | 'undo-rotation' | 'revoke-tokens' | 'undo-revoke-tokens' } & ShopTarget)
  | ({ readonly action: 'rotate-key' } & ShopTarget & Rotation)
  | ({ readonly action: 'set-switches'; readonly switches: ShopSwitches } & ShopTarget)
  | ({ readonly action: 'add-origins' | 'remove-origins'; readonly origins: readonly string[] } & ShopTarget);

/** Why a request is not carried out, by the catalogue. */
export type AdminRefusal = ErrorCode;

/** The shop as it is afterwards, and a new API key where one was made. */
export interface Administered {
  readonly shop: Shop;
  readonly apiKey?: string;
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
    default: {
      const { shopId, expectedVersion } = request;
      const change = changeOf(request, creation, now);
      const changed = await changeShop(creation.shopStore, shopId, change, { expectedVersion, recording });
      return changed.ok ? success({ shop: changed.value }) : changed;
    }
  }
}

type SimpleRequest = Exclude<ShopAdminRequest, { action: 'create-shop' | 'show-shop' | 'rotate-key' | 'reset-keys' }>;

function changeOf(
  request: SimpleRequest,
  { keyEnvironment }: ShopCreation,
  now: number,
): (shop: Shop) => Result<Shop, AdminRefusal> {
  switch (request.action) {
    case 'retire-key':
      return (shop) => retireOldKey(shop, now);
    case 'undo-rotation':
      return (shop) => undoRotation(shop, now);
    case 'revoke-tokens':
      return (shop) => success(revokeTokens(shop, now));
    case 'undo-revoke-tokens':
      return undoRevokeTokens;
    case 'set-switches':
      return (shop) => success(setSwitches(shop, request.switches));
    case 'add-origins':
      return (shop) => addOrigins(shop, request.origins, { production: keyEnvironment === 'live' });
    case 'remove-origins':
      return (shop) => removeOrigins(shop, request.origins);
    default:
      return request satisfies never;
  }
}

async function showShop(shopId: string, { shopStore }: ShopCreation): Promise<Result<Administered, 'shop_not_found'>> {
  const stored = await shopStore.read(shopId);
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  return stored.kind === 'found' ? success({ shop: stored.value }) : refusal('shop_not_found');
}
