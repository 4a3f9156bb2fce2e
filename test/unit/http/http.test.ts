import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import fc from 'fast-check';
import { environment } from '../../../lambda/contract/environment.ts';
import { errors } from '../../../lambda/contract/errors.ts';
import { AuthorizerAnswers, unauthorized } from '../../../lambda/http/authorizer-answers.ts';
import { httpHandler } from '../../../lambda/http/chain.ts';
import { headerValues } from '../../../lambda/http/request.ts';
import { refuse } from '../../../lambda/http/responses.ts';
import { verifiedIdentity } from '../../../lambda/http/verified-identity.ts';

const event = (changes: object = {}): APIGatewayProxyEvent =>
  ({
    body: null,
    isBase64Encoded: false,
    multiValueHeaders: {},
    requestContext: { requestId: 'request-1' },
    ...changes,
  }) as APIGatewayProxyEvent;

describe('headers', () => {
  test.each([
    [{ 'X-Widget-Token': ['a'] }, ['a']],
    [{ 'x-widget-token': ['a'] }, ['a']],
    [{ 'X-WIDGET-TOKEN': ['a', 'b'] }, ['a', 'b']],
    [{ 'X-Widget-Token': ['a'], 'x-widget-token': ['b'] }, ['a', 'b']],
    [{ 'X-Widget-Tokens': ['a'], X_Widget_Token: ['b'] }, []],
    [null, []],
  ])('%j holds %j', (headers, values) => {
    expect(headerValues(headers as Record<string, string[]> | null, 'x-widget-token')).toEqual(values);
  });
});

test.each(Object.entries(errors))('the refusal %s has its status, three members, CORS and no-store', (code, entry) => {
  const { statusCode, headers, body } = refuse(code as keyof typeof errors, 'request-1');
  expect(statusCode).toBe(entry.status);
  expect(JSON.parse(body)).toEqual({ code, message: entry.message, requestId: 'request-1' });
  expect(headers).toMatchObject({
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Access-Control-Allow-Origin': '*',
  });
  expect(headers !== undefined && 'Retry-After' in headers).toBe([429, 503].includes(entry.status));
});

test('every message is one sentence that can be pasted into JSON as it is', () => {
  for (const { message } of Object.values(errors)) expect(message).toMatch(/^[A-Z][^"\\]*\.$/);
});

describe('the chain', () => {
  const options = { functionName: 'token-issuer', outcome: 'issued' } as const;
  let written: string[];
  beforeEach(() => {
    process.env[environment.deployment] = 'widget-gate:000000000000:dev';
    written = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => jest.restoreAllMocks());

  test('a failure becomes 503 and its message stays out of answer and log', async () => {
    const handler = httpHandler(async () => {
      throw new Error('sk_test_secret', { cause: new TypeError('arn:aws:secret') });
    }, options);
    const answer = await handler(event(), {} as Context);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers?.['Retry-After']).toBe('1');
    expect(written.join('')).toMatch(/"errorName":"Error","causeName":"TypeError"/);
    expect(answer.body + written.join('')).not.toMatch(/sk_test_secret|arn:aws/);
  });

  test.each([
    ['8,192 bytes pass', 'a'.repeat(8_192), false, 200],
    ['8,193 bytes are refused', 'a'.repeat(8_193), false, 413],
    ['4,097 two-byte characters are refused', 'ä'.repeat(4_097), false, 413],
    ['8,193 bytes in Base64 are refused', Buffer.alloc(8_193).toString('base64'), true, 413],
  ])('%s', async (_name, body, isBase64Encoded, status) => {
    const handler = httpHandler(async () => ({ statusCode: 200, body: '' }), options);
    expect((await handler(event({ body, isBase64Encoded }), {} as Context)).statusCode).toBe(status);
  });
});

describe('authorizer answers', () => {
  const answers = new AuthorizerAnswers('/api/widget');
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/api/widget/a/b';
  const identity = { shopId: 'shop_one', issuedAt: 1, expiresAt: 2 };

  test('an Allow covers our tree of this stage, whatever method and path asked', () => {
    const resource = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/*/api/widget/*';
    const answer = answers.allow(methodArn, 'shop_one', identity);
    expect(answer.policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource },
    ]);
    expect(answer).toMatchObject({ principalId: 'shop_one', context: identity });
  });

  test('an answer for one stage never carries the policy of another', () => {
    answers.allow(methodArn, 'shop_one', identity);
    const other = answers.allow(methodArn.replace('/prod/', '/dev/'), 'shop_one', identity);
    expect(JSON.stringify(other.policyDocument)).toContain('/dev/*/api/widget/*');
  });

  test('a Deny carries the code and message for the gateway', () => {
    const answer = answers.deny(methodArn, 'shop_one', 'origin_not_allowed');
    expect(answer.policyDocument.Statement[0]).toMatchObject({ Effect: 'Deny' });
    expect(answer.context).toEqual({ code: 'origin_not_allowed', message: errors.origin_not_allowed.message });
  });

  test('the 401 is the one message that API Gateway knows, and tells no stack', async () => {
    await expect(unauthorized()).rejects.toMatchObject({ message: 'Unauthorized', stack: '' });
  });
});

describe('the verified identity', () => {
  const context = { shopId: 'shop_one', issuedAt: '1700000000', expiresAt: '1700086400', principalId: 'shop_one' };

  test('is read from the strings that API Gateway makes', () => {
    const identity = verifiedIdentity(event({ requestContext: { authorizer: context } }));
    expect(identity).toEqual({ shopId: 'shop_one', issuedAt: 1_700_000_000, expiresAt: 1_700_086_400 });
  });

  test.each([
    ['no authorizer', undefined],
    ['null', null],
    ['an empty context', {}],
    ['no shop', { ...context, shopId: undefined }],
    ['no shop id', { ...context, shopId: '../x' }],
    ['no time', { ...context, issuedAt: 'soon' }],
  ])('is absent with %s', (_name, authorizer) => {
    expect(verifiedIdentity(event({ requestContext: { authorizer } }))).toBeUndefined();
  });

  test('is never thrown over', () => {
    fc.assert(
      fc.property(fc.anything(), (authorizer) => {
        const identity = verifiedIdentity(event({ requestContext: { authorizer: authorizer ?? undefined } }));
        expect(identity === undefined || typeof identity.shopId === 'string').toBe(true);
      }),
    );
  });
});
