import { limits } from '#contract/limits.ts';
import { parseFaults } from '#local/faults.ts';
import { type AdminClient, adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { addServiceKey, bearer, type Header, Portal, SESSION_PATH, withCookie } from '../support/portal.ts';

type Entry = Readonly<Record<string, unknown>>;

let gate: RunningGate;
let portal: Portal;
let admin: AdminClient;
let minutes = 0;
beforeAll(async () => {
  gate = await startGate({ maxEnvironments: 1 });
  portal = await Portal.open(gate);
  admin = adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, gate.createUser('alice', true))));
});
afterAll(() => gate.close());
/** Each test has another minute than the one before: its first refusal is written at once. */
beforeEach(() => {
  minutes += 1;
  gate.host.setFaults(parseFaults(`clock:offset=+${minutes % 5}m`));
});

const entriesOf = async (subject: string): Promise<Entry[]> =>
  (await admin(`GET /audit?subject=${subject}`)).json.entries as Entry[];
const explained = async ({ json }: HttpAnswer): Promise<Entry> =>
  (await admin(`GET /explain/${String(json.requestId)}`)).json;
const widgetCall = (token: string, origins: readonly string[]): Promise<HttpAnswer> =>
  gate.call({
    path: '/api/widget/session',
    headers: [['X-Widget-Token', token], ...origins.map((origin): Header => ['Origin', origin])],
  });

test('of a valid token the refused origin is in the trail, in the explanation, and in no answer to the caller', async () => {
  const refused = await widgetCall(gate.signToken(), ['https://shop.example.org']);
  expect([refused.status, refused.json.code]).toEqual([403, 'origin_not_allowed']);
  expect(refused.text).not.toContain('shop.example.org');
  const { requestId } = refused.json;
  const entry = { code: 'origin_not_allowed', requestIds: [requestId], origins: ['https://shop.example.org'] };
  expect((await entriesOf(`refused/${gate.shop.shopId}`))[0]).toMatchObject(entry);
  expect(await explained(refused)).toMatchObject({
    entry,
    origin: 'https://shop.example.org',
    why: expect.stringContaining('The origin https://shop.example.org was refused.'),
  });
});

test.each<[string, () => string]>([
  ['forged', () => gate.signToken(0, 'sk_test_x')],
  ['expired', () => gate.signToken(-86_400)],
  ['of no shop', () => gate.signToken(0, gate.shop.apiKey, 'shop_none')],
])('of a token that is %s nothing of its origin is kept', async (_name, token) => {
  const refused = await widgetCall(token(), ['https://stranger.example']);
  expect(refused.status).toBe(401);
  for (const subject of ['refused/deployment', `refused/${gate.shop.shopId}`])
    expect(JSON.stringify(await entriesOf(subject))).not.toContain('stranger.example');
});

test('a shop that requires an Origin sees that none was sent, and callers one and the same answer', async () => {
  const { shopId, apiKey } = await gate.createShop('https://strict.example.com');
  await gate.administer({ action: 'set-switches', shopId, switches: { requireOrigin: true } });
  const token = gate.signToken(0, apiKey, shopId);
  const [missing, foreign] = [await widgetCall(token, []), await widgetCall(token, ['https://evil.example'])];
  expect([missing.status, missing.json.message]).toEqual([403, foreign.json.message]);
  expect(await explained(missing)).toMatchObject({
    entry: { code: 'origin_missing' },
    why: expect.stringContaining('none was sent'),
  });
  expect((await entriesOf(`refused/${shopId}`)).map(({ code }) => code)).toEqual([
    'origin_not_allowed',
    'origin_missing',
  ]);
});

test('unsafe characters are escaped and the rest is cut', async () => {
  await widgetCall(gate.signToken(), [`https://"><script>${'x'.repeat(1_000)}`]);
  const [entry] = await entriesOf(`refused/${gate.shop.shopId}`);
  const [origin] = (entry?.origins ?? []) as string[];
  expect(origin).toMatch(/^https:\/\/\\u0022\\u003e\\u003cscript\\u003ex+$/);
  expect(origin).toHaveLength(limits.maxOriginChars);
});

describe('of the analytics API', () => {
  const evil: Header = ['Origin', 'https://evil.example'];
  const named = { origin: 'https://evil.example', entry: { origins: ['https://evil.example'] } };

  test.each<[string, () => Promise<HttpAnswer>]>([
    [
      'a session by cookie',
      async () => portal.analytics(withCookie(await portal.sessionCookie(), 'https://evil.example')),
    ],
    ['a session by bearer value', async () => portal.analytics([...bearer(await portal.sessionToken()), evil])],
    [
      'a look at a session',
      async () => gate.call({ path: SESSION_PATH, headers: [...bearer(await portal.sessionToken()), evil] }),
    ],
    ['the exchange of a temp token', async () => portal.exchange(await portal.tempToken(), {}, [evil])],
  ])('%s names the page that was refused', async (_name, call) => {
    const refused = await call();
    expect([refused.status, refused.json.code]).toEqual([403, 'origin_not_allowed']);
    expect(await explained(refused)).toMatchObject({ ...named, entry: { ...named.entry, code: 'origin_not_allowed' } });
  });

  test('a dev key names the page that was refused', async () => {
    const { apiKey } = await addServiceKey(gate, { purpose: 'dev' });
    const refused = await portal.analytics([['X-API-Key', apiKey], ['X-User-Id', 'u'], ['X-App-Id', 'sales'], evil]);
    expect(refused.status).toBe(401);
    const entries = await entriesOf('refused/deployment');
    expect(entries.find(({ code }) => code === 'dev_page_not_allowed')).toMatchObject(named.entry);
  });

  test('a cookie that comes without an Origin has a code of its own', async () => {
    const headers = withCookie(await portal.sessionCookie()).filter(([name]) => name !== 'Origin');
    const refused = await portal.analytics(headers);
    expect([refused.status, refused.json.code]).toEqual([403, 'origin_not_allowed']);
    expect(await explained(refused)).toMatchObject({ entry: { code: 'origin_missing' } });
  });
});
