import { explanations } from '#contract/explanations.ts';
import { parseFaults } from '#local/faults.ts';
import { type AdminClient, adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

type Headers = readonly (readonly [string, string])[];

const PLAIN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
let gate: RunningGate;
let upstream: Upstream;
let admin: AdminClient;
let cookie: string;
let logged = '';
beforeAll(async () => {
  upstream = await startUpstream();
  gate = await startGate({
    environment: { WIDGET_GATE_UPSTREAM_URL: upstream.url },
    log: (text) => {
      logged += text;
    },
  });
  cookie = cookieOf(await logIn(gate.host.baseUrl, gate.createUser('alice', true)));
  admin = adminClient(gate.host.baseUrl, cookie);
});
afterAll(async () => {
  await gate.close();
  await upstream.close();
});
afterEach(() => gate.host.setFaults(parseFaults('')));

/** A call of every kind of function: those behind a route, behind an authorizer, and the authorizers themselves, allowed, refused and failing. */
async function callsWith(requestId: string): Promise<HttpAnswer[]> {
  const own: Headers = [['x-amzn-RequestId', requestId]];
  const { shopId, apiKey } = gate.shop;
  const token = gate.signToken();
  const send = (method: string, path: string, headers: Headers, body?: string) =>
    gate.call({ method, path, headers: [...own, ...headers], ...(body !== undefined && { body }) });
  const cookies: Headers = [
    ['Cookie', cookie],
    ['X-Requested-With', 'x'],
  ];
  const answers = [
    await send('POST', `/api/shops/${shopId}/widget-token`, [['X-Shop-API-Key', apiKey]]),
    await send('POST', `/api/shops/${shopId}/widget-token`, []),
    await send('GET', '/api/widget/data', [['X-Widget-Token', token]]),
    await send('GET', '/api/widget/data', [['X-Widget-Token', `${token.slice(0, -4)}AAAA`]]),
    await send('GET', '/api/widget/data', [
      ['X-Widget-Token', token],
      ['Origin', 'https://evil.example'],
    ]),
    await send('GET', '/api/analytics/session', []),
    await send('GET', '/api/data-router/session', [['X-API-Key', 'x']]),
    await send('POST', '/admin/api/login/link', cookies, '{"code":"x"}'),
    await send('PATCH', `/admin/api/shops/${shopId}`, cookies, '{"requireOrigin":false}'),
    await send('GET', '/nowhere', []),
  ];
  gate.host.setFaults(parseFaults('dynamodb:down'));
  answers.push(
    await send('GET', '/api/widget/data', [['X-Widget-Token', gate.signToken(0, apiKey, 'shop_other')]]),
    await send('GET', '/admin/api/session', cookies),
  );
  gate.host.setFaults(parseFaults(''));
  return answers;
}

const trail = async (): Promise<string> => (await admin('GET /audit?limit=100')).text;

test.each([
  ['of 8 kB', 'z'.repeat(8_000)],
  ['of 65 characters', 'z'.repeat(65)],
  ['with a quote', 'zz","code":"done'],
  ['with markup', '<zz>alert(1)</zz>'],
  ['with a character beyond ASCII', 'zz\u00ff'],
  ['with a space', 'zz zz'],
  ['with a line separator of text', 'zz\tzz'],
])('a request id %s, which the caller chose, is replaced wherever it would go', async (_name, requestId) => {
  logged = '';
  upstream.takeCalls();
  const answers = await callsWith(requestId);
  for (const { text, headers, json } of answers) {
    expect(text + JSON.stringify(headers)).not.toContain(requestId.slice(0, 8));
    expect(headers['x-request-id']?.[0] ?? 'none').toMatch(/^none$|^[0-9a-f-]{36}$/);
    if ('requestId' in json) expect(json.requestId).toMatch(/^([0-9a-f-]{36}|UUID_REPLACED_INVALID_REQUEST_ID)$/);
  }
  const [forwarded] = upstream.takeCalls();
  expect(forwarded?.headers['x-request-id']).toMatch(PLAIN);
  for (const text of [logged, await trail()]) expect(text).not.toContain(requestId.slice(0, 8));
  expect(logged).toContain('request_failed');
});

test('a UUID that the caller chose is taken, so that one id runs through all of their logs', async () => {
  const requestId = '01234567-89ab-4cde-8f01-23456789abcd';
  const answers = await callsWith(requestId);
  for (const { json, headers } of answers) {
    expect(json.requestId ?? headers['x-request-id']?.[0] ?? requestId).toBe(requestId);
    expect(headers['x-amzn-requestid']).toEqual([requestId]);
  }
  expect(upstream.takeCalls()[0]?.headers['x-request-id']).toBe(requestId);
  expect(await trail()).toContain(requestId);
});

test.each([
  ['expired', -90_000],
  ['not_yet_valid', 400],
] as const)('a token that is %s is in the trail of its shop, and explained by its request id', async (code, offset) => {
  const { shopId, apiKey } = await gate.createShop(`https://${code.replaceAll('_', '-')}.example.com`);
  const refused = await gate.session(gate.signToken(offset, apiKey, shopId));
  const forged = await gate.session(gate.signToken(offset, apiKey.replace(/.$/, '!'), shopId));
  expect([refused.status, refused.json.code, forged.status]).toEqual([401, 'unauthorized', 401]);
  const { entries } = (await admin(`GET /audit?subject=refused/${shopId}`)).json;
  expect(entries).toMatchObject([{ code, count: 1, requestIds: [refused.json.requestId] }]);
  const explained = await admin(`GET /explain/${String(refused.json.requestId)}`);
  expect(explained.json).toMatchObject({ entry: { subject: `refused/${shopId}`, code }, ...explanations[code] });
});
