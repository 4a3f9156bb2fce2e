import { cookies } from '#contract/cookies.ts';
import { environment } from '#contract/environment.ts';
import { limits } from '#contract/limits.ts';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { parseFaults } from '#local/faults.ts';
import { slowStore } from '../support/bounds.ts';
import { Browser } from '../support/browser.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer, HttpCall } from '../support/http.ts';
import {
  addServiceKey,
  bearer,
  DATA_ROUTER_PATH,
  type Header,
  LOGIN,
  PORTAL,
  Portal,
  type TestServiceKey,
  withCookie,
} from '../support/portal.ts';
import { startUpstream, type Upstream, type UpstreamCall } from '../support/upstream.ts';

const BASE = '/base';

let gate: RunningGate;
let upstream: Upstream;
let portal: Portal;
let routerKey: TestServiceKey;
let devKey: TestServiceKey;
let securityToken: string;
let cookie: string;
let sessionToken: string;
beforeAll(async () => {
  upstream = await startUpstream();
  gate = await startGate({
    environment: {
      [environment.dataRouterUpstreamUrl]: `${upstream.url}${BASE}`,
      [environment.analyticsUpstreamUrl]: `${upstream.url}${BASE}`,
      [environment.upstreamUrl]: `${upstream.url}${BASE}`,
    },
  });
  portal = await Portal.open(gate);
  routerKey = await addServiceKey(gate, { purpose: 'data-router' });
  devKey = await addServiceKey(gate, { purpose: 'dev' });
  securityToken = await portal.securityToken({ ...LOGIN, orgid: 'org-1', permissions: ['north'] });
  cookie = await portal.sessionCookie();
  sessionToken = await portal.sessionToken();
});
beforeEach(() => {
  upstream.answerWith({});
  upstream.takeCalls();
});
afterEach(() => gate.host.setFaults(slowStore()));
afterAll(async () => {
  await gate.close();
  await upstream.close();
});

const withKey = (apiKey = routerKey.apiKey): Header[] => [['X-API-Key', apiKey]];
const route = (call: Partial<HttpCall> = {}): Promise<HttpAnswer> =>
  gate.call({ path: '/api/data-router/imports', headers: withKey(), ...call });

/** The one call that the upstream got, which must be as the gate answered. */
async function forwarded(call: HttpCall): Promise<UpstreamCall> {
  const answer = await gate.call(call);
  const calls = upstream.takeCalls();
  expect([answer.status, answer.text, calls.length]).toEqual([200, '{"from":"upstream"}', 1]);
  return calls[0] as UpstreamCall;
}

describe('a data router call', () => {
  test('is forwarded with method, path, query and body as they were, under the verified identity', async () => {
    const call = await forwarded({
      method: 'PUT',
      path: '/api/data-router/imports/a%20b/7?x=1&x=2&y=%C3%A4',
      headers: [...withKey(), ['Content-Type', 'application/json'], ['X-Its-Own', 'kept']],
      body: '{"rows":[1,2]}',
    });
    expect([call.method, call.body]).toEqual(['PUT', '{"rows":[1,2]}']);
    expect(call.url).toBe(`${BASE}/imports/a%20b/7?x=1&x=2&y=%C3%A4`);
    expect(call.headers).toMatchObject({
      'x-credential-kind': 'data-router-key',
      'x-service-key-id': routerKey.keyId,
      'x-request-id': expect.any(String),
      'content-type': 'application/json',
      'x-its-own': 'kept',
    });
  });

  test('of GET session is answered by the gate, with the short id of the key and nothing more', async () => {
    const answer = await route({ path: DATA_ROUTER_PATH });
    expect([answer.status, answer.json]).toEqual([200, { kind: 'data-router-key', keyId: routerKey.keyId }]);
    expect(upstream.takeCalls()).toEqual([]);
  });

  const refused: [string, () => readonly Header[], number, string][] = [
    ['no key', () => [], 401, 'unauthorized'],
    ['an empty key', () => withKey(''), 401, 'unauthorized'],
    ['an unknown key', () => withKey(generateApiKey('dr', 'test').text), 401, 'unauthorized'],
    ['a live key', () => withKey(generateApiKey('dr', 'live').text), 401, 'unauthorized'],
    ['an analytics key', () => portal.keyHeader(), 401, 'unauthorized'],
    ['a dev key', () => [...withKey(devKey.apiKey), ['Origin', 'http://localhost:3000']], 401, 'unauthorized'],
    ["a shop's key", () => withKey(gate.shop.apiKey), 401, 'unauthorized'],
    ['the key twice', () => [...withKey(), ...withKey()], 401, 'unauthorized'],
    ['the key as a bearer', () => bearer(routerKey.apiKey), 401, 'unauthorized'],
    ['a security token', () => bearer(securityToken), 401, 'unauthorized'],
    ['a session cookie', () => withCookie(cookie), 401, 'unauthorized'],
    [
      'a browser around the right key',
      () => [...withKey(), ['Sec-Fetch-Site', 'cross-site']],
      403,
      'api_key_in_browser',
    ],
  ];
  test.each(refused)('refuses %s, and the upstream hears nothing of it', async (_name, headers, status, code) => {
    for (const path of ['/api/data-router/imports', DATA_ROUTER_PATH]) {
      const answer = await route({ path, headers: headers() });
      expect([answer.status, answer.json.code]).toEqual([status, code]);
    }
    expect(upstream.takeCalls()).toEqual([]);
  });

  test('refuses a key that was revoked within the published bound', async () => {
    const key = await addServiceKey(gate, { purpose: 'data-router' });
    expect((await route({ headers: withKey(key.apiKey) })).status).toBe(200);
    await gate.administer({ action: 'revoke-service-key', keyId: key.keyId });
    gate.host.setFaults(slowStore(limits.defaultBoundSeconds));
    expect((await route({ headers: withKey(key.apiKey) })).status).toBe(401);
    expect((await route()).status).toBe(200);
  });

  test('is answered 503 with Retry-After, never 401 and never let in, while the store fails and the key is not known', async () => {
    const { apiKey } = await addServiceKey(gate, { purpose: 'data-router' });
    gate.host.setFaults(parseFaults('dynamodb:down'));
    const answer = await route({ headers: withKey(apiKey) });
    expect([answer.status, answer.json.code, answer.headers['retry-after']]).toEqual([
      503,
      'service_unavailable',
      ['1'],
    ]);
    expect(upstream.takeCalls()).toEqual([]);
    expect((await route({ headers: withKey('junk') })).status).toBe(401);
  });

  test.each(['%2e%2e/admin', '..%2fadmin', 'a/%2e%2e/b', 'a%5cb', 'a%00b'])(
    'refuses the path %s, which an upstream could read as another',
    async (path) => {
      expect((await route({ path: `/api/data-router/${path}` })).status).toBe(400);
      expect(upstream.takeCalls()).toEqual([]);
    },
  );

  test.each<[string, Parameters<Upstream['answerWith']>[0], number, string]>([
    ['breaks off', { breaksOff: true }, 502, 'upstream_failed'],
    ['answers with too much', { body: 'x'.repeat(limits.maxUpstreamBodyBytes + 1) }, 502, 'upstream_failed'],
  ])('is answered by the catalog when the upstream %s', async (_name, answer, status, code) => {
    upstream.answerWith(answer);
    const answered = await route();
    expect([answered.status, answered.json.code]).toEqual([status, code]);
    expect(answered.text).not.toMatch(/127\.0\.0\.1|ECONN/);
  });

  test.each([201, 204, 304, 400, 401, 403, 404, 418, 500, 503])(
    "gets the upstream's own %i as it is",
    async (status) => {
      const hasBody = ![204, 304].includes(status);
      upstream.answerWith({ status, headers: { 'X-Theirs': 'a' }, ...(hasBody ? { body: 'theirs' } : { body: '' }) });
      const answer = await route();
      expect([answer.status, answer.text, answer.headers['x-theirs']]).toEqual([
        status,
        hasBody ? 'theirs' : '',
        ['a'],
      ]);
    },
  );
});

describe('an analytics call reaches the upstream under the verified identity of', () => {
  const IDENTITY = { 'x-user-id': 'u-17', 'x-app-id': 'sales', 'x-client-id': 'acme' };
  test.each<[string, () => readonly Header[], object]>([
    [
      'a security token',
      () => bearer(securityToken),
      { ...IDENTITY, 'x-credential-kind': 'security-token', 'x-org-id': 'org-1' },
    ],
    ['a session cookie', () => withCookie(cookie), { ...IDENTITY, 'x-credential-kind': 'session' }],
    ['a session token', () => bearer(sessionToken), { ...IDENTITY, 'x-credential-kind': 'session' }],
    ['an analytics key', () => portal.keyHeader(), { 'x-credential-kind': 'analytics-key' }],
    [
      'an analytics key that says for whom it calls',
      () => [...portal.keyHeader(), ['X-User-Id', 'u-1'], ['X-App-Id', 'a-1']],
      { 'x-credential-kind': 'analytics-key', 'x-user-id': 'u-1', 'x-app-id': 'a-1' },
    ],
    [
      'a dev key',
      () => [...withKey(devKey.apiKey), ['Origin', 'http://localhost:3000'], ['X-User-Id', 'u-1'], ['X-App-Id', 'a-1']],
      { 'x-credential-kind': 'dev-key', 'x-user-id': 'u-1', 'x-app-id': 'a-1' },
    ],
  ])('%s, and without the credential', async (_name, headers, identity) => {
    const call = await forwarded({ path: '/api/analytics/charts/7?q=1', headers: headers() });
    expect(call.url).toBe(`${BASE}/charts/7?q=1`);
    expect(call.headers).toMatchObject(identity);
    const keyId = call.headers['x-service-key-id'];
    expect([portal.key.keyId, devKey.keyId]).toContain(keyId);
    const all = call.rawHeaders.join('\n') + call.url;
    for (const secret of [securityToken, cookie, sessionToken, portal.key.apiKey, devKey.apiKey])
      expect(all).not.toContain(secret.slice(-30));
    expect(all.toLowerCase()).not.toMatch(/authorization|x-api-key|__host-/);
  });

  test('the claims of the token, as JSON in Base64url', async () => {
    const { headers } = await forwarded({ path: '/api/analytics/charts', headers: bearer(securityToken) });
    const claims: unknown = JSON.parse(Buffer.from(String(headers['x-security-claims']), 'base64url').toString());
    expect(claims).toEqual({ permissions: ['north'] });
  });
});

describe('what a client claims of itself is overwritten or dropped', () => {
  const NAMES = [
    'X-User-Id',
    'X-Client-Id',
    'X-Org-Id',
    'X-Credential-Kind',
    'X-Service-Key-Id',
    'X-Security-Claims',
    'X-Shop-Id',
    'X-Token-Issued-At',
    'X-Request-Id',
  ];
  const spellings = NAMES.flatMap((name) => [name, name.toUpperCase(), name.replaceAll('-', '_')]);
  test.each<[string, () => Header[], string]>([
    ['an analytics call with a token', () => bearer(securityToken), '/api/analytics/x'],
    ['an analytics call with a cookie', () => withCookie(cookie), '/api/analytics/x'],
    ['a data router call', () => withKey(), '/api/data-router/x'],
  ])('in %s', async (_name, headers, path) => {
    const claimed = spellings.map((name): Header => [name, 'evil']);
    const { rawHeaders } = await forwarded({ path, headers: [...headers(), ...claimed] });
    expect(rawHeaders).not.toContain('evil');
    const names = rawHeaders.filter((_text, at) => at % 2 === 0).map((name) => name.toLowerCase());
    for (const name of NAMES) expect(names.filter((one) => one === name.toLowerCase()).length).toBeLessThanOrEqual(1);
  });

  test('and Connection removes no identity', async () => {
    const headers: Header[] = [...bearer(securityToken), ['Connection', 'close, X-User-Id, X-App-Id']];
    const call = await forwarded({ path: '/api/analytics/x', headers });
    expect(call.headers).toMatchObject({ 'x-user-id': 'u-17', 'x-app-id': 'sales' });
  });
});

test('of the cookies the upstream gets all but ours', async () => {
  const theirs: Header[] = [['Cookie', `a=1; ${cookies.adminSession}=secret-admin; b=2`], ...withCookie(cookie)];
  const analytics = await forwarded({ path: '/api/analytics/x', headers: theirs });
  const router = await forwarded({ path: '/api/data-router/x', headers: [...theirs, ...withKey()] });
  for (const call of [analytics, router]) {
    expect(call.headers.cookie).toContain('a=1');
    expect(call.headers.cookie).toContain('b=2');
    expect(call.rawHeaders.join()).not.toMatch(/__Host-|secret-admin/);
    expect(call.rawHeaders.join()).not.toContain(cookie.slice(-30));
  }
});

describe("a page reads the upstream's answer", () => {
  test('with its cookie at its own origin, whatever the upstream says of CORS', async () => {
    const browser = new Browser(gate.host.baseUrl);
    const page = browser.page(PORTAL);
    const headers = { Authorization: await portal.tempToken() };
    await page.fetch('/api/auth/session', { method: 'POST', credentials: 'include', headers });
    for (const theirs of [
      {},
      { 'Access-Control-Allow-Origin': '*' },
      {
        'Access-Control-Allow-Origin': 'https://evil.example',
        'Access-Control-Allow-Credentials': 'false',
        Vary: 'Accept',
      },
    ]) {
      upstream.answerWith({ headers: { ...theirs, 'X-Theirs': 'kept' } });
      const answer = await page.fetch('/api/analytics/charts', {
        credentials: 'include',
        headers: { 'X-Requested-With': 'widget' },
      });
      expect([answer.status, answer.json, answer.header('X-Theirs')]).toEqual([200, { from: 'upstream' }, 'kept']);
      const sent = browser.wire.at(-1)?.answer.headers;
      expect(sent).toMatchObject({
        'access-control-allow-origin': [PORTAL],
        'access-control-allow-credentials': ['true'],
      });
      expect(sent?.vary?.join()).toContain('Origin');
    }
  });

  test('with a security token at any origin', async () => {
    const page = new Browser(gate.host.baseUrl).page('https://any.example');
    const answer = await page.fetch('/api/analytics/charts', { headers: { Authorization: securityToken } });
    expect([answer.status, answer.json]).toEqual([200, { from: 'upstream' }]);
  });

  test.each<[string, () => HttpCall]>([
    ['with a session cookie', () => ({ path: '/api/analytics/x', headers: withCookie(cookie) })],
    ['with a session token', () => ({ path: '/api/analytics/x', headers: bearer(sessionToken) })],
    ['with a security token', () => ({ path: '/api/analytics/x', headers: bearer(securityToken) })],
    ['with a data router key', () => ({ path: '/api/data-router/x', headers: withKey() })],
    ['with a widget token', () => ({ path: '/api/widget/x', headers: [['X-Widget-Token', gate.signToken()]] })],
  ])("%s without any cookie of the gate's names, which an upstream must not set", async (_name, call) => {
    const ours = Object.values(cookies).flatMap((name) => [
      `${name}=evil; Path=/; Secure`,
      `${name}=`,
      ` ${name}=evil`,
    ]);
    const theirs = ['a=1', `${cookies.session}s=1`, `x${cookies.adminSession}=1`, `b=${cookies.session}=1`];
    upstream.answerWith({ headers: { 'Set-Cookie': [theirs[0] as string, ...ours, ...theirs.slice(1)] } });
    const { status, headers } = await gate.call(call());
    expect([status, headers['set-cookie']]).toEqual([200, theirs]);
  });

  test("beside the upstream's own cookies, and a renewed session beside those", async () => {
    upstream.answerWith({ headers: { 'Set-Cookie': ['a=1', 'b=2'] } });
    const call = (): Promise<HttpAnswer> => gate.call({ path: '/api/analytics/x', headers: withCookie(cookie) });
    expect((await call()).headers['set-cookie']).toEqual(['a=1', 'b=2']);
    gate.host.setFaults(parseFaults('clock:offset=+45m'));
    const renewed = (await call()).headers['set-cookie'];
    expect(renewed).toEqual(['a=1', 'b=2', expect.stringContaining(`${cookies.session}=`)]);
  });
});
