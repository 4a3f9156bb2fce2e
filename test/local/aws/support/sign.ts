import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsStandIn } from '#local/aws/server.ts';
import { callHttp, type HttpAnswer } from '#test/support/http.ts';
import { REGION, roleArn } from './deployment.ts';

export interface Signing {
  readonly body: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly service?: string;
  readonly region?: string;
  readonly signingDate?: Date;
  /** X-Amz-Target */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
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

/** The headers of a request that the SDK's own signer signed, but the host, which is sent anyway. */
export async function signRequest(aws: AwsStandIn, signing: Signing): Promise<Map<string, string>> {
  const {
    service = 'dynamodb',
    region = REGION,
    signingDate,
    target = 'DynamoDB_20120810.GetItem',
    path = '/',
  } = signing;
  const { credentials = aws.credentialsFor(roleArn('Owner')), body, headers = {} } = signing;
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const own = { host: `127.0.0.1:${aws.port}`, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
  const signed = await signer.sign(
    { method: 'POST', protocol: 'http:', hostname: '127.0.0.1', path, body, headers: { ...own, ...headers } },
    signingDate === undefined ? {} : { signingDate },
  );
  return new Map(Object.entries(signed.headers).filter(([name]) => name !== 'host'));
}

export async function sendSigned(aws: AwsStandIn, signing: Signing): Promise<HttpAnswer> {
  const headers = [...(await signRequest(aws, signing))];
  return callHttp(aws.endpoint, { method: 'POST', path: signing.path ?? '/', headers, body: signing.body });
}
