import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { environment } from '#contract/environment.ts';
import { explanations } from '#contract/explanations.ts';
import { limits } from '#contract/limits.ts';
import { parseFaults } from '#local/faults.ts';
import { Browser } from '../support/browser.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { ANALYTICS_PATH, addServiceKey, type Header, Portal, type TestServiceKey } from '../support/portal.ts';

const PREVIEW = 'https://preview.example.com';
const LOCAL = 'http://localhost:3000';

let gate: RunningGate;
let key: TestServiceKey;
let logged = '';
const dataDirectory = mkdtempSync(join(tmpdir(), 'widget-gate-dev-key-'));
const log = (text: string): void => {
  logged += text;
};
beforeAll(async () => {
  gate = await startGate({ dataDirectory, log });
  key = await addServiceKey(gate, { purpose: 'dev', allowedOrigins: [PREVIEW] });
});
afterEach(() => gate.host.setFaults(parseFaults('')));
afterAll(async () => {
  await gate.close();
  rmSync(dataDirectory, { recursive: true, force: true });
});

const IDS: readonly Header[] = [
  ['X-User-Id', 'u-17'],
  ['X-App-Id', 'sales'],
];
const call = (headers: readonly Header[], apiKey = key.apiKey): Promise<HttpAnswer> =>
  gate.call({ path: ANALYTICS_PATH, headers: [['X-API-Key', apiKey], ...headers] });
const from = (origin: string): Header => ['Origin', origin];

describe('a dev key works for a page', () => {
  test.each([
    PREVIEW,
    'http://localhost',
    LOCAL,
    'https://localhost:8443',
    'http://127.0.0.1:5173',
    'http://[::1]:5173',
    'http://shop.localhost:3000',
  ])('at %s', async (origin) => {
    const answer = await call([...IDS, from(origin), ['X-Client-Id', 'acme']]);
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        kind: 'dev-key',
        keyId: key.keyId,
        userId: 'u-17',
        appId: 'sales',
        clientId: 'acme',
        expiresAt: expect.any(Number),
        claims: {},
      },
    ]);
  });

  test('in a real browser, whose page can read the warning on every answer', async () => {
    const page = new Browser(gate.host.baseUrl).page(LOCAL);
    const headers = { ...Object.fromEntries(IDS), 'X-API-Key': key.apiKey };
    for (const path of [ANALYTICS_PATH, '/api/analytics/charts/7']) {
      const answer = await page.fetch(path, { headers });
      expect([answer.status, answer.json.kind]).toEqual([200, 'dev-key']);
      expect(answer.header('X-Dev-Key-Warning')).toMatch(/never use one in production/);
    }
  });

  test('and no other credential brings the warning', async () => {
    const portal = await Portal.open(gate);
    for (const headers of [portal.keyHeader(), [['Authorization', await portal.securityToken()] as const]])
      expect((await portal.analytics(headers)).headers['x-dev-key-warning']).toBeUndefined();
  });

  test('and leaves a line with its short id and a counter, by which it can be found', async () => {
    const { json, headers } = await call([...IDS, from(LOCAL)]);
    await setTimeout(200);
    const lines = logged.split('\n').filter((line) => line.includes('dev_key_used'));
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(json.keyId).toBe(key.keyId);
    expect(parsed).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        event: 'dev_key_used',
        keyId: key.keyId,
        requestId: headers['x-request-id']?.[0],
      }),
    );
    expect(parsed.some(({ dev_key_used: count }) => Number(count) > 0)).toBe(true);
  });
});

describe('refuses a dev key with one and the same 401', () => {
  test.each<[string, readonly Header[]]>([
    ['without an Origin', IDS],
    ['at a page that it was not made for', [...IDS, from('https://portal.example.com')]],
    ['at a sub-domain of its page', [...IDS, from('https://x.preview.example.com')]],
    ['at null', [...IDS, from('null')]],
    ['at a page that begins like this machine', [...IDS, from('http://localhost.evil.example')]],
    ['at a page that ends like this machine', [...IDS, from('http://evil-localhost:3000')]],
    ['at this machine as user info', [...IDS, from('http://localhost@evil.example')]],
    ["at a network's address", [...IDS, from('http://192.168.0.1:3000')]],
    ['at another loopback spelling', [...IDS, from('http://127.1:3000')]],
    ['from two pages', [...IDS, from(LOCAL), from('https://evil.example')]],
  ])('%s', async (_name, headers) => {
    const [answer, reference] = [await call(headers), await gate.call({ path: ANALYTICS_PATH })];
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized']);
    expect({ ...answer.json, requestId: '' }).toEqual({ ...reference.json, requestId: '' });
    expect(answer.headers['x-dev-key-warning']).toBeUndefined();
  });

  test('at the routes of servers, wherever it comes from', async () => {
    const portal = new Portal(gate, key);
    for (const answer of [
      await portal.logIn(),
      await portal.askForTempToken(),
      await gate.call({ path: '/api/data-router/session', headers: [...portal.keyHeader(), from(LOCAL)] }),
    ])
      expect(answer.status).toBe(401);
  });
});

describe('answers 400 and names the header where a valid key comes', () => {
  const rows: [string, readonly Header[], string, string][] = [
    ['without any id', [], 'dev_ids_missing', 'X-User-Id'],
    ['without a user', [['X-App-Id', 'sales']], 'dev_ids_missing', 'X-User-Id'],
    ['without an app', [['X-User-Id', 'u-17']], 'dev_ids_missing', 'X-App-Id'],
    [
      'with an empty user',
      [
        ['X-User-Id', ''],
        ['X-App-Id', 'sales'],
      ],
      'dev_ids_missing',
      'X-User-Id',
    ],
    ['with two users', [...IDS, ['X-User-Id', 'root']], 'ids_malformed', 'X-User-Id'],
    ['with two apps', [...IDS, ['X-App-Id', 'hr']], 'ids_malformed', 'X-App-Id'],
    ['with a client that is not an id', [...IDS, ['X-Client-Id', 'x'.repeat(257)]], 'ids_malformed', 'X-Client-Id'],
  ];

  test.each(rows)('%s, and reaches no upstream', async (_name, headers, code, header) => {
    for (const path of [ANALYTICS_PATH, '/api/analytics/charts/7']) {
      const answer = await gate.call({ path, headers: [['X-API-Key', key.apiKey], from(LOCAL), ...headers] });
      expect([answer.status, answer.json.code]).toEqual([400, code]);
      expect(String(answer.json.message)).toMatch(new RegExp(`Check the header ${header}\\.$`));
      expect(answer.headers['access-control-allow-origin']).toEqual([LOCAL]);
    }
  });

  test('of an invalid server with a user', async () => {
    const portal = await Portal.open(gate);
    const answer = await portal.analytics([...portal.keyHeader(), ['X-User-Id', 'a'], ['X-User-Id', 'b']]);
    expect([answer.status, answer.json.code]).toEqual([400, 'ids_malformed']);
  });

  test('but a key that is not valid gets the one 401, whatever is missing beside it', async () => {
    const other = key.apiKey.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'));
    const answer = await call([from(LOCAL)], other);
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized']);
  });

  test('and the trail says so, with what to do', async () => {
    await call([from(LOCAL)]);
    const { entries } = await gate.administer({ action: 'query-audit' });
    const found = (entries as { code: string; requestIds: string[] }[]).find(({ code }) => code === 'dev_ids_missing');
    const requestId = found?.requestIds[0];
    expect(await gate.administer({ action: 'explain-request', requestId })).toMatchObject({
      entry: { code: 'dev_ids_missing' },
      ...explanations.dev_ids_missing,
    });
  });
});

test('refuses an app that the dev key is not for', async () => {
  const narrow = await addServiceKey(gate, { purpose: 'dev', appIds: ['sales'] });
  expect((await call([...IDS, from(LOCAL)], narrow.apiKey)).status).toBe(200);
  const answer = await call([['X-User-Id', 'u'], ['X-App-Id', 'finance'], from(LOCAL)], narrow.apiKey);
  expect([answer.status, answer.json.code]).toEqual([403, 'wrong_app']);
});

test('ends after seven days, or sooner where it was made so', async () => {
  const short = await addServiceKey(gate, { purpose: 'dev', maxTtlSeconds: 3_600 });
  const statusesAt = async (minutes: number): Promise<number[]> => {
    gate.host.setFaults(parseFaults(`clock:offset=+${minutes}m`));
    return [(await call([...IDS, from(LOCAL)], short.apiKey)).status, (await call([...IDS, from(LOCAL)])).status];
  };
  const week = limits.maxDevKeySeconds / 60;
  expect(week).toBe(7 * 24 * 60);
  expect(await statusesAt(58)).toEqual([200, 200]);
  expect(await statusesAt(61)).toEqual([401, 200]);
  expect(await statusesAt(week - 2)).toEqual([401, 200]);
  expect(await statusesAt(week + 1)).toEqual([401, 401]);
});

test('refuses to make one that lives longer, and one at a page without TLS', async () => {
  const add = (scope: object) => gate.administer({ action: 'add-service-key', purpose: 'dev', label: 'x', ...scope });
  expect(await add({ maxTtlSeconds: limits.maxDevKeySeconds + 1 })).toEqual({ ok: false, reason: 'invalid_request' });
  expect(await add({ allowedOrigins: ['http://preview.example.com'] })).toEqual({ ok: false, reason: 'not_https' });
});

test('refuses every dev key, and to make one, where the stage has none: the same keys, after the stage was changed', async () => {
  expect((await call([...IDS, from(LOCAL)])).status).toBe(200);
  await gate.close();
  const environmentWithout = { [environment.devKeys]: 'false' };
  gate = await startGate({ dataDirectory, shop: gate.shop, environment: environmentWithout, log });
  for (const origin of [LOCAL, PREVIEW]) {
    const answer = await call([...IDS, from(origin)]);
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized']);
  }
  const made = await gate.administer({ action: 'add-service-key', purpose: 'dev', label: 'x' });
  expect(made).toEqual({ ok: false, reason: 'dev_keys_disabled' });
});
