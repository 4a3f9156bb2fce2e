import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { type Result, refusal, success } from './result.ts';

/** What a sealed value is for. All of it stands in the protected header, so a value opens in no other place. */
export interface SealedFor {
  /** The kind of value, `shop-key` for one. */
  readonly typ: string;
  /** The deployment. */
  readonly aud: string;
  /** The one thing it belongs to, where there is one. */
  readonly sub?: string;
}

/** AES-256 keys by ring key id, of which one seals and all open. */
export interface SealingKeys {
  readonly sealWith: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
}

export type OpenRefusal = 'malformed' | 'unknown_ring_key' | 'wrong_context' | 'tampered';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const COMPACT = /^([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{22})$/;

/** Seals a text as JWE compact serialization (RFC 7516) with `alg: dir`, `enc: A256GCM` and a fresh 96-bit nonce. */
export function seal(plaintext: string, sealing: SealingKeys, sealedFor: SealedFor): string {
  const key = sealing.keys.get(sealing.sealWith);
  if (key === undefined) throw new Error('the ring has no key to seal with');
  const header = encodeHeader(sealing.sealWith, sealedFor);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(header, 'latin1'));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return `${header}..${nonce.toString('base64url')}.${ciphertext.toString('base64url')}.${cipher.getAuthTag().toString('base64url')}`;
}

/** Opens what `seal` made for the same purpose. The header must be byte for byte the one that we would write: nothing in it is negotiated. */
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
  // The tag length is given because Node otherwise accepts a truncated tag.
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(header, 'latin1'));
  decipher.setAuthTag(tagBytes);
  try {
    return success(Buffer.concat([decipher.update(sealedBytes), decipher.final()]).toString('utf8'));
  } catch {
    return refusal('tampered');
  }
}

function encodeHeader(kid: string, { typ, aud, sub }: SealedFor): string {
  return Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid, typ, aud, sub })).toString('base64url');
}

/** The ring key that a sealed value names, without opening it; undefined when it is no sealed value at all. */
export const ringKeyOf = (text: string): string | undefined => ringKeyIdOf(COMPACT.exec(text)?.[1] ?? '');

function ringKeyIdOf(header: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    const kid = parsed !== null && typeof parsed === 'object' && 'kid' in parsed ? parsed.kid : undefined;
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}
