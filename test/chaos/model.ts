/** Written from the contract, not from the product's code: it shares no decision with what it judges. Times are Unix seconds. */

export interface ModelKey {
  readonly keyId: string;
  /** Undefined when the answer with it was lost. */
  readonly apiKey: string | undefined;
  readonly createdAt: number;
  readonly credentialUntil?: number;
  readonly verifyUntil?: number;
}

export interface ModelShop {
  readonly shopId: string;
  readonly origins: readonly string[];
  readonly requireOrigin: boolean;
  readonly disabled: boolean;
  readonly issuingPaused: boolean;
  readonly tokensNotBefore: number;
  readonly tokensNotBeforeUndo?: number;
  readonly keys: readonly ModelKey[];
  /** `item`: nobody can read the record. `sealed`: it can be read, but its keys don't open. */
  readonly damage: 'none' | 'item' | 'sealed';
}

/** What a call claims, and what is true of it; the functions only see the claim. */
export type ModelCall =
  | {
      readonly kind: 'session';
      readonly shopId: string;
      readonly issuedAt: number;
      /** The API key whose MAC the token really bears; undefined: nobody's. */
      readonly signedBy: string | undefined;
      readonly origin: string | undefined;
    }
  | {
      readonly kind: 'issue';
      readonly shopIdInPath: string;
      readonly apiKey: string;
      /** The shop that was given this key; undefined: none was. */
      readonly ownerId: string | undefined;
    };

const TOKEN_LIFE_SECONDS = 86_400;
const MAX_AHEAD_SECONDS = 300;
/** A function may issue with a key whose end it does not know of yet. */
const GRACE_SECONDS = 30;

/** The shop whose record decides on a call. */
export const shopDecidingOn = (call: ModelCall): string | undefined =>
  call.kind === 'session' ? call.shopId : call.ownerId;

/** The one right status for a call, when `shop` is the record in force and the functions' clock says `now`. */
export const rightStatus = (call: ModelCall, shop: ModelShop | undefined, now: number): number =>
  call.kind === 'session' ? sessionStatus(call, shop, now) : issueStatus(call, shop, now);

function sessionStatus(
  call: Extract<ModelCall, { kind: 'session' }>,
  shop: ModelShop | undefined,
  now: number,
): number {
  const { issuedAt, signedBy, origin } = call;
  if (issuedAt > now + MAX_AHEAD_SECONDS || now - issuedAt >= TOKEN_LIFE_SECONDS) return 401;
  if (shop === undefined) return 401;
  if (shop.damage !== 'none') return 503;
  const key = shop.keys.find(({ apiKey }) => apiKey !== undefined && apiKey === signedBy);
  if (
    key === undefined ||
    now >= (key.verifyUntil ?? Infinity) ||
    issuedAt > (key.credentialUntil ?? Infinity) + GRACE_SECONDS
  )
    return 401;
  if (issuedAt <= shop.tokensNotBefore) return 401;
  // Stamped ahead, and perhaps made before the revocation; the gate itself stamps one second ahead of it at most.
  const isAhead = issuedAt > now && issuedAt > shop.tokensNotBefore + 1;
  if (shop.tokensNotBefore > 0 && isAhead && issuedAt <= shop.tokensNotBefore + MAX_AHEAD_SECONDS) return 401;
  const originIsRight = origin === undefined ? !shop.requireOrigin : shop.origins.includes(origin);
  return shop.disabled || !originIsRight ? 403 : 200;
}

function issueStatus(call: Extract<ModelCall, { kind: 'issue' }>, shop: ModelShop | undefined, now: number): number {
  if (shop === undefined) return 401;
  if (shop.damage === 'item') return 503;
  const key = shop.keys.find(({ apiKey }) => apiKey === call.apiKey);
  if (key === undefined || now >= (key.credentialUntil ?? Infinity)) return 401;
  return shop.shopId !== call.shopIdInPath || shop.disabled || shop.issuingPaused ? 403 : 200;
}
