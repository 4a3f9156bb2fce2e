import type { AwsStandIn } from '#local/aws/server.ts';
import { callHttp } from '#test/support/http.ts';
import { roleArn } from './support/deployment.ts';
import { closeAll, startTestAws } from './support/host.ts';
import { type Signing, signRequest } from './support/sign.ts';

afterEach(closeAll);

const GET_ITEM = JSON.stringify({ TableName: 'open', Key: { id: { S: 'one' } } });

const sign = (aws: AwsStandIn, signing: Omit<Signing, 'body'>) => signRequest(aws, { ...signing, body: GET_ITEM });

const send = (aws: AwsStandIn, headers: Iterable<readonly [string, string]>, body = GET_ITEM, path = '/') =>
  callHttp(aws.endpoint, { method: 'POST', path, headers: [...headers], body });

test('a rightly signed request is answered', async () => {
  const aws = await startTestAws();
  expect(await send(aws, await sign(aws, {}))).toMatchObject({ status: 200, json: {} });
});

interface Refusal {
  readonly what: string;
  readonly code: string;
  readonly signing?: Omit<Signing, 'body'>;
  readonly tamper?: (headers: Map<string, string>) => void;
  readonly body?: string;
}

const minutesFromNow = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
const stranger = { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' };
const MISMATCH = 'InvalidSignatureException';
const INCOMPLETE = 'IncompleteSignatureException';

const refusals: readonly Refusal[] = [
  {
    what: 'a tampered signature',
    code: MISMATCH,
    tamper: (headers) => change(headers, /.$/, (end) => (end === '0' ? '1' : '0')),
  },
  { what: 'a body other than the signed one', code: MISMATCH, body: `${GET_ITEM} ` },
  {
    what: 'a wrong body hash, though signed',
    code: MISMATCH,
    signing: { headers: { 'x-amz-content-sha256': 'a'.repeat(64) } },
  },
  { what: 'an unsigned payload', code: MISMATCH, signing: { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } } },
  {
    what: 'another operation',
    code: MISMATCH,
    tamper: (headers) => headers.set('x-amz-target', 'DynamoDB_20120810.PutItem'),
  },
  { what: 'an x-amz- header added later', code: MISMATCH, tamper: (headers) => headers.set('x-amz-more', '1') },
  { what: 'a date six minutes past', code: MISMATCH, signing: { signingDate: minutesFromNow(-6) } },
  { what: 'a date six minutes ahead', code: MISMATCH, signing: { signingDate: minutesFromNow(6) } },
  {
    what: 'a date changed later',
    code: MISMATCH,
    tamper: (headers) =>
      headers.set(
        'x-amz-date',
        minutesFromNow(-1)
          .toISOString()
          .replace(/[-:]|\.\d+/g, ''),
      ),
  },
  { what: 'a signature for another region', code: MISMATCH, signing: { region: 'us-west-2' } },
  { what: 'a service without a stand-in', code: 'UnknownOperationException', signing: { service: 's3' } },
  { what: 'an unknown access key', code: 'UnrecognizedClientException', signing: { credentials: stranger } },
  { what: 'no date', code: INCOMPLETE, tamper: (headers) => headers.delete('x-amz-date') },
  { what: 'another algorithm', code: INCOMPLETE, tamper: (headers) => change(headers, /SHA256/, () => 'SHA1') },
  {
    what: 'no signature',
    code: 'MissingAuthenticationTokenException',
    tamper: (headers) => headers.delete('authorization'),
  },
];

test.each(refusals)('refuses $what with $code', async ({ code, signing = {}, tamper, body }) => {
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

test('an unsigned GET / reports that the server is healthy; an unsigned call is refused', async () => {
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

function change(headers: Map<string, string>, pattern: RegExp, by: (found: string) => string): void {
  headers.set('authorization', (headers.get('authorization') ?? '').replace(pattern, by));
}
