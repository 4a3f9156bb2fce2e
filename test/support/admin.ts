import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { callHttp, type HttpAnswer } from './http.ts';

/** An IAM user's access key. */
export interface AwsUser {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the gate dictates. */
export interface Challenge {
  readonly challenge: string;
  readonly region: string;
  readonly host: string;
  readonly amzDate: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly expiresIn: number;
}

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

/** The signature that the AWS SDK's own signer makes over the dictated request. */
export async function signChallenge(
  { region, host, amzDate, headers, body }: Challenge,
  { accessKeyId, secretAccessKey }: AwsUser,
): Promise<string> {
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region,
    service: 'sts',
    sha256: Sha256,
  });
  const signingDate = new Date(amzDate.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
  const signed = await signer.sign(
    { method: 'POST', protocol: 'https:', hostname: host, path: '/', body, headers: { ...headers } },
    { signingDate },
  );
  return /Signature=([0-9a-f]{64})$/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
}

export const POST_HEADERS = [
  ['Content-Type', 'application/json'],
  ['X-Requested-With', 'test'],
] as const;

export const getChallenge = async (baseUrl: string): Promise<Challenge> => {
  const { json } = await callHttp(baseUrl, {
    method: 'POST',
    path: '/admin/api/login/challenge',
    headers: POST_HEADERS,
  });
  return json as unknown as Challenge;
};

export const sendProof = (baseUrl: string, proof: object): Promise<HttpAnswer> =>
  callHttp(baseUrl, { method: 'POST', path: '/admin/api/login', headers: POST_HEADERS, body: JSON.stringify(proof) });

/** A login by the code of a link. */
export const openLink = (baseUrl: string, code: string): Promise<HttpAnswer> =>
  callHttp(baseUrl, {
    method: 'POST',
    path: '/admin/api/login/link',
    headers: POST_HEADERS,
    body: JSON.stringify({ code }),
  });

/** A whole login. */
export async function logIn(baseUrl: string, user: AwsUser): Promise<HttpAnswer> {
  const challenge = await getChallenge(baseUrl);
  const signature = await signChallenge(challenge, user);
  const { userName, accessKeyId } = user;
  return sendProof(baseUrl, { challenge: challenge.challenge, userName, accessKeyId, signature });
}

/** The cookie of a login's answer, as a browser sends it back. */
export const cookieOf = ({ headers }: HttpAnswer): string => headers['set-cookie']?.[0]?.split(';')[0] ?? '';

export interface AdminCallOptions {
  readonly body?: object | string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** Calls of the admin API under one session. */
export type AdminClient = (call: string, options?: AdminCallOptions) => Promise<HttpAnswer>;

/** `client('POST /shops', { body })` */
export const adminClient =
  (baseUrl: string, cookie: string): AdminClient =>
  (call, { body, headers = [] } = {}) => {
    const [method = '', path = ''] = call.split(' ');
    return callHttp(baseUrl, {
      method,
      path: `/admin/api${path}`,
      headers: [['Cookie', cookie], ...POST_HEADERS, ...headers],
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  };
