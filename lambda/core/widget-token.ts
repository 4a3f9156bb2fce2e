import { timingSafeEqual } from 'node:crypto';
import { limits } from '../contract/limits.ts';
import { type HmacKey, hmacSha256Hex, prepareHmacKey } from './hmac-sha256.ts';

/** What a widget token says. Nothing of it is proven before `hasValidMac`. */
export interface WidgetTokenClaims {
  readonly shopId: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** `shopId:issuedAt`, the bytes that are signed. */
  readonly signed: Uint8Array;
  /** 64 lower-case hex digits. */
  readonly macHex: Uint8Array;
}

const DECODED = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}:(?:0|[1-9][0-9]{0,11}):[0-9a-f]{64}$/;
const MAC_HEX_CHARS = 64;
const NO_SHOP_KEY = prepareHmacKey(Buffer.from('stands in for the key of a shop that does not exist'));
// Reused by every call: comparing is synchronous, so no two calls can meet here.
const expectedMacHex = Buffer.alloc(MAC_HEX_CHARS);

/** Mints the token of a shop for a moment. Source: contract §3.2. */
export function mintWidgetToken(shopId: string, nowSeconds: number, key: HmacKey): string {
  const signed = `${shopId}:${nowSeconds}`;
  return Buffer.from(`${signed}:${hmacSha256Hex(key, Buffer.from(signed, 'latin1'))}`, 'latin1').toString('base64');
}

/**
 * Reads a token's claims, or nothing when the text is not canonical standard Base64 (with its padding or without any) of `shopId:seconds:hex`.
 * Node's decoder skips junk and accepts loose last bits, so the text must be what encoding the decoded bytes gives.
 */
export function parseWidgetToken(token: string): WidgetTokenClaims | undefined {
  if (token.length > limits.maxWidgetTokenChars) return undefined;
  const bytes = Buffer.from(token, 'base64');
  const canonical = bytes.toString('base64');
  if (token !== canonical && token !== withoutPadding(canonical)) return undefined;
  const text = bytes.toString('latin1');
  if (!DECODED.test(text)) return undefined;
  const endOfShopId = text.indexOf(':');
  const endOfSigned = text.length - MAC_HEX_CHARS - 1;
  return {
    shopId: text.slice(0, endOfShopId),
    issuedAt: Number(text.slice(endOfShopId + 1, endOfSigned)),
    signed: bytes.subarray(0, endOfSigned),
    macHex: bytes.subarray(endOfSigned + 1),
  };
}

function withoutPadding(base64: string): string {
  if (base64.endsWith('==')) return base64.slice(0, -2);
  return base64.endsWith('=') ? base64.slice(0, -1) : base64;
}

/** Whether a token's moment is acceptable: at most 300 s ahead and at most 86,399 s old. */
export type WidgetTokenTime = 'ok' | 'expired' | 'not_yet_valid';

export function checkWidgetTokenTime(issuedAt: number, nowSeconds: number): WidgetTokenTime {
  if (issuedAt > nowSeconds + limits.maxClockSkewSeconds) return 'not_yet_valid';
  return nowSeconds - issuedAt < limits.widgetTokenTtlSeconds ? 'ok' : 'expired';
}

/** Whether `key` made this token's MAC, compared in constant time. Without a key the work is the same and the answer no. */
export function hasValidMac(claims: WidgetTokenClaims, key: HmacKey | undefined): boolean {
  expectedMacHex.write(hmacSha256Hex(key ?? NO_SHOP_KEY, claims.signed), 'latin1');
  return timingSafeEqual(expectedMacHex, claims.macHex) && key !== undefined;
}
