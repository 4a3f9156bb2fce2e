import { setTimeout } from 'node:timers/promises';
import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent, Context } from 'aws-lambda';
import fc from 'fast-check';
import { environment } from '#contract/environment.ts';
import { errors } from '#contract/errors.ts';
import { authorizer, type Verdict } from '#lambda/platform/authorizer.ts';
import { httpHandler } from '#lambda/platform/chain.ts';
import { headerValues } from '#lambda/platform/request.ts';
import { refuse } from '#lambda/platform/responses.ts';
import { verifiedIdentity } from '#lambda/widget-tokens/verified-identity.ts';

const event = (changes: object = {}): APIGatewayProxyEvent =>
  ({
    body: null,
    isBase64Encoded: false,
    multiValueHeaders: {},
    requestContext: { requestId: 'request-1' },
    ...changes,
  }) as APIGatewayProxyEvent;

beforeAll(() => {
  process.env[environment.deployment] = 'widget-gate:000000000000:dev';
});

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

  test('a handler that would outlive its function is answered for with 503, just before Lambda ends it', async () => {
    const left = 80;
    const handler = httpHandler(() => new Promise(() => undefined), options);
    const began = performance.now();
    const answer = await handler(event(), { getRemainingTimeInMillis: () => left } as Context);
    const took = performance.now() - began;
    expect(answer.statusCode).toBe(503);
    expect(written.join('')).toContain('"errorName":"TimeoutError"');
    expect(took).toBeGreaterThan(left / 2);
  });

  test('a handler that fails after it was answered for ends nothing', async () => {
    const handler = httpHandler(async () => {
      await setTimeout(30);
      throw new Error('late');
    }, options);
    const answer = await handler(event(), { getRemainingTimeInMillis: () => 10 } as Context);
    await setTimeout(50);
    expect([answer.statusCode, written.join('').match(/request_failed/g)]).toEqual([503, ['request_failed']]);
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
  beforeEach(() => void jest.spyOn(process.stdout, 'write').mockReturnValue(true));
  afterEach(() => jest.restoreAllMocks());

  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/api/widget/a/b';
  const identity = { shopId: 'shop_one', issuedAt: 1, expiresAt: 2 };
  const calledAt = (arn: string) =>
    ({ methodArn: arn, requestContext: { requestId: 'r-1' } }) as APIGatewayRequestAuthorizerEvent;
  const deciding = (verdict: Verdict) =>
    authorizer({ functionName: 'widget-authorizer', tree: '/api/widget', decide: () => verdict });
  const allow = (arn: string) =>
    deciding({ kind: 'allow', principalId: 'shop_one', context: identity, counted: 'allowed' })(calledAt(arn));

  test('an Allow covers our tree of this stage, whatever method and path asked', async () => {
    const resource = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/*/api/widget/*';
    const answer = await allow(methodArn);
    expect(answer.policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource },
    ]);
    expect(answer).toMatchObject({ principalId: 'shop_one', context: identity });
  });

  test('an answer for one stage never carries the policy of another', async () => {
    await allow(methodArn);
    const other = await allow(methodArn.replace('/prod/', '/dev/'));
    expect(JSON.stringify(other.policyDocument)).toContain('/dev/*/api/widget/*');
  });

  test('a Deny carries the code and message for the gateway', async () => {
    const code = 'origin_not_allowed';
    const answer = await deciding({ kind: 'deny', code, principalId: 'shop_one', filed: { code } })(
      calledAt(methodArn),
    );
    expect(answer.policyDocument.Statement[0]).toMatchObject({ Effect: 'Deny' });
    expect(answer.context).toEqual({ code, message: errors.origin_not_allowed.message });
  });

  test('the 401 is the one message that API Gateway knows, and reveals no stack', async () => {
    const refusing = deciding({ kind: 'unauthorized' });
    await expect(refusing(calledAt(methodArn))).rejects.toMatchObject({ message: 'Unauthorized', stack: '' });
  });

  test.each<[string, Verdict]>([
    [
      'an Allow whose ids are refused',
      { kind: 'allow', principalId: 'k', context: identity, filed: { code: 'ids_malformed' } },
    ],
    ['a 401', { kind: 'unauthorized', filed: { code: 'bad_signature', shopId: 'shop_one' } }],
    ['a Deny', { kind: 'deny', code: 'shop_disabled', principalId: 'shop_one', filed: { code: 'shop_disabled' } }],
    ['a corrupt record', { kind: 'corrupt_record', shopId: 'shop_one' }],
  ])('files %s with the id of its call', async (_name, verdict) => {
    const note = jest.fn();
    const decide = async () => verdict;
    const handler = authorizer({ functionName: 'widget-authorizer', tree: '/api/widget', decide, tally: { note } });
    await handler(calledAt(methodArn)).catch(() => undefined);
    const filed = verdict.kind === 'corrupt_record' ? { code: verdict.kind, shopId: 'shop_one' } : verdict.filed;
    expect(note.mock.calls).toEqual([[{ shopId: undefined, ...filed, requestId: 'r-1' }, expect.any(Number)]]);
  });

  test('the key of a server that a browser sent is logged by its short id, so that it can be rotated', async () => {
    const code = 'api_key_in_browser';
    const refusing = deciding({ kind: 'deny', code, principalId: 'k', filed: { code }, leakedKeyId: 'abcdefgh' });
    await refusing(calledAt(methodArn));
    const lines = jest.mocked(process.stdout.write).mock.calls.map(([text]) => String(text));
    expect(lines.filter((line) => line.includes('"WARN"')).map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: code, requestId: 'r-1', keyId: 'abcdefgh' }),
    ]);
  });

  test.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('store');
      },
    ],
    ['rejects', () => Promise.reject(new Error('store'))],
  ])('answers 503 and no 401 when the decision %s', async (_name, decide) => {
    const handler = authorizer({ functionName: 'widget-authorizer', tree: '/api/widget', decide });
    await expect(handler(calledAt(methodArn))).rejects.toThrow(/^Unavailable$/);
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
