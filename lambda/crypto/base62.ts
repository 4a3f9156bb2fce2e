import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/**
 * The largest multiple of 62 in a byte: bytes from here on are discarded, so that every character is equally likely.
 */
const UNBIASED_LIMIT = 248;

/** `length` random characters of 0-9A-Za-z, 5.95 bits each, from the operating system's generator. */
export function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < UNBIASED_LIMIT) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** An unsigned 32-bit number as exactly six base62 digits, most significant first. */
export function encodeUint32Base62(value: number): string {
  let text = '';
  for (let rest = value, i = 0; i < 6; i += 1, rest = Math.floor(rest / 62)) text = ALPHABET[rest % 62] + text;
  return text;
}

/** The last `length` base62 digits of a number, most significant first. */
export function encodeBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = ALPHABET[Number(rest % 62n)] + text;
  return text;
}
