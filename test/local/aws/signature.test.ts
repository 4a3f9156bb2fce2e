import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsStandIn } from '../../../local/aws/server.ts';
import { callHttp } from '../../support/http.ts';
import { REGION, roleArn } from './support/deployment.ts';
import { closeAll, startTestAws } from './support/host.ts';

afterEach(closeAll);

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

const GET_ITEM = JSON.stringify({ TableName: 'open', Key: { id: { S: 'one' } } });

interface Signing {
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly service?: string;
  readonly region?: string;
  readonly signingDate?: Date;
  readonly headers?: Record<string, string>;
  readonly path?: string;
}

async function sign(aws: AwsStandIn, { service = 'dynamodb', region = REGION, signingDate, headers = {}, credentials, path = '/' }: Signing) {
  const signer = new SignatureV4({ credentials: credentials ?? aws.credentialsFor(roleArn('Owner')), region, service, sha256: Sha256 });
  const host = `127.0.0.1:${aws.port}`;
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      body: GET_ITEM,
      headers: { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem', ...headers },
    },
    signingDate === undefined ? {} : { signingDate },
  );
  return new Map(Object.entries(signed.headers).filter(([name]) => name !== 'host'));
}

const send = (aws: AwsStandIn, headers: Iterable<readonly [string, string]>, body = GET_ITEM, path = '/') =>
  callHttp(aws.endpoint, { method: 'POST', path, headers: [...headers], body });

test('a rightly signed request is answered', async () => {
  const aws = await startTestAws();
  expect(await send(aws, await sign(aws, {}))).toMatchObject({ status: 200, json: {} });
});

const refusals: readonly (readonly [string, string, Signing, ((headers: Map<string, string>) => void)?, string?])[] = [
  ['a tampered signature', 'InvalidSignatureException', {}, (headers) => change(headers, 'authorization', /.$/, (end) => (end === '0' ? '1' : '0'))],
  ['a body other than the signed one', 'InvalidSignatureException', {}, undefined, `${GET_ITEM} `],
  ['a wrong body hash, though signed', 'InvalidSignatureException', { headers: { 'x-amz-content-sha256': 'a'.repeat(64) } }],
  ['an unsigned payload', 'InvalidSignatureException', { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }],
  ['another operation than the signed one', 'InvalidSignatureException', {}, (headers) => headers.set('x-amz-target', 'DynamoDB_20120810.PutItem')],
  ['an x-amz- header added later', 'InvalidSignatureException', {}, (headers) => headers.set('x-amz-more', '1')],
  ['a date six minutes past', 'InvalidSignatureException', { signingDate: new Date(Date.now() - 360_000) }],
  ['a date six minutes ahead', 'InvalidSignatureException', { signingDate: new Date(Date.now() + 360_000) }],
  ['a date changed later', 'InvalidSignatureException', {}, (headers) => headers.set('x-amz-date', new Date(Date.now() - 60_000).toISOString().replace(/[-:]|\.\d+/g, ''))],
  ['a signature for another region', 'InvalidSignatureException', { region: 'us-west-2' }],
  ['a signature for a service without a stand-in', 'UnknownOperationException', { service: 's3' }],
  ['an unknown access key', 'UnrecognizedClientException', { credentials: { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' } }],
  ['no date', 'IncompleteSignatureException', {}, (headers) => headers.delete('x-amz-date')],
  ['another algorithm', 'IncompleteSignatureException', {}, (headers) => change(headers, 'authorization', /SHA256/, () => 'SHA1')],
  ['no signature', 'MissingAuthenticationTokenException', {}, (headers) => headers.delete('authorization')],
];

test.each(refusals)('refuses %s with %s', async (_name, code, signing, tamper, body) => {
  const aws = await startTestAws();
  const headers = await sign(aws, signing);
  tamper?.(headers);
  const answer = await send(aws, headers, body);
  expect(answer.status).toBe(400);
  expect(String(answer.json.__type).split('#').at(-1)).toBe(code);
  expect(aws.calls.list()).toEqual([]);
});

test.each([
  ['a wrong secret', 'InvalidSignatureException', { secretAccessKey: 'wrong' }],
  ['another session token', 'UnrecognizedClientException', { sessionToken: 'other' }],
  ['an empty session token', 'UnrecognizedClientException', { sessionToken: '' }],
])('refuses %s with %s', async (_name, code, wrong) => {
  const aws = await startTestAws();
  const credentials = { ...aws.credentialsFor(roleArn('Owner')), ...wrong };
  const { json } = await send(aws, await sign(aws, { credentials }));
  expect(String(json.__type)).toContain(code);
});

test('refuses a signature whose date the clock has left behind', async () => {
  let now = Date.now();
  const aws = await startTestAws({ now: () => now });
  const headers = await sign(aws, {});
  now += 299_000;
  expect((await send(aws, headers)).status).toBe(200);
  now += 3_000;
  expect((await send(aws, headers)).status).toBe(400);
});

test('an unsigned GET / tells that the server is healthy; an unsigned call is refused', async () => {
  const aws = await startTestAws();
  expect(await callHttp(aws.endpoint, { path: '/' })).toMatchObject({ status: 200, text: 'healthy: dynamodb.local' });
  expect((await callHttp(aws.endpoint, { path: '/other' })).status).toBe(400);
});

test('refuses to start inside Lambda', async () => {
  process.env.AWS_LAMBDA_FUNCTION_NAME = 'greeter';
  try {
    await expect(startTestAws()).rejects.toThrow('inside a Lambda function');
  } finally {
    delete process.env.AWS_LAMBDA_FUNCTION_NAME;
  }
});

function change(headers: Map<string, string>, name: string, pattern: RegExp, by: (found: string) => string): void {
  headers.set(name, (headers.get(name) ?? '').replace(pattern, by));
}
