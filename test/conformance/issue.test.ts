import { createHmac } from 'node:crypto';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate();
});
afterAll(() => gate.close());

const issue = (
  headers: [string, string][] = [['X-Shop-API-Key', gate.shop.apiKey]],
  shopId = gate.shop.shopId,
  body?: string,
) =>
  gate.call({
    method: 'POST',
    path: `/api/shops/${shopId}/widget-token`,
    headers,
    ...(body !== undefined && { body }),
  });

test('a shop gets a body that is exactly {"token"}, with its relative end and no-store', async () => {
  const answer = await issue();
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.json)).toEqual(['token']);
  expect(answer.text).toBe(JSON.stringify({ token: answer.json.token }));
  expect(answer.headers).toMatchObject({
    'content-type': ['application/json'],
    'cache-control': ['no-store'],
    'x-widget-token-expires-in': ['86400'],
  });
});

test('the token is Base64 of shopId:seconds:HMAC under the whole key, as the seed shows it', async () => {
  const { json } = await issue();
  const [shopId, seconds, mac] = Buffer.from(String(json.token), 'base64').toString().split(':');
  expect(shopId).toBe(gate.shop.shopId);
  expect(Math.abs(Number(seconds) - Date.now() / 1_000)).toBeLessThan(60);
  expect(mac).toBe(createHmac('sha256', gate.shop.apiKey).update(`${shopId}:${seconds}`).digest('hex'));
});

test('issuing again gives another valid token and leaves the first one valid', async () => {
  const first = String((await issue()).json.token);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const second = String((await issue()).json.token);
  expect(second).not.toBe(first);
  for (const token of [first, second]) expect((await gate.session(token)).status).toBe(200);
});

test('the header name is compared without regard to case and the body is ignored', async () => {
  expect((await issue([['x-shop-api-key', gate.shop.apiKey]])).status).toBe(200);
  expect((await issue(undefined, undefined, 'not json')).status).toBe(200);
});

test('fifty parallel calls all get a token', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => issue()));
  expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
});

describe('refuses with the same bytes but the request id', () => {
  const unknownKey = generateApiKey('sk', 'test').text;
  const refusals: [string, () => ReturnType<typeof issue>][] = [
    ['no key', () => issue([])],
    ['an empty key', () => issue([['X-Shop-API-Key', '']])],
    ['a malformed key', () => issue([['X-Shop-API-Key', 'x']])],
    [
      'a wrong checksum',
      () =>
        issue([['X-Shop-API-Key', `${gate.shop.apiKey.slice(0, -1)}${gate.shop.apiKey.endsWith('0') ? '1' : '0'}`]]),
    ],
    ['an unknown key', () => issue([['X-Shop-API-Key', unknownKey]])],
    ['a key of another environment', () => issue([['X-Shop-API-Key', generateApiKey('sk', 'live').text]])],
    ['an analytics key', () => issue([['X-Shop-API-Key', generateApiKey('an', 'test').text]])],
    [
      'the key twice',
      () =>
        issue([
          ['X-Shop-API-Key', gate.shop.apiKey],
          ['X-Shop-API-Key', gate.shop.apiKey],
        ]),
    ],
    ['an unknown shop with an unknown key', () => issue([['X-Shop-API-Key', unknownKey]], 'shop_nobody')],
    ['an unknown shop without a key', () => issue([], 'shop_nobody')],
    ['an invalid shop id', () => issue([], '..%2f')],
    [
      'an unknown key from a browser',
      () =>
        issue([
          ['X-Shop-API-Key', unknownKey],
          ['Sec-Fetch-Site', 'cross-site'],
        ]),
    ],
    ['the key as a bearer', () => issue([['Authorization', `Bearer ${gate.shop.apiKey}`]])],
  ];

  test.each(refusals)('%s', async (_name, call) => {
    const [reference, answer] = await Promise.all([issue([]), call()]);
    expect(answer.status).toBe(401);
    expect(answer.json.code).toBe('invalid_api_key');
    expect(withoutRequestId(answer)).toEqual(withoutRequestId(reference));
  });

  const withoutRequestId = ({ status, text, json, headers }: Awaited<ReturnType<typeof issue>>) => ({
    status,
    text: text.replace(String(json.requestId), ''),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !/request-?id|apigw-id|date/.test(name))),
  });
});

describe('refuses a live key', () => {
  test('for another shop, alike whether or not that shop exists', async () => {
    const other = await gate.createShop('https://other.example.com');
    for (const shopId of [other.shopId, 'shop_nobody']) {
      const answer = await issue(undefined, shopId);
      expect([answer.status, answer.json.code]).toEqual([403, 'wrong_shop']);
    }
  });

  test('with a body over 8 KiB', async () => {
    const answer = await issue(undefined, undefined, 'a'.repeat(8_193));
    expect([answer.status, answer.json.code]).toEqual([413, 'request_too_large']);
  });
});

describe('inspect', () => {
  const inspect = (
    body: unknown,
    headers: [string, string][] = [['X-Shop-API-Key', gate.shop.apiKey]],
    shopId = gate.shop.shopId,
  ) =>
    gate.call({
      method: 'POST',
      path: `/api/shops/${shopId}/widget-token/inspect`,
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  test('explains a token to its owner', async () => {
    const token = await gate.issueToken();
    const answer = await inspect({ token, origin: gate.shop.url });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json)).toEqual(['valid', 'reason', 'issuedAt', 'expiresAt', 'keyId']);
    expect(answer.json).toMatchObject({ valid: true, reason: 'ok', keyId: gate.shop.apiKey.split('_')[2] });
    expect(Number(answer.json.expiresAt) - Number(answer.json.issuedAt)).toBe(86_400);
  });

  test.each<[string, () => Promise<object>, string]>([
    [
      'another origin',
      async () => ({ token: await gate.issueToken(), origin: 'https://evil.example' }),
      'origin_not_allowed',
    ],
    ['an expired token', async () => ({ token: gate.signToken(-86_400) }), 'expired'],
    ['a token from ahead', async () => ({ token: gate.signToken(900) }), 'not_yet_valid'],
    ['junk', async () => ({ token: 'x' }), 'malformed'],
    [
      'the token of another shop',
      async () => ({ token: gate.signToken(0, (await gate.createShop('https://b.example.com')).apiKey) }),
      'bad_signature',
    ],
  ])('names the reason for %s', async (_name, body, reason) => {
    const answer = await inspect(await body());
    expect(answer.json).toMatchObject({ valid: false, reason });
  });

  test.each<[string, unknown, number, string]>([
    ['no body', '', 400, 'invalid_json'],
    ['no JSON', 'token', 400, 'invalid_json'],
    ['an array', [], 400, 'invalid_json'],
    ['a repeated member', '{"token":"a","token":"b"}', 400, 'invalid_json'],
    ['__proto__', '{"token":"a","__proto__":{}}', 400, 'invalid_json'],
    ['4,000 deep', `{"token":${'['.repeat(4_000)}${']'.repeat(4_000)}}`, 400, 'invalid_json'],
    ['no token', {}, 400, 'invalid_request'],
    ['a token that is not a text', { token: 1 }, 400, 'invalid_request'],
    ['an unknown member', { token: 'a', other: 1 }, 400, 'invalid_request'],
    ['an origin that is not a text', { token: 'a', origin: null }, 400, 'invalid_request'],
    ['over 8 KiB', { token: 'a'.repeat(8_192) }, 413, 'request_too_large'],
  ])('refuses a body with %s', async (_name, body, status, code) => {
    const answer = await inspect(body);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  test.each([
    [{}, 'Body member "token" is missing: it must be the widget token as a text.'],
    [{ token: 'a', origin: 1 }, 'Body member "origin" must be the Origin header of a page as a text.'],
  ])('says which member of %j is wrong, and what it must be', async (body, detail) => {
    expect((await inspect(body)).json.message).toMatch(detail);
  });

  test('answers strangers with the same 401 as issuing, before it reads the body', async () => {
    const answer = await inspect('not json', []);
    expect([answer.status, answer.json.code]).toEqual([401, 'invalid_api_key']);
    expect((await inspect({ token: 'a' }, undefined, 'shop_nobody')).json.code).toBe('wrong_shop');
  });
});

test('more calls than a route accepts are asked to wait, in words that a browser can read', async () => {
  const path = `/api/shops/${gate.shop.shopId}/widget-token/inspect`;
  const headers = [['Origin', gate.shop.url]] as const;
  const answers = await Promise.all(Array.from({ length: 250 }, () => gate.call({ method: 'POST', path, headers })));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { json, headers } of refused) {
    expect(json.code).toBe('too_many_requests');
    expect([headers['retry-after'], headers['access-control-allow-origin']]).toEqual([['1'], [gate.shop.url]]);
  }
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(250 - refused.length);
});
