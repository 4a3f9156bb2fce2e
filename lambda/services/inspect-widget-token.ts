import { limits } from '../contract/limits.ts';
import { canVerify, isRevoked } from '../core/shop.ts';
import { hintOnToken } from '../core/token-hint.ts';
import { checkWidgetTokenTime, hasValidMac, parseWidgetToken, type WidgetTokenClaims } from '../core/widget-token.ts';
import { allowsOrigins } from './authorize-widget-call.ts';
import type { VerifiableShop } from './verifiable-shops.ts';

export type InspectReason =
  | 'ok'
  | 'malformed'
  | 'bad_signature'
  | 'expired'
  | 'not_yet_valid'
  | 'revoked'
  | 'signed_by_retired_key'
  | 'shop_disabled'
  | 'origin_not_allowed'
  | 'origin_missing';

/** What a shop is told about a token. Members of an unproven token are null: they could be anybody's words. */
export interface Inspection {
  readonly valid: boolean;
  readonly reason: InspectReason;
  /** Unix seconds. */
  readonly issuedAt: number | null;
  readonly expiresAt: number | null;
  /** The short id of the key that signed it. */
  readonly keyId: string | null;
  /** The likeliest mistake, where there is a guess. */
  readonly hint?: string;
}

const unproven = (reason: InspectReason, hint?: string): Inspection => ({
  valid: false,
  reason,
  issuedAt: null,
  expiresAt: null,
  keyId: null,
  ...(hint !== undefined && { hint }),
});

const SIGNED_OTHERWISE =
  'Sign the ASCII text shopId:unixSeconds with the whole API key, its prefix included, and with a key of this stage.';

/** Says whether and why a token is accepted for the shop that asks; a token of another shop is `bad_signature` like any forgery. */
export function inspectWidgetToken(
  token: string,
  origin: string | undefined,
  shop: VerifiableShop,
  nowSeconds: number,
): Inspection {
  const claims = parseWidgetToken(token);
  if (claims === undefined) return unproven('malformed', hintOnToken(token));
  if (claims.shopId !== shop.shop.shopId)
    return unproven('bad_signature', `The token names another shop, ${claims.shopId}, or comes from another stage.`);
  const signer = shop.keys.find(({ hmacKey }) => hasValidMac(claims, hmacKey));
  if (signer === undefined) return unproven('bad_signature', SIGNED_OTHERWISE);
  const reason = canVerify(signer.life, claims.issuedAt, nowSeconds)
    ? reasonFor(claims, origin, shop, nowSeconds)
    : 'signed_by_retired_key';
  return {
    valid: reason === 'ok',
    reason,
    issuedAt: claims.issuedAt,
    expiresAt: claims.issuedAt + limits.widgetTokenTtlSeconds,
    keyId: signer.life.keyId,
  };
}

function reasonFor(
  claims: WidgetTokenClaims,
  origin: string | undefined,
  shop: VerifiableShop,
  nowSeconds: number,
): InspectReason {
  const time = checkWidgetTokenTime(claims.issuedAt, nowSeconds);
  if (time !== 'ok') return time;
  if (isRevoked(shop.shop, claims.issuedAt, nowSeconds)) return 'revoked';
  if (shop.shop.disabled) return 'shop_disabled';
  if (allowsOrigins(shop, origin === undefined ? [] : [origin])) return 'ok';
  return origin === undefined ? 'origin_missing' : 'origin_not_allowed';
}
