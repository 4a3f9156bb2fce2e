import { limits } from '../contract/limits.ts';
import { checkOrigin, type OriginRefusal, type OriginRules } from './origin.ts';
import { type Result, refusal, success } from './result.ts';
import type { Shop } from './shop.ts';

/** Revokes every token stamped up to now. Source: contract §4.2. */
export const revokeTokens = (shop: Shop, now: number): Shop => ({
  ...shop,
  tokensNotBefore: now,
  tokensNotBeforeUndo: shop.tokensNotBefore,
});

/** Takes the last revocation back; the tokens that it revoked are accepted again. */
export function undoRevokeTokens(shop: Shop): Result<Shop, 'nothing_to_undo'> {
  const { tokensNotBeforeUndo, ...rest } = shop;
  return tokensNotBeforeUndo === undefined
    ? refusal('nothing_to_undo')
    : success({ ...rest, tokensNotBefore: tokensNotBeforeUndo });
}

export function addOrigins(
  shop: Shop,
  origins: readonly string[],
  rules: OriginRules,
): Result<Shop, OriginRefusal | 'too_many_origins'> {
  const all = new Set(shop.origins);
  for (const origin of origins) {
    const checked = checkOrigin(origin, rules);
    if (!checked.ok) return checked;
    all.add(checked.value);
  }
  return all.size > limits.maxOriginsPerShop ? refusal('too_many_origins') : success({ ...shop, origins: [...all] });
}

/** Removes origins that are there; one that isn't is a mistake worth telling. */
export function removeOrigins(shop: Shop, origins: readonly string[]): Result<Shop, 'unknown_origin'> {
  if (origins.some((origin) => !shop.origins.includes(origin))) return refusal('unknown_origin');
  return success({ ...shop, origins: shop.origins.filter((origin) => !origins.includes(origin)) });
}

/** The switches of a shop. */
export type ShopSwitches = Partial<Pick<Shop, 'disabled' | 'issuingPaused' | 'requireOrigin'>>;

export const setSwitches = (shop: Shop, switches: ShopSwitches): Shop => ({ ...shop, ...switches });
