import { adminRoutes } from '#contract/admin-api.ts';
import { explanations } from '#contract/explanations.ts';
import { type AdminClient, type AwsUser, adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

let gate: RunningGate;
let admin: AwsUser;
let call: AdminClient;
beforeAll(async () => {
  gate = await startGate();
  admin = gate.createUser('alice', true);
  const answer = await logIn(gate.host.baseUrl, admin);
  expect(answer.status).toBe(200);
  call = adminClient(gate.host.baseUrl, cookieOf(answer));
});
afterAll(() => gate.close());

const cursorOf = (parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
const createShop = async (url = 'https://admin.example.com') => {
  const { status, json, headers } = await call('POST /shops', { body: { url } });
  expect([status, headers.etag]).toEqual([201, ['"1"']]);
  return json as { shopId: string; apiKey: string; version: number };
};
const auditOf = async (query: string): Promise<Record<string, unknown>[]> =>
  (await call(`GET /audit?${query}`)).json.entries as Record<string, unknown>[];

test('a session shows the logged-in user', async () => {
  const { status, json } = await call('GET /session');
  expect([status, json]).toEqual([
    200,
    {
      arn: 'arn:aws:iam::000000000000:user/alice',
      userId: expect.stringMatching(/^AIDA/),
      userName: 'alice',
      createdAt: expect.any(Number),
    },
  ]);
});

test('a shop is created, shown without its keys, listed, changed, and its new key works', async () => {
  const { shopId, apiKey } = await createShop();
  const shown = await call(`GET /shops/${shopId}`);
  expect([shown.status, shown.headers.etag]).toEqual([200, ['"1"']]);
  expect(shown.text).not.toMatch(/sealed|lastAudit|apiKey/);
  const listed = await call('GET /shops?limit=100');
  expect((listed.json.shops as { shopId: string }[]).map((shop) => shop.shopId)).toContain(shopId);
  expect((await call(`PATCH /shops/${shopId}`, { body: { disabled: true } })).json).toMatchObject({
    disabled: true,
    version: 2,
  });
  expect((await call(`PATCH /shops/${shopId}`, { body: { disabled: false } })).status).toBe(200);
  expect((await gate.session(gate.signToken(0, apiKey, shopId))).status).toBe(200);
});

test('every change is in the audit trail with actor, before and after, and no secret', async () => {
  const { shopId, apiKey } = await createShop();
  const rotated = await call(`POST /shops/${shopId}/keys/rotate`, { body: { overlapSeconds: 3_600 } });
  await call(`POST /shops/${shopId}/origins`, { body: { origins: ['https://more.example.com'] } });
  await call(`POST /shops/${shopId}/tokens/revoke`);
  const entries = await auditOf(`subject=${shopId}`);
  expect(entries.map(({ action, code }) => [action, code])).toEqual([
    ['revoke-tokens', 'done'],
    ['add-origins', 'done'],
    ['rotate-key', 'done'],
    ['create-shop', 'done'],
  ]);
  expect(entries[2]).toMatchObject({
    actor: { arn: 'arn:aws:iam::000000000000:user/alice', userId: expect.stringMatching(/^AIDA/) },
    requestId: rotated.headers['x-request-id']?.[0],
    before: { keys: [{ keyId: apiKey.split('_')[2] }] },
    after: { keys: [{ keyId: apiKey.split('_')[2], credentialUntil: expect.any(Number) }, expect.any(Object)] },
  });
  expect(entries[1]).toMatchObject({
    before: { origins: ['https://admin.example.com', 'https://www.admin.example.com'] },
    after: {
      origins: ['https://admin.example.com', 'https://www.admin.example.com', 'https://more.example.com'],
    },
  });
  expect(JSON.stringify(entries)).not.toMatch(/sealed|eyJ|sk_test_[0-9A-Za-z]{8}_/);
});

test.each<[string, (shopId: string) => string, number]>([
  ['subject', (shopId) => `subject=${shopId}`, 2],
  ['action', (shopId) => `subject=${shopId}&performed=set-switches`, 1],
  ['actor name', (shopId) => `subject=${shopId}&actor=alice`, 2],
  ['actor ARN', (shopId) => `subject=${shopId}&actor=arn:aws:iam::000000000000:user/alice`, 2],
  ['another actor', (shopId) => `subject=${shopId}&actor=alic`, 0],
  ['code', (shopId) => `subject=${shopId}&code=done`, 2],
  ['time', (shopId) => `subject=${shopId}&to=2020-01-01T00:00:00Z&from=2019-01-01T00:00:00Z`, 0],
])('the trail is searched by %s', async (_name, query, found) => {
  const { shopId } = await createShop();
  await call(`PATCH /shops/${shopId}`, { body: { requireOrigin: true } });
  expect(await auditOf(query(shopId))).toHaveLength(found);
});

test('the trail of all shops is read by day, page by page, newest first, each entry once', async () => {
  for (let index = 0; index < 3; index += 1) await createShop();
  const seen: { id: string; at: number }[] = [];
  let cursor: unknown;
  do {
    const { json } = await call(`GET /audit?limit=2${cursor === undefined ? '' : `&cursor=${String(cursor)}`}`);
    seen.push(...(json.entries as { id: string; at: number }[]));
    cursor = json.cursor;
  } while (cursor !== undefined);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort((a, b) => b - a));
});

test('refuses a change of a version that is no longer there: 412 with If-Match, and of two at once one gets 409', async () => {
  const { shopId } = await createShop();
  const patch = (headers: readonly (readonly [string, string])[] = []) =>
    call(`PATCH /shops/${shopId}`, { body: { issuingPaused: true }, headers });
  expect((await patch([['If-Match', '"1"']])).status).toBe(200);
  const stale = await patch([['If-Match', '"1"']]);
  expect([stale.status, stale.json.code]).toEqual([412, 'precondition_failed']);
  const statuses = (await Promise.all(Array.from({ length: 8 }, () => patch()))).map(({ status }) => status);
  expect(statuses).toContain(200);
  expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
});

test('a create that is repeated with its client token makes one shop and returns its key once', async () => {
  const body = { url: 'https://once.example.com', clientToken: 'a-client-token-of-my-own' };
  const first = await call('POST /shops', { body });
  const again = await call('POST /shops', { body });
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.json.shopId).toBe(first.json.shopId);
  expect([typeof first.json.apiKey, again.json.apiKey]).toEqual(['string', undefined]);
  const other = await call('POST /shops', { body: { ...body, clientToken: 'another-client-token' } });
  expect(other.json.shopId).not.toBe(first.json.shopId);
  for (const change of [
    { url: 'https://else.example.com' },
    { requireOrigin: true },
    { origins: ['https://x.example.com'] },
    { exact: true },
    { name: 'Once' },
    { app: true },
  ]) {
    const changed = await call('POST /shops', { body: { ...body, ...change } });
    expect([change, changed.status, changed.json.code]).toEqual([change, 409, 'client_token_reused']);
  }
  const parallel = { url: 'https://parallel.example.com', clientToken: 'a-token-for-many-at-once' };
  const made = await Promise.all(Array.from({ length: 4 }, () => call('POST /shops', { body: parallel })));
  expect(new Set(made.map(({ json }) => json.shopId)).size).toBe(1);
  expect(made.filter(({ status }) => status === 201)).toHaveLength(1);
});

describe('refuses', () => {
  test.each<[string, string, object | string | undefined, number, string, string?]>([
    ['an unknown route', 'GET /nothing', undefined, 404, 'not_found'],
    ['a request that nobody knows', 'GET /explain/no-such-request', undefined, 404, 'request_not_found'],
    ['another method', 'DELETE /shops', undefined, 404, 'not_found'],
    ['a shop that is not there', 'GET /shops/shop_nobody', undefined, 404, 'shop_not_found'],
    ['a body that is not a JSON', 'POST /shops', '{', 400, 'invalid_json'],
    ['a repeated member', 'POST /shops', '{"url":"https://a.example.com","url":"x"}', 400, 'invalid_json'],
    ['a missing member', 'POST /shops', {}, 400, 'invalid_request', '"url"'],
    [
      'an unknown member',
      'POST /shops',
      { url: 'https://a.example.com', admin: true },
      400,
      'invalid_request',
      '"admin"',
    ],
    ['a member of the wrong type', 'POST /shops', { url: 1 }, 400, 'invalid_request', '"url"'],
    [
      'an action smuggled in',
      'POST /shops',
      { url: 'https://a.example.com', action: 'end-session' },
      400,
      'invalid_request',
    ],
    ['an invalid origin', 'POST /shops', { url: 'https://a.example.com/path?x' }, 400, 'not_an_origin'],
    ['http', 'POST /shops', { url: 'http://a.example.com' }, 400, 'not_https'],
    ['an IP literal', 'POST /shops', { url: 'https://10.0.0.1' }, 400, 'ip_literal'],
    ['text that is not an URL', 'POST /shops', { url: 'shop' }, 400, 'not_a_url'],
    ['a host without a dot', 'POST /shops', { url: 'https://shop' }, 400, 'single_label_host'],
    ['a malformed host', 'POST /shops', { url: 'https://-a.example.com' }, 400, 'malformed_host'],
    ['too large a page', 'GET /shops?limit=101', undefined, 400, 'invalid_request', '"limit"'],
    ['a foreign cursor', 'GET /shops?cursor=abc', undefined, 400, 'invalid_request', '"cursor"'],
    ['a query parameter twice', 'GET /shops?limit=1&limit=2', undefined, 400, 'invalid_request'],
    [
      'an audit cursor of a day that does not exist',
      `GET /audit?cursor=${cursorOf([0, 1, '2026-99-99'])}`,
      undefined,
      400,
      'invalid_request',
    ],
    [
      'an audit cursor outside of its times',
      `GET /audit?cursor=${cursorOf([0, 1, '2026-01-01'])}`,
      undefined,
      400,
      'invalid_request',
    ],
    [
      'an audit cursor of an empty key',
      `GET /audit?cursor=${cursorOf([0, 86_399_999, '1970-01-01', '', '', ''])}`,
      undefined,
      400,
      'invalid_request',
    ],
    ['an audit cursor of ours it is not', 'GET /audit?cursor=abc', undefined, 400, 'invalid_request'],
    [
      'an end before the beginning',
      'GET /audit?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
      undefined,
      400,
      'invalid_request',
    ],
    ['a beginning in the future', 'GET /audit?from=2999-01-01T00:00:00Z', undefined, 400, 'invalid_request'],
    ['an invalid time', 'GET /audit?from=yesterday', undefined, 400, 'invalid_request', '"from"'],
    ['a body over the limit', 'POST /shops', 'x'.repeat(8_193), 413, 'request_too_large'],
  ])('%s', async (_name, route, body, status, code, quoted = '') => {
    const answer = await call(route, body === undefined ? {} : { body });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(String(answer.json.message)).toContain(quoted);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test.each<[string, (shopId: string) => string, object | undefined, number, string]>([
    ['a second rotation', (id) => `POST /shops/${id}/keys/rotate`, undefined, 409, 'rotation_in_progress'],
    ['an unknown overlap', (id) => `POST /shops/${id}/keys/rotate`, { overlapSeconds: 5 }, 400, 'invalid_request'],
    ['an undo of nothing', (id) => `POST /shops/${id}/tokens/undo`, undefined, 409, 'nothing_to_undo'],
    [
      'removing an origin that is not there',
      (id) => `POST /shops/${id}/origins/remove`,
      { origins: ['https://x.example.com'] },
      404,
      'unknown_origin',
    ],
    [
      'too many origins',
      (id) => `POST /shops/${id}/origins`,
      { origins: Array.from({ length: 50 }, (_, at) => `https://o${at}.example.com`) },
      409,
      'too_many_origins',
    ],
    [
      'too long an origin',
      (id) => `POST /shops/${id}/origins`,
      { origins: [`https://${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example.com`] },
      400,
      'too_long',
    ],
    ['no switch', (id) => `PATCH /shops/${id}`, {}, 400, 'invalid_request'],
  ])('%s', async (_name, route, body, status, code) => {
    const { shopId } = await createShop();
    await call(`POST /shops/${shopId}/keys/rotate`);
    const answer = await call(route(shopId), body === undefined ? {} : { body });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  test('retiring where nothing overlaps', async () => {
    const { shopId } = await createShop();
    for (const verb of ['retire', 'undo']) {
      const { status, json } = await call(`POST /shops/${shopId}/keys/${verb}`);
      expect([status, json.code]).toEqual([409, 'no_rotation_in_progress']);
    }
  });

  test.each<[string, readonly (readonly [string, string])[]]>([
    ['without X-Requested-With', []],
    [
      'of a foreign origin',
      [
        ['X-Requested-With', 'x'],
        ['Origin', 'https://evil.example'],
      ],
    ],
    [
      'of the same host over another scheme',
      [
        ['X-Requested-With', 'x'],
        ['Origin', 'https://127.0.0.1'],
      ],
    ],
    [
      'of the origin null',
      [
        ['X-Requested-With', 'x'],
        ['Origin', 'null'],
      ],
    ],
  ])('a change %s, whatever the cookie', async (_name, headers) => {
    const cookie = cookieOf(await logIn(gate.host.baseUrl, admin));
    const answer = await gate.call({
      method: 'DELETE',
      path: '/admin/api/session',
      headers: [['Cookie', cookie], ...headers],
    });
    expect([answer.status, answer.json.code]).toEqual([403, 'cross_site_request']);
    expect((await adminClient(gate.host.baseUrl, cookie)('GET /session')).status).toBe(200);
  });
});

test('a shop that is renamed has an edit in its trail, and one that is switched a change of switches', async () => {
  const { shopId } = await createShop('https://renamed.example.com');
  for (const body of [{ name: 'Renamed' }, { disabled: true }])
    expect((await call(`PATCH /shops/${shopId}`, { body })).status).toBe(200);
  const actions = (await auditOf(`subject=${shopId}`)).map(({ action }) => action);
  expect(actions).toEqual(['set-switches', 'edit-shop', 'create-shop']);
});

test('a new service key is answered with 201, a change of one with 200', async () => {
  const made = await call('POST /service-keys', { body: { label: 'router', purpose: 'data-router' } });
  const { keyId } = made.json as { keyId: string };
  const rotated = await call(`POST /service-keys/${keyId}/rotate`, { body: { overlapSeconds: 3_600 } });
  const revoked = await call(`POST /service-keys/${keyId}/revoke`);
  expect([made.status, rotated.status, revoked.status]).toEqual([201, 200, 200]);
});

test("a change from a page of the gate's own is taken", async () => {
  const answer = await call('POST /shops', {
    body: { url: 'https://own.example.com' },
    headers: [['Origin', gate.host.baseUrl]],
  });
  expect(answer.status).toBe(201);
});

test('an origin is tested and a token explained as the authorizer decides', async () => {
  const { shopId, apiKey } = await createShop();
  const tested = async (origin: string) =>
    (await call(`POST /shops/${shopId}/origins/test`, { body: { origin } })).json;
  expect([await tested('https://admin.example.com'), await tested('https://evil.example')]).toEqual([
    { allowed: true, origin: 'https://admin.example.com' },
    { allowed: false, origin: 'https://evil.example' },
  ]);
  const token = gate.signToken(0, apiKey, shopId);
  const explained = async (more: object) =>
    (await call(`POST /shops/${shopId}/tokens/explain`, { body: { token, ...more } })).json;
  expect(await explained({})).toMatchObject({ valid: true, reason: 'ok', keyId: apiKey.split('_')[2] });
  expect(await explained({ origin: 'https://evil.example' })).toMatchObject({
    reason: 'origin_not_allowed',
    ...explanations.origin_not_allowed,
  });
  expect(await explained({ token: `x${token}` })).toMatchObject({ valid: false, reason: 'malformed' });
});

test('the status shows what answers and what does not', async () => {
  expect((await call('GET /status')).json).toEqual({
    deployment: 'widget-gate:000000000000:dev',
    keyEnvironment: 'test',
    shopTable: true,
    ring: true,
  });
});

test('refused calls are in the trail by shop and exact reason, with a request id to find them by', async () => {
  const { shopId, apiKey } = await createShop();
  const expired = gate.signToken(-100_000, apiKey, shopId);
  const tampered = gate.signToken(0, apiKey.replace(/.$/, '!'), shopId);
  const refused = await gate.session(tampered);
  await gate.session(expired);
  await gate.call({
    path: '/api/widget/session',
    headers: [
      ['X-Widget-Token', gate.signToken(0, apiKey, shopId)],
      ['Origin', 'https://evil.example'],
    ],
  });
  const browser = await gate.call({
    method: 'POST',
    path: `/api/shops/${shopId}/widget-token`,
    headers: [
      ['X-Shop-API-Key', apiKey],
      ['Sec-Fetch-Site', 'cross-site'],
    ],
  });
  const entries = await auditOf(`subject=refused/${shopId}`);
  expect(entries.map(({ code, count }) => [code, count]).sort()).toEqual([
    ['api_key_in_browser', 1],
    ['bad_signature', 1],
    ['expired', 1],
    ['origin_not_allowed', 1],
  ]);
  for (const [{ json }, code] of [
    [refused, 'bad_signature'],
    [browser, 'api_key_in_browser'],
  ] as const) {
    const found = await auditOf(`requestId=${String(json.requestId)}`);
    expect(found.map((entry) => [entry.subject, entry.code])).toEqual([[`refused/${shopId}`, code]]);
    expect((await call(`GET /explain/${String(json.requestId)}`)).json).toEqual({
      entry: found[0],
      ...explanations[code],
    });
  }
});

test("a logged-out session is nobody's", async () => {
  const cookie = cookieOf(await logIn(gate.host.baseUrl, admin));
  const own = adminClient(gate.host.baseUrl, cookie);
  expect((await own('DELETE /session')).status).toBe(204);
  expect((await own('GET /session')).status).toBe(401);
});

test('without a session every route of the admin API answers 401', async () => {
  for (const { method, path } of adminRoutes) {
    const answer = await gate.call({
      method,
      path: `/admin/api${path.replace('{shopId}', gate.shop.shopId).replace('{requestId}', 'x').replace('{keyId}', 'AAAAAAAA')}`,
      headers: [['X-Requested-With', 'x']],
    });
    expect([path, answer.status, answer.json.code]).toEqual([path, 401, 'unauthorized']);
  }
});

test('a change takes five calls of the tables at most, the count of its address among them, a new key one more; the trail of a shop is queried, never scanned', async () => {
  const { shopId } = await createShop();
  const callsOf = async (route: string, body?: object): Promise<string[]> => {
    gate.host.aws.calls.reset();
    expect((await call(route, body === undefined ? {} : { body })).status).toBe(200);
    return (
      gate.host.aws.calls
        .list()
        .filter(({ service, principalArn }) => service === 'dynamodb' && principalArn.includes('AdminApi'))
        // Once a minute a change also looks for what other records hold.
        .filter(({ resource }) => !resource.endsWith('/index/auditPending'))
        .flatMap(({ action, times }) => Array<string>(times).fill(action.replace('dynamodb:', '')))
    );
  };
  expect(await callsOf(`PATCH /shops/${shopId}`, { disabled: true })).toEqual([
    'UpdateItem',
    'GetItem',
    'PutItem',
    'PutItem',
    'UpdateItem',
  ]);
  expect(await callsOf(`POST /shops/${shopId}/keys/rotate`)).toEqual([
    'UpdateItem',
    'GetItem',
    'PutItem',
    'PutItem',
    'PutItem',
    'UpdateItem',
  ]);
  expect(await callsOf(`GET /shops/${shopId}`)).toEqual(['UpdateItem', 'GetItem']);
  expect(new Set(await callsOf(`GET /audit?subject=${shopId}`))).toEqual(new Set(['UpdateItem', 'GetItem', 'Query']));
});
