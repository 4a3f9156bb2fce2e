import { type KeyObject, randomBytes } from 'node:crypto';
import { decrypt, encrypt, NONCE_BYTES } from './aes-gcm.ts';
import { type Result, refusal, success } from './result.ts';

/**
 * The keys that are derived from the keys of a ring, by ring key id: one of them seals or signs, the others still open
 * or verify.
 */
export interface RingKeys<Key> {
  readonly sealWith: string;
  readonly keys: ReadonlyMap<string, Key>;
  /** Creation time of a key, Unix seconds; absent: older than all keys with a time. */
  readonly addedAt?: ReadonlyMap<string, number>;
}

/** The purpose of a sealed value. All of it is in the protected header, so a value opens only for the same purpose. */
export interface SealedFor {
  /** The kind of value, for example `shop-key`. */
  readonly typ: string;
  /** The deployment. */
  readonly aud: string;
  /** The one thing that it belongs to, if any. */
  readonly sub?: string;
}

/** AES-256 keys by ring key id: one seals, all open. */
export type SealingKeys = RingKeys<KeyObject>;

export type OpenRefusal = 'malformed' | 'unknown_ring_key' | 'wrong_context' | 'tampered';

const COMPACT = /^([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{22})$/;

/** Seals a text as JWE compact serialization (RFC 7516) with `alg: dir`, `enc: A256GCM` and a fresh 96-bit nonce. */
export function seal(plaintext: string, sealing: SealingKeys, sealedFor: SealedFor): string {
  const key = sealing.keys.get(sealing.sealWith);
  if (key === undefined) throw new Error('the ring has no key to seal with');
  const header = encodeHeader(sealing.sealWith, sealedFor);
  const nonce = randomBytes(NONCE_BYTES);
  const { ciphertext, tag } = encrypt(Buffer.from(plaintext), key, nonce, Buffer.from(header, 'latin1'));
  return `${header}..${nonce.toString('base64url')}.${ciphertext.toString('base64url')}.${tag.toString('base64url')}`;
}

/**
 * Opens a value that `seal` made for the same purpose. The header must equal the one that we would write, byte for
 * byte: nothing in it is negotiated.
 */
export function open(text: string, sealing: SealingKeys, sealedFor: SealedFor): Result<string, OpenRefusal> {
  const match = COMPACT.exec(text);
  if (match === null) return refusal('malformed');
  const [, header, nonce, ciphertext, tag] = match as unknown as [string, string, string, string, string];
  const keyId = ringKeyIdOf(header);
  if (keyId === undefined) return refusal('malformed');
  const key = sealing.keys.get(keyId);
  if (key === undefined) return refusal('unknown_ring_key');
  if (header !== encodeHeader(keyId, sealedFor)) return refusal('wrong_context');
  const sealedBytes = Buffer.from(ciphertext, 'base64url');
  const tagBytes = Buffer.from(tag, 'base64url');
  if (sealedBytes.toString('base64url') !== ciphertext || tagBytes.toString('base64url') !== tag)
    return refusal('malformed');
  const encrypted = { ciphertext: sealedBytes, tag: tagBytes };
  const plaintext = decrypt(encrypted, key, Buffer.from(nonce, 'base64url'), Buffer.from(header, 'latin1'));
  return plaintext === undefined ? refusal('tampered') : success(plaintext.toString('utf8'));
}

interface WrittenHeader {
  readonly kid: string;
  readonly typ: string;
  readonly aud: string;
  readonly sub: string | undefined;
  readonly encoded: string;
}

const MAX_WRITTEN_HEADERS = 8;

// Only headers that we wrote. Many tokens share a header, and a look-up is much faster than encoding or parsing it.
const writtenHeaders: WrittenHeader[] = [];

function encodeHeader(kid: string, { typ, aud, sub }: SealedFor): string {
  for (const one of writtenHeaders)
    if (one.kid === kid && one.typ === typ && one.aud === aud && one.sub === sub) return one.encoded;
  const encoded = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid, typ, aud, sub })).toString('base64url');
  if (writtenHeaders.length === MAX_WRITTEN_HEADERS) writtenHeaders.shift();
  writtenHeaders.push({ kid, typ, aud, sub, encoded });
  return encoded;
}

/** The ring key that a sealed value names, without opening it; undefined when it is not a sealed value. */
export const ringKeyOf = (text: string): string | undefined => ringKeyIdOf(COMPACT.exec(text)?.[1] ?? '');

/** Whether a text has the form of a value that `seal` made, here or in another deployment. */
export function isSealed(text: string): boolean {
  const header = parsedHeader(COMPACT.exec(text)?.[1] ?? '');
  return header.alg === 'dir' && header.enc === 'A256GCM' && [header.kid, header.typ, header.aud].every(isText);
}

const isText = (value: unknown): value is string => typeof value === 'string';

function ringKeyIdOf(header: string): string | undefined {
  for (const one of writtenHeaders) if (one.encoded === header) return one.kid;
  const { kid } = parsedHeader(header);
  return isText(kid) ? kid : undefined;
}

/** The members of a protected header; undefined for a text that is not a JSON object. */
function parsedHeader(header: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    return parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
