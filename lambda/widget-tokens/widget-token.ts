import { timingSafeEqual } from 'node:crypto';
import { limits } from '#contract/limits.ts';
import { type HmacKey, hmacSha256Hex, prepareHmacKey } from '../crypto/hmac.ts';

/** The content of a widget token. Nothing in it is proven before `hasValidMac`. */
export interface WidgetTokenClaims {
  readonly shopId: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** `shopId:issuedAt`, the bytes that are signed. */
  readonly signed: Uint8Array;
  /** 64 lower-case hex digits. */
  readonly macHex: Uint8Array;
}

const MAC_HEX_CHARS = 64;
const MAX_DIGITS = 12;
const [COLON, ZERO, DASH, UNDERSCORE] = Buffer.from(':0-_') as unknown as [number, number, number, number];
const [SHOP_ID, DIGIT, LOWER_HEX] = [1, 2, 4];
/** The classes of each byte, as bits. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return (
    (/[A-Za-z0-9_-]/.test(character) ? SHOP_ID : 0) |
    (/[0-9]/.test(character) ? DIGIT : 0) |
    (/[0-9a-f]/.test(character) ? LOWER_HEX : 0)
  );
});
const NO_SHOP_KEY = prepareHmacKey(Buffer.from('replaces the key of a shop that does not exist'));
// Reused by every call: comparing is synchronous, so no two calls overlap.
const expectedMacHex = Buffer.alloc(MAC_HEX_CHARS);

/** Mints the token of a shop for a given time. Source: contract §3.2. */
export function mintWidgetToken(shopId: string, nowSeconds: number, key: HmacKey): string {
  const signed = `${shopId}:${nowSeconds}`;
  return Buffer.from(`${signed}:${hmacSha256Hex(key, Buffer.from(signed, 'latin1'))}`, 'latin1').toString('base64');
}

/**
 * Parses a token's claims; undefined when the text is not canonical standard Base64 (with its padding or without any) of
 * `shopId:seconds:hex`. Node's decoder skips junk and accepts loose last bits, so the text must equal the encoding of the decoded bytes.
 */
export function parseWidgetToken(token: string): WidgetTokenClaims | undefined {
  if (token.length > limits.maxWidgetTokenChars) return undefined;
  const bytes = Buffer.from(token, 'base64');
  const canonical = bytes.toString('base64');
  if (token !== canonical && token !== withoutPadding(canonical)) return undefined;
  return readClaims(bytes);
}

/** Parses `shopId:seconds:hex` by its bytes. A regular expression would need one line, and as much time as both hashes of the MAC. */
function readClaims(bytes: Buffer): WidgetTokenClaims | undefined {
  const endOfSigned = bytes.length - MAC_HEX_CHARS - 1;
  const endOfShopId = runOf(SHOP_ID, bytes, 0);
  if (endOfShopId < 1 || endOfShopId > limits.maxShopIdChars || !isAlphanumeric(bytes[0])) return undefined;
  const firstDigit = endOfShopId + 1;
  const digits = endOfSigned - firstDigit;
  if (bytes[endOfShopId] !== COLON || bytes[endOfSigned] !== COLON || digits < 1 || digits > MAX_DIGITS)
    return undefined;
  if (runOf(DIGIT, bytes, firstDigit) !== endOfSigned || (bytes[firstDigit] === ZERO && digits > 1)) return undefined;
  if (runOf(LOWER_HEX, bytes, endOfSigned + 1) !== bytes.length) return undefined;
  return {
    shopId: bytes.toString('latin1', 0, endOfShopId),
    issuedAt: readDigits(bytes, firstDigit, endOfSigned),
    signed: bytes.subarray(0, endOfSigned),
    macHex: bytes.subarray(endOfSigned + 1),
  };
}

/** The end of the run of bytes of one class that begins at `from`. */
function runOf(characterClass: number, bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && ((CLASSES[bytes[at] as number] as number) & characterClass) !== 0) at += 1;
  return at;
}

const isAlphanumeric = (byte: number | undefined): boolean =>
  byte !== undefined && byte !== DASH && byte !== UNDERSCORE;

function readDigits(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + (bytes[at] as number) - ZERO;
  return value;
}

function withoutPadding(base64: string): string {
  if (base64.endsWith('==')) return base64.slice(0, -2);
  return base64.endsWith('=') ? base64.slice(0, -1) : base64;
}

/** Whether a token's stamp is acceptable: at most 300 s ahead and at most 86,399 s old. */
export type WidgetTokenTime = 'ok' | 'expired' | 'not_yet_valid';

export function checkWidgetTokenTime(issuedAt: number, nowSeconds: number): WidgetTokenTime {
  if (issuedAt > nowSeconds + limits.maxClockSkewSeconds) return 'not_yet_valid';
  return nowSeconds - issuedAt < limits.widgetTokenTtlSeconds ? 'ok' : 'expired';
}

/** Whether `key` made this token's MAC, compared in constant time. Without a key the work is the same and the result is false. */
export function hasValidMac(claims: WidgetTokenClaims, key: HmacKey | undefined): boolean {
  expectedMacHex.write(hmacSha256Hex(key ?? NO_SHOP_KEY, claims.signed), 'latin1');
  return timingSafeEqual(expectedMacHex, claims.macHex) && key !== undefined;
}
