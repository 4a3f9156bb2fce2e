import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

let gate: RunningGate;
let token: string;
beforeAll(async () => {
  gate = await startGate();
  token = await gate.issueToken();
});
afterAll(() => gate.close());

const call = (headers: [string, string][], path = '/api/widget/session', method = 'GET') =>
  gate.call({ path, method, headers });

describe('allows', () => {
  test('a valid token and returns the session', async () => {
    const answer = await gate.session(token);
    const issuedAt = Number(Buffer.from(token, 'base64').toString().split(':')[1]);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ shopId: gate.shop.shopId, issuedAt, expiresAt: issuedAt + 86_400 });
  });

  test.each<[string, () => [string, string][]]>([
    ['the registered origin', () => [['Origin', gate.shop.url]]],
    ['its www. sibling', () => [['Origin', gate.shop.url.replace('https://', 'https://www.')]]],
    ['no origin, as a server sends it', () => []],
  ])('%s', async (_name, headers) => {
    expect((await call([['X-Widget-Token', token], ...headers()])).status).toBe(200);
  });

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s on any path of the tree', async (method) => {
    const answer = await call([['X-Widget-Token', token]], '/api/widget/search/deep?q=1', method);
    expect(answer.json).toMatchObject({ shopId: gate.shop.shopId });
  });

  test('a token that the shop signed on its own server', async () => {
    expect((await gate.session(gate.signToken())).status).toBe(200);
  });

  test('a token stamped 290 s ahead and one 86,390 s old', async () => {
    expect((await gate.session(gate.signToken(290))).status).toBe(200);
    expect((await gate.session(gate.signToken(-86_390))).status).toBe(200);
  });

  test('a token with and without Base64 padding, in a header of any case', async () => {
    const padded = gate.signToken(0, undefined, gate.shop.shopId);
    expect((await call([['x-widget-token', padded.replace(/=+$/, '')]])).status).toBe(200);
    expect((await call([['X-WIDGET-TOKEN', padded]])).status).toBe(200);
  });
});

describe('refuses with one and the same 401', () => {
  const flip = (text: string, at: number): string =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  test.each<[string, () => [string, string][]]>([
    ['no token', () => []],
    ['an empty token', () => [['X-Widget-Token', '']]],
    ['a tampered first character', () => [['X-Widget-Token', flip(token, 0)]]],
    ['a tampered middle', () => [['X-Widget-Token', flip(token, 60)]]],
    ['a tampered end', () => [['X-Widget-Token', flip(token, token.length - 2)]]],
    ['an appended character', () => [['X-Widget-Token', `${token}A`]]],
    ['junk inside', () => [['X-Widget-Token', `${token.slice(0, 9)}*${token.slice(9)}`]]],
    [
      'the URL-safe alphabet',
      () => [['X-Widget-Token', Buffer.from(token, 'base64').toString('base64url').replace(/.$/, '-')]],
    ],
    [
      'the token twice',
      () => [
        ['X-Widget-Token', token],
        ['X-Widget-Token', token],
      ],
    ],
    ['the token twice, joined', () => [['X-Widget-Token', `${token}, ${token}`]]],
    [
      'a second, invalid token',
      () => [
        ['X-Widget-Token', token],
        ['X-Widget-Token', 'x'],
      ],
    ],
    ['an expired token', () => [['X-Widget-Token', gate.signToken(-86_401)]]],
    ['a token from ahead', () => [['X-Widget-Token', gate.signToken(400)]]],
    ['an unknown shop', () => [['X-Widget-Token', gate.signToken(0, undefined, 'shop_nobody')]]],
    ["a key that is not the shop's", () => [['X-Widget-Token', gate.signToken(0, generateApiKey('sk', 'test').text)]]],
    ['the token as a bearer', () => [['Authorization', `Bearer ${token}`]]],
    [
      'an invalid token from a foreign origin',
      () => [
        ['X-Widget-Token', 'x'],
        ['Origin', 'https://evil.example'],
      ],
    ],
  ])('%s', async (_name, headers) => {
    const [reference, answer] = await Promise.all([
      call(headers().filter(([name]) => name === 'Origin')),
      call(headers()),
    ]);
    expect(answer.status).toBe(401);
    expect({ ...answer.json, requestId: '' }).toEqual({ ...reference.json, requestId: '' });
    expect(answer.json.code).toBe('unauthorized');
    expect(Object.keys(answer.headers).sort()).toEqual(Object.keys(reference.headers).sort());
  });
});

describe('refuses a valid token with 403', () => {
  test.each<[string, [string, string][]]>([
    ['another origin', [['Origin', 'https://evil.example']]],
    ['null', [['Origin', 'null']]],
    ['plain http', [['Origin', 'http://shop.example.com']]],
    ['another port', [['Origin', 'https://shop.example.com:8443']]],
    ['upper case', [['Origin', 'https://SHOP.example.com']]],
    ['a trailing dot', [['Origin', 'https://shop.example.com.']]],
    ['the shop as a prefix', [['Origin', 'https://shop.example.com.evil.example']]],
    ['the shop as a suffix', [['Origin', 'https://evilshop.example.com']]],
    ['the shop as user info', [['Origin', 'https://shop.example.com@evil.example']]],
    ['an IDN look-alike', [['Origin', 'https://xn--shp-vqa.example.com']]],
    [
      'two origins',
      [
        ['Origin', 'https://shop.example.com'],
        ['Origin', 'https://evil.example'],
      ],
    ],
    [
      'the allowed origin twice',
      [
        ['Origin', 'https://shop.example.com'],
        ['Origin', 'https://shop.example.com'],
      ],
    ],
    ['two joined origins', [['Origin', 'https://shop.example.com, https://evil.example']]],
  ])('%s', async (_name, headers) => {
    const answer = await call([['X-Widget-Token', token], ...headers]);
    expect([answer.status, answer.json.code]).toEqual([403, 'origin_not_allowed']);
    expect(answer.headers['access-control-allow-origin']).toEqual([headers.at(-1)?.[1]]);
  });
});

describe('browsers', () => {
  test.each(['/api/widget/session', '/api/widget/a/b', '/api/shops/x/widget-token'])(
    'OPTIONS %s needs no credential',
    async (path) => {
      const answer = await call(
        [
          ['Origin', 'https://anything.example'],
          ['Access-Control-Request-Method', 'POST'],
          ['Access-Control-Request-Headers', 'x-widget-token'],
        ],
        path,
        'OPTIONS',
      );
      expect(answer.status).toBeLessThan(300);
      expect(answer.headers['access-control-allow-origin']).toEqual(['*']);
      expect(answer.headers['access-control-allow-headers']?.join().toLowerCase()).toContain('x-widget-token');
      expect(answer.headers['access-control-allow-methods']?.join()).toMatch(/POST/);
    },
  );

  test('an answer is readable at the allowed origin and by scripts', async () => {
    const answer = await call([
      ['X-Widget-Token', token],
      ['Origin', gate.shop.url],
    ]);
    expect(answer.headers['access-control-allow-origin']).toEqual(['*']);
    expect(answer.headers['cache-control']).toEqual(['no-store']);
  });

  test.each<[string, string, string, number]>([
    ['GET', '/nothing', 'not_found', 404],
    ['GET', '/api', 'not_found', 404],
    ['GET', '/api/widget', 'not_found', 404],
    ['GET', '/api/shops/x/widget-token', 'not_found', 404],
    ['POST', '/other', 'not_found', 404],
    ['GET', '/api/widget/session', 'unauthorized', 401],
    ['GET', '/api/widget/%zz', 'bad_request', 400],
  ])('the refusal of %s %s is JSON, readable and uncached', async (method, path, code, status) => {
    const answer = await call([['Origin', 'https://anything.example']], path, method);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(Object.keys(answer.json)).toEqual(['code', 'message', 'requestId']);
    expect(answer.headers).toMatchObject({
      'content-type': ['application/json'],
      'cache-control': ['no-store'],
      'access-control-allow-origin': ['https://anything.example'],
      vary: ['Origin'],
    });
  });
});

describe('without a credential no spelling of a path reaches an integration', () => {
  test.each([
    '/api/widget/session',
    '/api/widget/session/',
    '/api/widget//session',
    '//api/widget/session',
    '/api/widget/%73ession',
    '/api/widget%2Fsession',
    '/api/./widget/session',
    '/api/x/../widget/session',
    '/api/widget/..%2f..%2fadmin',
    '/api/widget/session;x=1',
    '/api/widget/session%00',
    '/API/widget/session',
    '/dev/api/widget/session',
    '/api/widget/session?X-Widget-Token=x',
    '/api/widget/%zz',
    '/api/widget/*',
  ])('%s', async (path) => {
    const answer = await call([], path);
    expect([400, 401, 404]).toContain(answer.status);
    expect(answer.json).toHaveProperty('code');
    expect(answer.text).not.toContain(gate.shop.shopId);
  });
});

test('a thousand mixed parallel calls each get their own right answer', async () => {
  const shops = await Promise.all(
    ['https://p.example.com', 'https://q.example.com'].map((url) => gate.createShop(url)),
  );
  const calls = Array.from({ length: 1_000 }, async (_unused, at) => {
    const shop = shops[at % 2] as (typeof shops)[number];
    const right = at % 3 !== 0;
    const signed = gate.signToken(0, right ? shop.apiKey : gate.shop.apiKey, shop.shopId);
    const answer = await gate.session(signed);
    return right ? answer.status === 200 && answer.json.shopId === shop.shopId : answer.status === 401;
  });
  expect((await Promise.all(calls)).filter((rightly) => !rightly)).toHaveLength(0);
});
