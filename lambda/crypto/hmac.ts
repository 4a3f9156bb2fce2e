import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const MAX_MESSAGE_BYTES = 1_024;

/** A key with prepared padded blocks. Treat it as a secret, like the key itself. */
export interface HmacKey {
  readonly innerBlock: Uint8Array;
  readonly outerBlock: Uint8Array;
}

// Reused by every call: computing a MAC is synchronous, so no two calls overlap.
const innerScratch = Buffer.alloc(BLOCK_BYTES + MAX_MESSAGE_BYTES);
const outerScratch = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);

/** Prepares a key. Throws for an empty key, with which anyone could compute the MAC. */
export function prepareHmacKey(key: Uint8Array): HmacKey {
  if (key.length === 0) throw new RangeError('an HMAC key must not be empty');
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key);
  return { innerBlock: block.map((byte) => byte ^ 0x36), outerBlock: block.map((byte) => byte ^ 0x5c) };
}

/**
 * HMAC-SHA256 (RFC 2104) of a message of at most 1,024 bytes, as 64 lower-case hex digits. Two one-shot hashes over prepared blocks need
 * less than half the time of `createHmac`; tests compare them with RFC 4231 and with `createHmac`.
 */
export function hmacSha256Hex(key: HmacKey, message: Uint8Array): string {
  if (message.length > MAX_MESSAGE_BYTES) throw new RangeError('the message is too long');
  innerScratch.set(key.innerBlock);
  innerScratch.set(message, BLOCK_BYTES);
  outerScratch.set(key.outerBlock);
  // As a Latin-1 string, because returning a Buffer would cost three times the hash.
  const innerDigest = hash('sha256', innerScratch.subarray(0, BLOCK_BYTES + message.length), 'binary');
  outerScratch.write(innerDigest, BLOCK_BYTES, 'latin1');
  return hash('sha256', outerScratch, 'hex');
}
