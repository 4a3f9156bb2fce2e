import { isAllowedOrigin } from '../shops/origin-policy.ts';
import { canVerify, isRevoked, type ShopKey } from '../shops/shop.ts';
import type { VerifiableShop } from '../shops/verifiable-shops.ts';
import { hasValidMac, type WidgetTokenClaims } from './widget-token.ts';

/** What a shop's record says of a token and the page that sent it, and which key signed it. */
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

/** The one decision on a token, for authorizing and for explaining. Whether the token is in its time is not asked here: that needs no record. */
export function judgeToken(
  { shop, keys, origins: allowed }: VerifiableShop,
  claims: WidgetTokenClaims,
  origins: readonly string[],
  nowSeconds: number,
): TokenVerdict {
  let signer: ShopKey | undefined;
  // All keys, found or not: the time taken does not tell which one signed.
  for (const { life, hmacKey } of keys) if (hasValidMac(claims, hmacKey)) signer = life;
  if (signer === undefined) return { reason: 'bad_signature', signer };
  if (!canVerify(signer, claims.issuedAt, nowSeconds)) return { reason: 'signed_by_retired_key', signer };
  if (isRevoked(shop, claims.issuedAt, nowSeconds)) return { reason: 'revoked', signer };
  if (shop.disabled) return { reason: 'shop_disabled', signer };
  // No Origin is a server or a same-origin GET; one must be in the list; two are nobody.
  const [origin] = origins;
  if (origin === undefined) return { reason: shop.requireOrigin ? 'origin_missing' : 'ok', signer };
  return { reason: origins.length === 1 && isAllowedOrigin(origin, allowed) ? 'ok' : 'origin_not_allowed', signer };
}

/** Whether a key signed the token that vouches for its stamp. */
export const isSigned = ({ reason }: TokenVerdict): boolean =>
  reason !== 'bad_signature' && reason !== 'signed_by_retired_key';
