import { sign } from 'node:crypto';
import { headers } from '#contract/headers.ts';
import { limits } from '#contract/limits.ts';
import type { RingKeeper } from '../ring/ring-keeper.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

/** A call as the gate sends it to an upstream. */
export interface AssertedCall {
  /** The upstream's origin. */
  readonly audience: string;
  readonly method: string;
  /** As sent to the upstream, without the query. */
  readonly path: string;
  readonly requestId: string;
  /** The verified identity, by header name: the same values that the upstream gets in headers. */
  readonly identity: Readonly<Record<string, string>>;
}

/**
 * The claims of an identity, each with the header that has the same value; a claim is present only if its header is.
 */
const identityClaims: readonly (readonly [claim: string, header: string, read: (value: string) => unknown])[] = [
  ['shop_id', headers.shopId, String],
  ['token_issued_at', headers.tokenIssuedAt, Number],
  ['credential_kind', headers.credentialKind, String],
  ['service_key_id', headers.serviceKeyId, String],
  ['user_id', headers.userId, String],
  ['app_id', headers.appId, String],
  ['client_id', headers.clientId, String],
  ['org_id', headers.orgId, String],
  ['claims', headers.claims, (value) => JSON.parse(Buffer.from(value, 'base64url').toString())],
];

/** The claims that an assertion can have in addition to the registered claims, `htm` and `htu`. */
export const identityClaimNames: readonly string[] = identityClaims.map(([claim]) => claim);

/**
 * Signs the identity of a call as a compact JWT (RFC 7519) with EdDSA (RFC 8037), for one upstream, method and path,
 * for a minute.
 */
export function mintAssertion(
  { audience, method, path, requestId, identity }: AssertedCall,
  { header, privateKey }: SigningKey,
  issuer: string,
  nowSeconds: number,
): string {
  const payload: Record<string, unknown> = {
    iss: issuer,
    aud: audience,
    iat: nowSeconds,
    exp: nowSeconds + limits.assertionSeconds,
    jti: requestId,
    htm: method,
    htu: path,
  };
  for (const [claim, name, read] of identityClaims) {
    const value = identity[name];
    if (value !== undefined) payload[claim] = read(value);
  }
  const signed = `${header}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed, 'latin1'), privateKey).toString('base64url')}`;
}

/** Signs assertions with the newest settled key. */
export class Assertions {
  readonly #ring: RingKeeper<SigningKeys>;
  readonly #issuer: string;

  constructor(ring: RingKeeper<SigningKeys>, issuer: string) {
    this.#ring = ring;
    this.#issuer = issuer;
  }

  /**
   * Throws `DependencyError` when the signing keys were never read and cannot be read: then the call must not be
   * forwarded.
   */
  async sign(call: AssertedCall, nowSeconds: number): Promise<string> {
    const { keys, sealWith } = await this.#ring.keys();
    return mintAssertion(call, keys.get(sealWith) as SigningKey, this.#issuer, nowSeconds);
  }
}
