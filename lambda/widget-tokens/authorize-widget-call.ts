import { limits } from '#contract/limits.ts';
import { serverKeyIn } from '../crypto/api-key.ts';
import { type RecordCache, type RecordReading, readingTo } from '../platform/record-cache.ts';
import type { VerifiableShopRead } from '../shops/verifiable-shops.ts';
import { isSigned, judgeToken } from './judge-token.ts';
import { checkWidgetTokenTime, hasValidMac, parseWidgetToken, type WidgetTokenClaims } from './widget-token.ts';

/** A widget call's credential and origin, every header value as it was sent. */
export interface WidgetCall {
  readonly tokens: readonly string[];
  readonly origins: readonly string[];
}

/** Why a token was not accepted: for the audit trail alone, never for the caller. `shopId` if there is such a shop. */
export type UnauthorizedReason =
  | 'malformed'
  | 'expired'
  | 'not_yet_valid'
  | 'unknown_shop'
  | 'bad_signature'
  | 'revoked';

/** The caller of an `unauthorized` gets no reason; the other refusals are returned only after the token proved valid. */
export type WidgetDecision =
  | { readonly outcome: 'allowed'; readonly shopId: string; readonly issuedAt: number; readonly expiresAt: number }
  | { readonly outcome: 'unauthorized'; readonly reason: UnauthorizedReason; readonly shopId?: string }
  | { readonly outcome: 'shop_disabled'; readonly shopId: string }
  /** The refused origins; empty if a required one is missing. */
  | { readonly outcome: 'origin_not_allowed'; readonly shopId: string; readonly origins: readonly string[] }
  | { readonly outcome: 'corrupt_record'; readonly shopId: string }
  /** A server's key in place of a token. It is detected by shape and checksum, so its owner is unknown, and whether it is live. */
  | { readonly outcome: 'api_key_in_browser'; readonly keyId: string; readonly shopId?: undefined };

/** Why a call was refused, as precisely as possible. */
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
 * Decides on one widget call: at once when the shop's record is in memory and allows it, otherwise as a promise, which rejects when the
 * store fails. The shape is checked first, so that a flood of junk costs no read; the MAC is checked before any other property of the shop.
 * An expired or early token is refused in any case: the record is read only to find its owner, at the cost of a token of an unknown shop.
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
    const purpose = purposeOfAnother(decided, claims, reading, nowSeconds);
    return purpose === undefined ? decided : decideAgain(call, claims, shops, nowSeconds, purpose);
  };
  return read instanceof Promise ? read.then(settle) : settle(read);
}

/**
 * Why the record is read again if a refusal is based on one that may have changed: an expired one, or one that was already in memory.
 * Before a token proved valid, its stamp must also be from after the load, with a tolerance for slow clocks, since shops sign with their
 * own. So for any shop, known or not, old junk costs no read. A younger token may be signed with a key that is newer than any load so far.
 * Anyone can invent such a stamp, and the cache limits the cost.
 */
function purposeOfAnother(
  decided: WidgetDecision,
  { issuedAt }: WidgetTokenClaims,
  { usedStandIn, ageMilliseconds }: RecordReading,
  nowSeconds: number,
): 'refuse' | 'refuse-unknown' | undefined {
  if (decided.outcome === 'allowed' || (!usedStandIn && ageMilliseconds < 0)) return undefined;
  if (decided.outcome !== 'unauthorized') return 'refuse';
  const loadedAt = nowSeconds - Math.ceil(ageMilliseconds / 1_000);
  if (!usedStandIn && issuedAt < loadedAt - limits.maxClockSkewSeconds) return undefined;
  return decided.reason === 'revoked' ? 'refuse' : 'refuse-unknown';
}

async function decideAgain(
  call: WidgetCall,
  claims: WidgetTokenClaims,
  shops: RecordCache<VerifiableShopRead>,
  nowSeconds: number,
  purpose: RecordReading['purpose'],
): Promise<WidgetDecision> {
  return decide(call, claims, await shops.get(claims.shopId, readingTo(purpose)), nowSeconds);
}

/** Only pages have widget tokens, so a caller that sends a server's key in place of one has read it from a page, or puts it into one. */
function withoutToken(tokens: readonly string[]): WidgetDecision {
  const leaked = serverKeyIn(tokens);
  return leaked === undefined ? MALFORMED : { outcome: 'api_key_in_browser', keyId: leaked.keyId };
}

/**
 * The shop that signed it with a key that verified its stamp, ended since or not, because a page cache serves old tokens for days.
 * Otherwise undefined.
 */
function outOfTime(time: keyof typeof UNPROVEN, claims: WidgetTokenClaims, read: VerifiableShopRead): WidgetDecision {
  if (read.kind === 'found' && isSigned(judgeToken(read, claims, [], claims.issuedAt)))
    return unauthorizedFor(time, claims.shopId);
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
  const { shopId, issuedAt } = claims;
  const { reason } = judgeToken(read, claims, call.origins, nowSeconds);
  switch (reason) {
    case 'ok':
      return { outcome: 'allowed', shopId, issuedAt, expiresAt: issuedAt + limits.widgetTokenTtlSeconds };
    case 'bad_signature':
    case 'signed_by_retired_key':
      return unauthorizedFor('bad_signature', shopId);
    case 'revoked':
      return unauthorizedFor(reason, shopId);
    case 'shop_disabled':
      return { outcome: reason, shopId };
    case 'origin_missing':
    case 'origin_not_allowed':
      return { outcome: 'origin_not_allowed', shopId, origins: call.origins };
  }
}
