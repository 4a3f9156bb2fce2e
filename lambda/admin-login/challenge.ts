import { hash } from 'node:crypto';

/**
 * A request that a user signs to prove an IAM access key. The gate dictates all of it; the client adds only a
 * signature.
 */
export interface IdentityRequest {
  readonly method: 'POST';
  readonly host: string;
  readonly path: '/';
  /** Every signed header, in lower case, including `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The time in X-Amz-Date and the date in the credential scope. */
  readonly amzDate: string;
  readonly region: string;
}

/** The values that identify one login. */
export interface LoginChallenge {
  /** Random: makes a signature usable for only one login at one deployment. */
  readonly id: string;
  /** Unix seconds. */
  readonly issuedAt: number;
}

export interface IdentityEndpoint {
  readonly region: string;
  /** `sts.eu-west-1.amazonaws.com`, a constant of the deployment. */
  readonly host: string;
  readonly deployment: string;
}

/**
 * Binds the signature to this product, deployment and challenge: STS ignores the header, but the signature covers it.
 */
const CHALLENGE_HEADER = 'x-widget-gate-challenge';

const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

/** The request of a challenge: built the same way when it is sent and when its signature comes back. */
export function identityRequest({ id, issuedAt }: LoginChallenge, endpoint: IdentityEndpoint): IdentityRequest {
  const amzDate = new Date(issuedAt * 1_000).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const { host, region, deployment } = endpoint;
  return {
    method: 'POST',
    host,
    path: '/',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      host,
      'x-amz-content-sha256': hash('sha256', BODY, 'hex'),
      'x-amz-date': amzDate,
      [CHALLENGE_HEADER]: `${deployment}/${id}`,
    },
    body: BODY,
    amzDate,
    region,
  };
}

/** The Authorization header of a signed identity request (AWS Signature Version 4, service `sts`). */
export function authorizationOf(request: IdentityRequest, accessKeyId: string, signature: string): string {
  const scope = `${request.amzDate.slice(0, 8)}/${request.region}/sts/aws4_request`;
  const signed = Object.keys(request.headers).sort().join(';');
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

/** The response of AWS to a signed identity request. */
export type IdentityAnswer =
  /** STS confirmed the signer; the members of its response. */
  | { readonly kind: 'confirmed'; readonly answer: ReadonlyMap<string, unknown> }
  /** STS refused the signature, or returned neither the JSON nor the XML that it documents. */
  | { readonly kind: 'refused' };

export interface IdentityService {
  /**
   * Sends the request with a client's signature. Throws `DependencyError` when STS cannot be reached, fails or
   * throttles.
   */
  callerIdentity(request: IdentityRequest, accessKeyId: string, signature: string): Promise<IdentityAnswer>;
}
