import { limits } from '../contract/limits.ts';
import { serverKeyIn } from '../core/api-key.ts';
import { isAllowedOrigin } from '../core/origin-policy.ts';
import { canVerify, isRevoked } from '../core/shop.ts';
import { checkWidgetTokenTime, hasValidMac, parseWidgetToken, type WidgetTokenClaims } from '../core/widget-token.ts';
import { readingTo } from './decide-by-records.ts';
import type { RecordCache, RecordReading } from './record-cache.ts';
import type { VerifiableShop, VerifiableShopRead } from './verifiable-shops.ts';

/** A widget call's credential and origin, every header value as it was sent. */
export interface WidgetCall {
  readonly tokens: readonly string[];
  readonly origins: readonly string[];
}

/** Why a token was not accepted: for the audit trail alone, never for who sent it. `shopId` where there is such a shop. */
export type UnauthorizedReason =
  | 'malformed'
  | 'expired'
  | 'not_yet_valid'
  | 'unknown_shop'
  | 'bad_signature'
  | 'revoked';

/** The caller of an `unauthorized` learns nothing of why; the other refusals come only after the token proved valid. */
export type WidgetDecision =
  | { readonly outcome: 'allowed'; readonly shopId: string; readonly issuedAt: number; readonly expiresAt: number }
  | { readonly outcome: 'unauthorized'; readonly reason: UnauthorizedReason; readonly shopId?: string }
  | { readonly outcome: 'shop_disabled' | 'origin_not_allowed'; readonly shopId: string }
  | { readonly outcome: 'corrupt_record'; readonly shopId: string }
  /** The key of a server in place of a token; by shape and checksum, so it is not known whose, or whether it is live. */
  | { readonly outcome: 'api_key_in_browser'; readonly keyId: string; readonly shopId?: undefined };

/** Why a call was refused, as exactly as is known. */
export const whyRefused = (decision: WidgetDecision): string =>
  'reason' in decision ? decision.reason : decision.outcome;

const unauthorizedFor = (reason: UnauthorizedReason, shopId?: string): WidgetDecision => ({
  outcome: 'unauthorized',
  reason,
  ...(shopId !== undefined && { shopId }),
});
const MALFORMED = unauthorizedFor('malformed');
const UNPROVEN = { expired: unauthorizedFor('expired'), not_yet_valid: unauthorizedFor('not_yet_valid') };
const UNKNOWN_SHOP = unauthorizedFor('unknown_shop');

/**
 * Decides on one widget call; at once when the shop's record is in memory and allows it, else as a promise, which rejects when the store fails.
 * Shape comes first, so that a flood of junk costs no read; the MAC comes before any other word about the shop. A token out of its time is
 * refused whatever the store says: the record is read only to tell whose it is, at the price of a token of an unknown shop.
 */
export function authorizeWidgetCall(
  call: WidgetCall,
  shops: RecordCache<VerifiableShopRead>,
  nowSeconds: number,
): WidgetDecision | Promise<WidgetDecision> {
  const token = call.tokens[0];
  const claims = token === undefined || call.tokens.length !== 1 ? undefined : parseWidgetToken(token);
  if (claims === undefined) return withoutToken(call.tokens);
  const time = checkWidgetTokenTime(claims.issuedAt, nowSeconds);
  const reading = readingTo('decide');
  const read = shops.get(claims.shopId, reading);
  if (time !== 'ok') {
    if (!(read instanceof Promise)) return outOfTime(time, claims, read);
    return read.then(
      (loaded) => outOfTime(time, claims, loaded),
      () => UNPROVEN[time],
    );
  }
  const settle = (loaded: VerifiableShopRead): WidgetDecision | Promise<WidgetDecision> => {
    const decided = decide(call, claims, loaded, nowSeconds);
    return isOutdated(decided, claims, reading, nowSeconds) ? decideAgain(call, claims, shops, nowSeconds) : decided;
  };
  return read instanceof Promise ? read.then(settle) : settle(read);
}

/**
 * Whether a decision is a refusal by a record that may have changed: one past its life, or one that was in memory already. Before a token proved
 * valid its stamp must be from after the load, too, by a clock that may be behind, since shops sign by their own: whatever the shop, known or not, old
 * junk then costs no read.
 */
function isOutdated(
  decided: WidgetDecision,
  { issuedAt }: WidgetTokenClaims,
  { usedStandIn, ageMilliseconds }: RecordReading,
  nowSeconds: number,
): boolean {
  if (decided.outcome === 'allowed') return false;
  if (usedStandIn) return true;
  if (ageMilliseconds < 0) return false;
  const loadedAt = nowSeconds - Math.ceil(ageMilliseconds / 1_000);
  return decided.outcome !== 'unauthorized' || issuedAt >= loadedAt - limits.maxClockSkewSeconds;
}

async function decideAgain(
  call: WidgetCall,
  claims: WidgetTokenClaims,
  shops: RecordCache<VerifiableShopRead>,
  nowSeconds: number,
): Promise<WidgetDecision> {
  return decide(call, claims, await shops.get(claims.shopId, readingTo('refuse')), nowSeconds);
}

/** Only pages have widget tokens, so whatever sent a server's key in place of one took it from a page, or puts it into one. */
function withoutToken(tokens: readonly string[]): WidgetDecision {
  const leaked = serverKeyIn(tokens);
  return leaked === undefined ? MALFORMED : { outcome: 'api_key_in_browser', keyId: leaked.keyId };
}

/** Of the shop that signed it with a key that vouched for its stamp, ended since or not: a page cache serves old tokens for days. Else of nobody. */
function outOfTime(time: keyof typeof UNPROVEN, claims: WidgetTokenClaims, read: VerifiableShopRead): WidgetDecision {
  if (read.kind === 'found' && isVerifiedBy(read, claims, claims.issuedAt)) return unauthorizedFor(time, claims.shopId);
  if (read.kind !== 'found') hasValidMac(claims, undefined);
  return UNPROVEN[time];
}

function decide(
  call: WidgetCall,
  claims: WidgetTokenClaims,
  read: VerifiableShopRead,
  nowSeconds: number,
): WidgetDecision {
  if (read.kind === 'corrupt') return { outcome: 'corrupt_record', shopId: claims.shopId };
  if (read.kind === 'absent') {
    hasValidMac(claims, undefined);
    return UNKNOWN_SHOP;
  }
  const { shopId, disabled } = read.shop;
  if (!isVerifiedBy(read, claims, nowSeconds)) return unauthorizedFor('bad_signature', shopId);
  if (isRevoked(read.shop, claims.issuedAt, nowSeconds)) return unauthorizedFor('revoked', shopId);
  if (disabled) return { outcome: 'shop_disabled', shopId };
  if (!allowsOrigins(read, call.origins)) return { outcome: 'origin_not_allowed', shopId };
  return {
    outcome: 'allowed',
    shopId,
    issuedAt: claims.issuedAt,
    expiresAt: claims.issuedAt + limits.widgetTokenTtlSeconds,
  };
}

function isVerifiedBy(shop: VerifiableShop, claims: WidgetTokenClaims, nowSeconds: number): boolean {
  let verified = false;
  for (const { life, hmacKey } of shop.keys) {
    if (hasValidMac(claims, hmacKey) && canVerify(life, claims.issuedAt, nowSeconds)) verified = true;
  }
  return verified;
}

/** No Origin is a server or a same-origin GET; one must be in the list; two are nobody. */
export function allowsOrigins(shop: VerifiableShop, origins: readonly string[]): boolean {
  const origin = origins[0];
  if (origin === undefined) return !shop.shop.requireOrigin;
  return origins.length === 1 && isAllowedOrigin(origin, shop.origins);
}
