import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';
import { limits } from '#contract/limits.ts';
import type { PublicAnswerOf } from '#contract/public-api.ts';
import type { RingKeys } from '../crypto/jwe.ts';
import { deriveKeys, type Ring, type RingVersionStore, settledKeys } from '../ring/ring.ts';
import { NOTHING, type RingRotation } from '../ring/rotate-ring.ts';

/** A public key as a JWK (RFC 8037). */
export interface PublicKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  /** The JWK thumbprint (RFC 7638): different keys never share one, not even in a deployment that was created again. */
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
}

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
  /** The JOSE header of its signatures, encoded. */
  readonly header: string;
}

export type SigningKeys = RingKeys<SigningKey>;

/** The bytes of a PKCS #8 document before the 32 bytes of an Ed25519 private key (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The Ed25519 keys of a ring as it is read now. A new key signs from the first read after every cache of the public keys has it. It does
 * not start to sign between two reads: while the ring cannot be read, the function that publishes the keys may not have the new one.
 */
export const deriveSigningKeys = (ring: Ring, deployment: string, nowSeconds: number): SigningKeys =>
  settledKeys(deriveKeys(ring, 'assertion', deployment, signingKeyOf), limits.signingKeySettledSeconds, nowSeconds);

/** The Ed25519 key of 32 secret bytes. */
export function signingKeyOf(seed: Buffer): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const kid = hash('sha256', JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url');
  const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', kid, typ: 'JWT' })).toString('base64url');
  return { privateKey, publicKey: { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' }, header };
}

/** The JWK set of all keys, including those that no longer sign or do not sign yet. */
export const publicKeysOf = ({ keys }: SigningKeys): PublicAnswerOf<'list-public-keys'> => ({
  keys: [...keys.values()].map(({ publicKey }) => publicKey),
});

/** How the ring of the signing keys is rotated: nothing that is stored is signed with them, and their assertions are valid for a minute. */
export const signingRotation = (ring: RingVersionStore): RingRotation => ({
  ring,
  referenced: async () => new Set(),
  keptSeconds: limits.signingKeyKeptSeconds,
  // A function may sign with the previous key until it reads the ring again, and its last assertion must still verify, even with a clock
  // that is slightly slow.
  settledSeconds:
    limits.signingKeySettledSeconds +
    limits.ringCacheSeconds * (1 + limits.cacheJitterRatio) +
    2 * limits.assertionSeconds,
  reseal: async () => NOTHING,
});
