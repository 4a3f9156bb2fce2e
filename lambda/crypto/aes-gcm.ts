import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const TAG_BYTES = 16;

/** The only accepted nonce length, as NIST SP 800-38D, 5.2.1.1, recommends. */
export const NONCE_BYTES = 12;

export interface Encrypted {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/**
 * AES-256-GCM with a 128-bit tag. The caller must never use a nonce twice with one key. Throws for a nonce or key of another length.
 * `additionalData` is authenticated only; decrypting needs the same.
 */
export function encrypt(
  plaintext: Uint8Array,
  key: KeyObject,
  nonce: Uint8Array,
  additionalData: Uint8Array,
): { readonly ciphertext: Buffer; readonly tag: Buffer } {
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`a nonce must have ${NONCE_BYTES} bytes`);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData);
  // `final` returns no bytes: GCM has no blocks to fill up.
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** The plaintext; undefined when a length or the tag is wrong. Throws for a key of another length. */
export function decrypt(
  { ciphertext, tag }: Encrypted,
  key: KeyObject,
  nonce: Uint8Array,
  additionalData: Uint8Array,
): Buffer | undefined {
  if (nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES) return undefined;
  // The tag length is given because Node otherwise accepts a truncated tag.
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  try {
    decipher.final();
    return plaintext;
  } catch {
    return undefined;
  }
}
