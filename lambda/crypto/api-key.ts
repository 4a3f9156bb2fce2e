import { hash, timingSafeEqual } from 'node:crypto';
import { limits } from '#contract/limits.ts';
import { encodeUint32Base62, randomBase62 } from './base62.ts';
import { bearerOf } from './bearer.ts';
import { type Result, refusal, success } from './result.ts';

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of an ASCII text (IEEE 802.3, as in zlib). Own code, because loading node:zlib would slow a cold start more than these lines. */
export function crc32(ascii: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < ascii.length; i += 1) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ ascii.charCodeAt(i)) & 0xff] as number);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export type KeyKind = 'sk' | 'an' | 'dr' | 'dev';

/** `live` only in production, so that a key shows which stage it is for. */
export type KeyEnvironment = 'live' | 'test';

/** An API key's readable parts. The whole text is the secret. */
export interface ApiKey {
  readonly kind: KeyKind;
  readonly environment: KeyEnvironment;
  readonly keyId: string;
  readonly text: string;
}

const SHAPE = /^(sk|an|dr|dev)_(live|test)_([0-9A-Za-z]{8})_[0-9A-Za-z]{38}$/;
const CHECKSUM_CHARS = 6;

/** A new key of 190 secret bits. Format: contract §4.1. */
export function generateApiKey(kind: KeyKind, environment: KeyEnvironment): ApiKey {
  const keyId = randomBase62(8);
  const body = `${kind}_${environment}_${keyId}_${randomBase62(32)}`;
  return { kind, environment, keyId, text: body + encodeUint32Base62(crc32(body)) };
}

/** Parses a key; refuses a wrong shape or checksum, so that a typing error never costs a store read. */
export function parseApiKey(text: string): Result<ApiKey, 'malformed'> {
  const match = text.length <= limits.maxApiKeyChars ? SHAPE.exec(text) : null;
  if (match === null) return refusal('malformed');
  const body = text.slice(0, -CHECKSUM_CHARS);
  if (encodeUint32Base62(crc32(body)) !== text.slice(-CHECKSUM_CHARS)) return refusal('malformed');
  return success({
    kind: match[1] as KeyKind,
    environment: match[2] as KeyEnvironment,
    keyId: match[3] as string,
    text,
  });
}

/**
 * The first of these header values that is a key of a server, bare or as a bearer value. It checks only shape and checksum: it does not
 * determine whether the key is live, and costs no store read. Dev keys do not count, because they are in pages by design.
 */
export function serverKeyIn(values: readonly string[]): ApiKey | undefined {
  for (const value of values) {
    const parsed = parseApiKey(bearerOf([value]) ?? '');
    if (parsed.ok && parsed.value.kind !== 'dev') return parsed.value;
  }
  return undefined;
}

/** SHA-256 of the whole key, in hex: the stored form. A fast hash is right for 190 random bits. */
export const digestApiKey = (text: string): string => hash('sha256', text, 'hex');

/** Whether a presented key has the stored digest, compared in constant time; without a stored digest the work is the same. */
export function matchesDigest(text: string, sha256Hex: string | undefined): boolean {
  const presented = hash('sha256', text, 'buffer');
  const stored = Buffer.from(sha256Hex ?? '', 'hex');
  const comparable = stored.length === presented.length ? stored : Buffer.alloc(presented.length);
  return timingSafeEqual(presented, comparable) && stored.length === presented.length;
}
