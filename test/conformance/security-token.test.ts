import { setTimeout } from 'node:timers/promises';
import { limits } from '#contract/limits.ts';
import type { SealedKind } from '#lambda/analytics/security-sealing.ts';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { parseFaults } from '#local/faults.ts';
import { slowStore } from '../support/bounds.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { ANALYTICS_PATH, bearer, type Header, LOGIN, Portal, withCookie } from '../support/portal.ts';
import { type Elsewhere, sealElsewhere } from '../support/seal-elsewhere.ts';

let gate: RunningGate;
let portal: Portal;
let token: string;
beforeAll(async () => {
  gate = await startGate();
  portal = await Portal.open(gate);
  token = await portal.securityToken();
});
afterAll(() => gate.close());

const use = (text: string): Promise<HttpAnswer> => portal.analytics(bearer(text));
const identityOf = async (body: object): Promise<Record<string, unknown>> =>
  (await use(await portal.securityToken(body))).json;

describe('issuing', () => {
  test('a server gets a body that is exactly {"token"}, with its relative end and no-store', async () => {
    const answer = await portal.logIn();
    expect([answer.status, answer.text]).toEqual([200, JSON.stringify({ token: answer.json.token })]);
    expect(answer.headers).toMatchObject({
      'content-type': ['application/json'],
      'cache-control': ['no-store'],
      'x-security-token-expires-in': ['3600'],
    });
  });

  test('the token is a compact JWE of five parts, from which a browser can read neither ids nor permissions', async () => {
    const text = await portal.securityToken({ ...LOGIN, permissions: ['region-north'] });
    const parts = text.split('.');
    expect(parts.map((part) => part === '')).toEqual([false, true, false, false, false]);
    const readable = parts.map((part) => Buffer.from(part, 'base64url').toString('latin1')).join(' ') + text;
    for (const secret of ['region-north', 'u-17', 'sales', 'acme', 'permissions', portal.key.keyId])
      expect(readable).not.toContain(secret);
    expect(JSON.parse(Buffer.from(parts[0] as string, 'base64url').toString())).toMatchObject({
      alg: 'dir',
      enc: 'A256GCM',
      kid: expect.any(String),
    });
  });

  test('the same request gives another token each time', async () => {
    expect(new Set(await Promise.all(Array.from({ length: 10 }, () => portal.securityToken()))).size).toBe(10);
  });

  test.each([
    ['user', { userId: 'u-1', appid: 'a' }, { userId: 'u-1' }],
    ['user', { user_id: 'u-1', appid: 'a' }, { userId: 'u-1' }],
    ['app', { userid: 'u', appId: 'a-1' }, { appId: 'a-1' }],
    ['app', { userid: 'u', app_id: 'a-1' }, { appId: 'a-1' }],
    ['client', { userid: 'u', appid: 'a', clientId: 'c-1' }, { clientId: 'c-1' }],
    ['client', { userid: 'u', appid: 'a', client_id: 'c-1' }, { clientId: 'c-1' }],
    ['organization', { userid: 'u', appid: 'a', orgid: 'o-1' }, { orgId: 'o-1' }],
    ['organization', { userid: 'u', appid: 'a', orgId: 'o-1' }, { orgId: 'o-1' }],
    ['user, in two spellings that agree', { userid: 'u-1', userId: 'u-1', appid: 'a' }, { userId: 'u-1' }],
  ])('the id of a %s is taken from %j', async (_name, body, expected) => {
    expect(await identityOf(body)).toMatchObject({ ...expected, claims: {} });
  });

  test.each<[string | number, number]>([
    ['30s', 30],
    ['10m', 600],
    ['1h', 3_600],
    ['24h', 86_400],
    ['1440m', 86_400],
    ['86400s', 86_400],
    [1, 1],
    [90, 90],
    [86_400, 86_400],
  ])('expiresIn %j is a life of %i s, as the header and the session show', async (expiresIn, seconds) => {
    const answer = await portal.logIn({ ...LOGIN, expiresIn });
    expect(answer.headers['x-security-token-expires-in']).toEqual([String(seconds)]);
    if (seconds < 30) return;
    const expiresAt = Number((await use(String(answer.json.token))).json.expiresAt);
    expect(Math.abs(expiresAt - seconds - Date.now() / 1_000)).toBeLessThan(20);
  });

  test('a key with a longest life of its own bounds both the default and what may be asked for', async () => {
    const short = await Portal.open(gate, { maxTtlSeconds: 600 });
    expect((await short.logIn()).headers['x-security-token-expires-in']).toEqual(['600']);
    expect((await short.logIn({ ...LOGIN, expiresIn: '10m' })).status).toBe(200);
    const refused = await short.logIn({ ...LOGIN, expiresIn: 601 });
    expect([refused.status, refused.json.code]).toEqual([400, 'invalid_expires_in']);
    expect(refused.json.message).toContain('600');
  });

  test('refuses an app that the key is not for', async () => {
    const narrow = await Portal.open(gate, { appIds: ['sales'] });
    expect((await narrow.logIn()).status).toBe(200);
    const refused = await narrow.logIn({ ...LOGIN, appid: 'finance' });
    expect([refused.status, refused.json.code]).toEqual([403, 'wrong_app']);
  });
});

describe('refuses the body with', () => {
  const nested = (depth: number): string => `{"userid":"u","appid":"a","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const login = (more: object): string => JSON.stringify({ ...LOGIN, ...more });
  test.each<[string, string | undefined, number, string]>([
    ['nothing at all', undefined, 400, 'invalid_json'],
    ['no text', '', 400, 'invalid_json'],
    ['no JSON', 'userid=u', 400, 'invalid_json'],
    ['half an object', '{"userid":"u"', 400, 'invalid_json'],
    ['an array', '[{"userid":"u","appid":"a"}]', 400, 'invalid_json'],
    ['null', 'null', 400, 'invalid_json'],
    ['a string', '"userid"', 400, 'invalid_json'],
    ['a __proto__ member', '{"__proto__":{"userid":"u"},"appid":"a","userid":"u"}', 400, 'invalid_json'],
    ['an escaped __proto__', '{"\\u005f_proto__":{},"appid":"a","userid":"u"}', 400, 'invalid_json'],
    ['a __proto__ further in', '{"userid":"u","appid":"a","x":{"__proto__":1}}', 400, 'invalid_json'],
    ['a repeated member', '{"userid":"u","appid":"a","userid":"admin"}', 400, 'invalid_json'],
    ['a member repeated by an escape', '{"userid":"u","appid":"a","useri\\u0064":"admin"}', 400, 'invalid_json'],
    ['a member repeated further in', '{"userid":"u","appid":"a","x":{"y":1,"y":2}}', 400, 'invalid_json'],
    ['17 levels', nested(17), 400, 'invalid_json'],
    ['4,000 levels', nested(4_000), 400, 'invalid_json'],
    ['10,000 levels', nested(10_000), 413, 'request_too_large'],
    ['10,000 open brackets', '['.repeat(10_000), 413, 'request_too_large'],
    ['over 8 KiB', login({ x: 'x'.repeat(8_192) }), 413, 'request_too_large'],
    ['no user', '{"appid":"a"}', 400, 'invalid_request'],
    ['no app', '{"userid":"u"}', 400, 'invalid_request'],
    ['an empty user', login({ userid: '' }), 400, 'invalid_request'],
    ['a user that is a number', login({ userid: 17 }), 400, 'invalid_request'],
    ['a user that is null', login({ userid: null }), 400, 'invalid_request'],
    ['a user that is an object', login({ userid: { toString: 'u' } }), 400, 'invalid_request'],
    ['a user with a line break', login({ userid: 'u\r\nX-Admin: 1' }), 400, 'invalid_request'],
    ['a user beyond ASCII', login({ userid: 'u\u0308' }), 400, 'invalid_request'],
    ['a user of 257 characters', login({ userid: 'u'.repeat(257) }), 400, 'invalid_request'],
    ['a client that is not a text', login({ clientid: ['acme'] }), 400, 'invalid_request'],
    ['two users', login({ userId: 'u-18' }), 400, 'conflicting_aliases'],
    ['two apps', login({ app_id: 'finance' }), 400, 'conflicting_aliases'],
    ['two clients', login({ client_id: 'other' }), 400, 'conflicting_aliases'],
    ['two organizations', login({ orgid: 'a', orgId: 'b' }), 400, 'conflicting_aliases'],
    ['a life without its unit', login({ expiresIn: '3600' }), 400, 'invalid_expires_in'],
    ['a life in days', login({ expiresIn: '1d' }), 400, 'invalid_expires_in'],
    ['a life of two units', login({ expiresIn: '1h30m' }), 400, 'invalid_expires_in'],
    ['a life with a space', login({ expiresIn: ' 1h' }), 400, 'invalid_expires_in'],
    ['a life of nothing', login({ expiresIn: '0s' }), 400, 'invalid_expires_in'],
    ['a life of 0', login({ expiresIn: 0 }), 400, 'invalid_expires_in'],
    ['a life that is over', login({ expiresIn: -60 }), 400, 'invalid_expires_in'],
    ['a life in fractions', login({ expiresIn: 1.5 }), 400, 'invalid_expires_in'],
    ['a life beyond numbers', `{"userid":"u","appid":"a","expiresIn":1e999}`, 400, 'invalid_expires_in'],
    ['a life of null', login({ expiresIn: null }), 400, 'invalid_expires_in'],
    ['a life that is true', login({ expiresIn: true }), 400, 'invalid_expires_in'],
    ['25 hours', login({ expiresIn: '25h' }), 400, 'invalid_expires_in'],
    ['a second over a day', login({ expiresIn: 86_401 }), 400, 'invalid_expires_in'],
    ['claims that are too large', login({ permissions: 'x'.repeat(6_000) }), 413, 'token_too_large'],
  ])('%s', async (_name, body, status, code) => {
    for (const answer of [
      await gate.call({
        method: 'POST',
        path: '/devapi/v4/core/login/token',
        headers: portal.keyHeader(),
        ...(body !== undefined && { body }),
      }),
      await portal.askForTempToken(body ?? ''),
    ]) {
      expect([answer.status, answer.json.code]).toEqual([status, code]);
      expect(Object.keys(answer.json)).toEqual(['code', 'message', 'requestId']);
    }
  });

  test('claims that are too large, naming the member to shorten', async () => {
    const { json } = await portal.logIn({ ...LOGIN, asset_permissions: 'x'.repeat(5_500), permissions: ['small'] });
    expect(json.message).toContain('"asset_permissions"');
    expect(json.message).toContain(String(limits.maxSecurityTokenBytes));
    expect(json.message).not.toContain('xxx');
  });
});

describe('refuses a server', () => {
  const broken = (apiKey: string): string => apiKey.slice(0, -1) + (apiKey.endsWith('0') ? '1' : '0');
  const keys: [string, () => readonly Header[]][] = [
    ['without a key', () => []],
    ['with an empty key', () => [['X-API-Key', '']]],
    ['with a malformed key', () => [['X-API-Key', 'an_test_x']]],
    ['with a mistyped key', () => [['X-API-Key', broken(portal.key.apiKey)]]],
    ['with an unknown key', () => [['X-API-Key', generateApiKey('an', 'test').text]]],
    ['with a live key', () => [['X-API-Key', generateApiKey('an', 'live').text]]],
    ["with a shop's key", () => [['X-API-Key', gate.shop.apiKey]]],
    ['with the key twice', () => [...portal.keyHeader(), ...portal.keyHeader()]],
    ['with the key twice, joined', () => [['X-API-Key', `${portal.key.apiKey}, ${portal.key.apiKey}`]]],
    ['with the key as a bearer', () => bearer(portal.key.apiKey)],
    ["with the key as a shop's", () => [['X-Shop-API-Key', portal.key.apiKey]]],
    [
      "with a browser's marks and an unknown key",
      () => [
        ['X-API-Key', generateApiKey('an', 'test').text],
        ['Sec-Fetch-Site', 'cross-site'],
        ['Sec-Fetch-Mode', 'cors'],
      ],
    ],
  ];
  test.each(keys)('%s by one and the same 401, whatever its body', async (_name, headers) => {
    const reference = await portal.logIn(LOGIN, []);
    for (const answer of [await portal.logIn(LOGIN, headers()), await portal.logIn('no json', headers())]) {
      expect([answer.status, answer.json.code]).toEqual([401, 'invalid_api_key']);
      expect({ ...answer.json, requestId: '' }).toEqual({ ...reference.json, requestId: '' });
      expect(Object.keys(answer.headers).sort()).toEqual(Object.keys(reference.headers).sort());
    }
  });

  test('whose key has ended, by the same 401 within the published bound', async () => {
    const ended = await Portal.open(gate);
    expect((await ended.logIn()).status).toBe(200);
    await gate.administer({ action: 'revoke-service-key', keyId: ended.key.keyId });
    gate.host.setFaults(slowStore(limits.defaultBoundSeconds));
    const [answer, reference] = [await ended.logIn(), await ended.logIn(LOGIN, [])];
    gate.host.setFaults(parseFaults(''));
    expect(answer.status).toBe(401);
    expect({ ...answer.json, requestId: '' }).toEqual({ ...reference.json, requestId: '' });
  });
});

describe('a security token', () => {
  test.each<[string, (text: string) => Header[]]>([
    ['bare', (text) => [['Authorization', text]]],
    ['with Bearer', (text) => [['Authorization', `Bearer ${text}`]]],
    ['with bearer in lower case', (text) => [['authorization', `bearer ${text}`]]],
    ['from a page of any origin', (text) => [...bearer(text), ['Origin', 'https://any.example']]],
    [
      'beside a stale cookie and a bad key, which do not count',
      (text) => [...bearer(text), ...withCookie('stale'), ['X-API-Key', 'bad']],
    ],
  ])('works %s', async (_name, headers) => {
    const answer = await portal.analytics(headers(token));
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        kind: 'security-token',
        keyId: portal.key.keyId,
        userId: 'u-17',
        appId: 'sales',
        clientId: 'acme',
        expiresAt: expect.any(Number),
        claims: {},
      },
    ]);
  });

  test('carries all other members unchanged', async () => {
    const claims = {
      permissions: [
        { dataset_id: '*', record_permissions: [{ security_name: 'Region', values: ['Nörd', '日本', '💶'] }] },
      ],
      asset_permissions: { pages: true, levels: [0, -1.5, 1e21, null, false, ''] },
      timezone: { tz_timezone: 'Europe/Berlin' },
      constructor: 'x',
      toString: 'y',
      'a "quoted" \\ name': '</script>',
    };
    expect((await identityOf({ ...LOGIN, ...claims })).claims).toEqual(claims);
  });

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('works for %s on any path of the tree', async (method) => {
    const { json } = await gate.call({ path: '/api/analytics/charts/7?x=1', method, headers: bearer(token) });
    expect(json).toMatchObject({ userId: 'u-17' });
  });

  test.each<[string, Header[], string, number]>([
    ['the same app in X-App-Id', [['X-App-Id', 'sales']], ANALYTICS_PATH, 200],
    ['the same app in the query', [], `${ANALYTICS_PATH}?appId=sales`, 200],
    ['another app in X-App-Id', [['X-App-Id', 'finance']], ANALYTICS_PATH, 403],
    ['another app in the query', [], `${ANALYTICS_PATH}?appId=finance`, 403],
    [
      'another app in X-App-Id beside its own',
      [
        ['X-App-Id', 'sales'],
        ['X-App-Id', 'finance'],
      ],
      ANALYTICS_PATH,
      403,
    ],
    ['another app in the query beside its own', [], `${ANALYTICS_PATH}?appId=sales&appId=finance`, 403],
    [
      'its own app in the query and another in X-App-Id',
      [['x-app-id', 'finance']],
      `${ANALYTICS_PATH}?appId=sales`,
      403,
    ],
    ['its own app in upper case', [['X-App-Id', 'SALES']], ANALYTICS_PATH, 403],
  ])('with %s', async (_name, more, path, status) => {
    const answer = await portal.analytics([...bearer(token), ...more], path);
    expect([answer.status, answer.json.code]).toEqual([status, status === 200 ? undefined : 'wrong_app']);
  });
});

const otherThan = (char: string): string => (char === 'A' ? 'B' : 'A');
const flip = (text: string, at: number): string =>
  text.slice(0, at) + otherThan(text[at] as string) + text.slice(at + 1);
/** The token with one of its five parts changed. */
const withPart = (at: number, change: (part: string) => string): string =>
  token
    .split('.')
    .map((part, index) => (index === at ? change(part) : part))
    .join('.');
const withHeader = (change: object): string =>
  withPart(0, (part) => {
    const header = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    return Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url');
  });

describe('refuses with one and the same 401', () => {
  const parts = { header: 0, nonce: 2, ciphertext: 3, tag: 4 };
  const tampered = Object.entries(parts).flatMap(([name, at]): [string, () => string][] => [
    [`the first character of the ${name} changed`, () => withPart(at, (part) => flip(part, 0))],
    [`the middle of the ${name} changed`, () => withPart(at, (part) => flip(part, part.length >> 1))],
    [`the last character of the ${name} changed`, () => withPart(at, (part) => flip(part, part.length - 1))],
    [`no ${name}`, () => withPart(at, () => '')],
    [`a ${name} that lacks its last character`, () => withPart(at, (part) => part.slice(0, -1))],
    [`a ${name} with a character more`, () => withPart(at, (part) => `${part}A`)],
  ]);
  test.each<[string, () => string]>([
    ...tampered,
    ['a tag of 96 bits', () => withPart(4, (part) => part.slice(0, 16))],
    ['a tag of 32 bits', () => withPart(4, (part) => part.slice(0, 6))],
    ['an encrypted key', () => withPart(1, () => 'AAAA')],
    ['four parts', () => token.split('.').slice(0, 4).join('.')],
    ['six parts', () => `${token}.AAAA`],
    ['an unknown kid', () => withHeader({ kid: 'rk_99' })],
    ['a kid that objects inherit', () => withHeader({ kid: 'constructor' })],
    ['a kid that is a path', () => withHeader({ kid: '../../dev/null' })],
    ['alg none', () => withHeader({ alg: 'none' })],
    ['another enc', () => withHeader({ enc: 'A128GCM' })],
    ['another typ', () => withHeader({ typ: 'session-token' })],
    ['a key of its own', () => withHeader({ jwk: { kty: 'oct', k: 'AAAA' } })],
    ['a header that is not a JSON', () => withPart(0, () => 'AAAA')],
    ['a signed JWT', () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
    ['its padding', () => `${token}==`],
    ['over 6 KiB', () => `${token}${'A'.repeat(6_144)}`],
  ])('a token with %s', async (_name, text) => {
    const [answer, reference] = [await use(text()), await portal.analytics([])];
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized']);
    expect({ ...answer.json, requestId: '' }).toEqual({ ...reference.json, requestId: '' });
    expect(Object.keys(answer.headers).sort()).toEqual(Object.keys(reference.headers).sort());
  });

  test.each<[string, () => Header[]]>([
    ['sent twice', () => [...bearer(token), ...bearer(token)]],
    ['sent twice, joined', () => [['Authorization', `Bearer ${token}, Bearer ${token}`]]],
    ['under another scheme', () => [['Authorization', `Basic ${token}`]]],
    ['in X-API-Key', () => [['X-API-Key', token]]],
    ['in a cookie', () => withCookie(token)],
    ['in the query', () => []],
    ['damaged beside a good cookie', () => [...bearer(flip(token, 9)), ...withCookie(goodCookie)]],
    ['empty beside a good cookie', () => [['Authorization', ''], ...withCookie(goodCookie)]],
    ['damaged beside a good key', () => [...bearer(flip(token, 9)), ...portal.keyHeader()]],
  ])('a token %s', async (_name, headers) => {
    const { status, json } = await portal.analytics(headers(), `${ANALYTICS_PATH}?qvToken=${token}&token=${token}`);
    expect([status, json.code]).toEqual([401, 'unauthorized']);
  });
  let goodCookie = '';
  beforeAll(async () => {
    goodCookie = await portal.sessionCookie();
  });
});

describe('of the same ring', () => {
  const kinds: [SealedKind, (text: string) => readonly Header[]][] = [
    ['security-token', bearer],
    ['session-token', bearer],
    ['session-cookie', withCookie],
  ];
  const statusesOf = async (elsewhere: Elsewhere): Promise<number[]> => {
    const calls = kinds.map(async ([kind, headers]) => {
      const text = await sealElsewhere(gate, portal.key.keyId, kind, elsewhere);
      return (await portal.analytics(headers(text))).status;
    });
    return Promise.all(calls);
  };

  test('what was sealed for this deployment opens, which shows that the refusals below are of their places alone', async () => {
    expect(await statusesOf({})).toEqual([200, 200, 200]);
  });

  test.each<[string, Elsewhere]>([
    ['another stage', { deployment: 'widget-gate:000000000000:prod' }],
    ['another account', { deployment: 'widget-gate:111111111111:dev' }],
    ['another deployment', { deployment: 'other-gate:000000000000:dev' }],
    ["shops' keys", { purpose: 'shop-key' }],
    ['a service key that there is not', { change: { keyId: 'AAAAAAAA' } }],
    ['a time that is over', { change: { expiresAt: 1 } }],
  ])('refuses tokens and sessions that were sealed for %s', async (_name, elsewhere) => {
    expect(await statusesOf(elsewhere)).toEqual([401, 401, 401]);
  });

  test.each<[SealedKind, (text: string) => readonly Header[]]>([
    ['session-cookie', bearer],
    ['security-token', withCookie],
    ['session-token', withCookie],
  ])('refuses a %s where another kind belongs', async (kind, headers) => {
    const text = await sealElsewhere(gate, portal.key.keyId, kind);
    expect((await portal.analytics(headers(text))).status).toBe(401);
  });
});

test('a token ends with its life, and one that was asked to live longer goes on', async () => {
  const [hour, day] = [await portal.securityToken(), await portal.securityToken({ ...LOGIN, expiresIn: '24h' })];
  const statusesAt = async (offset: string): Promise<number[]> => {
    gate.host.setFaults(parseFaults(`clock:offset=${offset}`));
    return [(await use(hour)).status, (await use(day)).status];
  };
  expect(await statusesAt('+58m')).toEqual([200, 200]);
  expect(await statusesAt('+61m')).toEqual([401, 200]);
  expect(await statusesAt('+1438m')).toEqual([401, 200]);
  expect(await statusesAt('+1441m')).toEqual([401, 401]);
  gate.host.setFaults(parseFaults(''));
});

test('while the ring is rotated no token or session fails, and those made right after, and later, work as well', async () => {
  const [cookie, bearerValue] = [await portal.sessionCookie(), await portal.sessionToken()];
  const statuses = async (): Promise<number[]> => [
    (await use(token)).status,
    (await use(bearerValue)).status,
    (await portal.analytics(withCookie(cookie))).status,
    (await use(await portal.securityToken())).status,
    (await portal.analytics(withCookie(await portal.sessionCookie()))).status,
  ];
  const kidOf = (text: string): unknown =>
    (JSON.parse(Buffer.from(text.split('.')[0] as string, 'base64url').toString()) as { kid: unknown }).kid;
  const seen: number[][] = [];
  let rotating = true;
  const callAll = async (): Promise<void> => {
    while (rotating) {
      seen.push(await statuses());
      await setTimeout(50);
    }
  };
  const callers = callAll();
  await gate.host.aws.rotateSecret('Ring');
  seen.push(await statuses());
  rotating = false;
  await callers;
  gate.host.setFaults(parseFaults('clock:offset=+10m'));
  const later = await portal.securityToken();
  seen.push(await statuses());
  gate.host.setFaults(parseFaults(''));
  expect([kidOf(token), kidOf(later)]).toEqual(['rk_1', 'rk_2']);
  expect(seen.filter((each) => each.some((status) => status !== 200))).toEqual([]);
  expect((await use(later)).status).toBe(200);
});
