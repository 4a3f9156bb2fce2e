import { createHmac, hash } from 'node:crypto';
import type { SignableRequest } from '#contract/challenge.ts';

/** A request to AWS. Every header in it is signed. */
export interface AwsRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly service: string;
  readonly region: string;
  readonly amzDate: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The scope of a signature, the names of the headers that it covers, and the signature itself in hex (AWS Signature Version 4). */
export function signatureOf(
  { method, path, service, region, amzDate, headers, body }: AwsRequest,
  secretAccessKey: string,
): { readonly scope: string; readonly signedHeaders: string; readonly signature: string } {
  const scope = [amzDate.slice(0, 8), region, service, 'aws4_request'];
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  const canonical = [method, path, '', lines.join(''), names.join(';'), hash('sha256', body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope.join('/'), hash('sha256', canonical)].join('\n');
  const key = scope.reduce<Buffer>((parent, part) => hmac(parent, part), Buffer.from(`AWS4${secretAccessKey}`));
  return { scope: scope.join('/'), signedHeaders: names.join(';'), signature: hmac(key, toSign).toString('hex') };
}

/** The signature of the `POST /` to STS that a gate dictated. */
export const signRequest = (request: SignableRequest, secretAccessKey: string): string =>
  signatureOf({ ...request, method: 'POST', path: '/', service: 'sts' }, secretAccessKey).signature;

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
