import { isAllowedOrigin } from '../shops/origin-policy.ts';
import { canVerify, isRevoked, type ShopKey } from '../shops/shop.ts';
import type { VerifiableShop } from '../shops/verifiable-shops.ts';
import { hasValidMac, type WidgetTokenClaims } from './widget-token.ts';

/** The decision of a shop's record about a token and the page that sent it, and the key that signed it. */
export interface TokenVerdict {
  readonly reason:
    | 'ok'
    | 'bad_signature'
    | 'signed_by_retired_key'
    | 'revoked'
    | 'shop_disabled'
    | 'origin_missing'
    | 'origin_not_allowed';
  readonly signer: ShopKey | undefined;
}

/**
 * The one decision on a token, for authorizing and for explaining. It does not check the time of the token, which needs
 * no record.
 */
export function judgeToken(
  { shop, keys, origins: allowed }: VerifiableShop,
  claims: WidgetTokenClaims,
  origins: readonly string[],
  nowSeconds: number,
): TokenVerdict {
  let signer: ShopKey | undefined;
  // Checks all keys, even after a match: the duration does not reveal which one signed.
  for (const { life, hmacKey } of keys) if (hasValidMac(claims, hmacKey)) signer = life;
  if (signer === undefined) return { reason: 'bad_signature', signer };
  if (!canVerify(signer, claims.issuedAt, nowSeconds)) return { reason: 'signed_by_retired_key', signer };
  if (isRevoked(shop, claims.issuedAt, nowSeconds)) return { reason: 'revoked', signer };
  if (shop.disabled) return { reason: 'shop_disabled', signer };
  // No Origin means a server or a same-origin GET. One Origin must be in the list. Two are refused.
  const [origin] = origins;
  if (origin === undefined) return { reason: shop.requireOrigin ? 'origin_missing' : 'ok', signer };
  return { reason: origins.length === 1 && isAllowedOrigin(origin, allowed) ? 'ok' : 'origin_not_allowed', signer };
}

/** Whether a key signed the token and was a credential at its stamp. */
export const isSigned = ({ reason }: TokenVerdict): boolean =>
  reason !== 'bad_signature' && reason !== 'signed_by_retired_key';
