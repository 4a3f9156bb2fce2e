import { cookies } from '#contract/cookies.ts';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpCall } from '../support/http.ts';
import { browserClients } from '../support/http-clients.ts';
import {
  ANALYTICS_PATH,
  addServiceKey,
  DATA_ROUTER_PATH,
  type Header,
  LOGIN,
  LOGIN_PATH,
  PORTAL,
  Portal,
  SESSION_PATH,
  TEMP_TOKEN_PATH,
  withCookie,
} from '../support/portal.ts';

/** Everything around a credential is right in its slot: the shop's path, the body, an allowed page, the ids beside a dev key. */
const slots = {
  'X-Shop-API-Key at issue': (text: string, { shop }: RunningGate): HttpCall => ({
    method: 'POST',
    path: `/api/shops/${shop.shopId}/widget-token`,
    headers: [['X-Shop-API-Key', text]],
  }),
  'X-Shop-API-Key at inspect': (text: string, { shop }: RunningGate): HttpCall => ({
    method: 'POST',
    path: `/api/shops/${shop.shopId}/widget-token/inspect`,
    headers: [['X-Shop-API-Key', text]],
    body: '{"token":"x"}',
  }),
  'X-Widget-Token at a widget call': (text: string): HttpCall => ({
    path: '/api/widget/session',
    headers: [['X-Widget-Token', text]],
  }),
  'X-API-Key at login': (text: string): HttpCall => ({
    method: 'POST',
    path: LOGIN_PATH,
    headers: [['X-API-Key', text]],
    body: JSON.stringify(LOGIN),
  }),
  'X-API-Key at temp token': (text: string): HttpCall => ({
    method: 'POST',
    path: TEMP_TOKEN_PATH,
    headers: [['X-API-Key', text]],
    body: JSON.stringify(LOGIN),
  }),
  'X-API-Key at an analytics call': (text: string): HttpCall => ({
    path: ANALYTICS_PATH,
    headers: [
      ['X-API-Key', text],
      ['Origin', 'http://localhost:3000'],
      ['X-User-Id', LOGIN.userid],
      ['X-App-Id', LOGIN.appid],
    ],
  }),
  'X-API-Key at a data router call': (text: string): HttpCall => ({
    path: DATA_ROUTER_PATH,
    headers: [['X-API-Key', text]],
  }),
  'Authorization at exchange': (text: string): HttpCall => ({
    method: 'POST',
    path: SESSION_PATH,
    headers: [
      ['Authorization', `Bearer ${text}`],
      ['Origin', PORTAL],
    ],
  }),
  'Authorization at probe': (text: string): HttpCall => ({
    path: SESSION_PATH,
    headers: [
      ['Authorization', `Bearer ${text}`],
      ['Origin', PORTAL],
    ],
  }),
  'Authorization at an analytics call': (text: string): HttpCall => ({
    path: ANALYTICS_PATH,
    headers: [
      ['Authorization', `Bearer ${text}`],
      ['Origin', PORTAL],
    ],
  }),
  'bare Authorization at an analytics call': (text: string): HttpCall => ({
    path: ANALYTICS_PATH,
    headers: [['Authorization', text]],
  }),
  'session cookie at probe': (text: string): HttpCall => ({ path: SESSION_PATH, headers: withCookie(text) }),
  'session cookie at an analytics call': (text: string): HttpCall => ({
    path: ANALYTICS_PATH,
    headers: withCookie(text),
  }),
  'code at login by link': (text: string): HttpCall => ({
    method: 'POST',
    path: '/admin/api/login/link',
    headers: [['X-Requested-With', 'test']],
    body: JSON.stringify({ code: text }),
  }),
  'admin cookie at the admin API': (text: string): HttpCall => ({
    path: '/admin/api/session',
    headers: [
      ['Cookie', `${cookies.adminSession}=${text}`],
      ['X-Requested-With', 'test'],
    ],
  }),
} satisfies Record<string, (text: string, gate: RunningGate) => HttpCall>;
type Slot = keyof typeof slots;

const credentials = [
  'shop API key',
  'widget token',
  'analytics key',
  'data-router key',
  'dev key',
  'security token',
  'temp token',
  'session cookie',
  'session token',
  'login link',
  'admin session',
] as const;
type Credential = (typeof credentials)[number];

/** The whole truth about what opens what (contract §3, §5, §6). */
const opens: Record<Credential, readonly Slot[]> = {
  'shop API key': ['X-Shop-API-Key at issue', 'X-Shop-API-Key at inspect'],
  'widget token': ['X-Widget-Token at a widget call'],
  'analytics key': ['X-API-Key at login', 'X-API-Key at temp token', 'X-API-Key at an analytics call'],
  'data-router key': ['X-API-Key at a data router call'],
  'dev key': ['X-API-Key at an analytics call'],
  'security token': ['Authorization at an analytics call', 'bare Authorization at an analytics call'],
  'temp token': ['Authorization at exchange'],
  'session cookie': ['session cookie at probe', 'session cookie at an analytics call'],
  'session token': [
    'Authorization at probe',
    'Authorization at an analytics call',
    'bare Authorization at an analytics call',
  ],
  'login link': ['code at login by link'],
  'admin session': ['admin cookie at the admin API'],
};

/** The keys of servers, which no page may hold (contract §3.1, §3.4). */
const serverKeys = ['shop API key', 'analytics key', 'data-router key'] as const satisfies readonly Credential[];
/** Only pages send these, so a server's key there has leaked, or is about to. */
const ofPages = [
  'X-Widget-Token at a widget call',
  'Authorization at exchange',
  'Authorization at probe',
] as const satisfies readonly Slot[];
/** What no script of a page can set for a foreign site, or no page sends as a header. */
const notInHeaders: readonly Slot[] = [
  'session cookie at probe',
  'session cookie at an analytics call',
  'code at login by link',
  'admin cookie at the admin API',
];

type Credentials = Record<Credential, string>;

/** One live credential of every kind. */
async function credentialsOf(gate: RunningGate, devKey: string): Promise<Credentials> {
  const portal = await Portal.open(gate);
  const loggedIn = await logIn(gate.host.baseUrl, gate.createUser('matrix', true));
  return {
    'shop API key': gate.shop.apiKey,
    'widget token': await gate.issueToken(),
    'analytics key': portal.key.apiKey,
    'data-router key': (await addServiceKey(gate, { purpose: 'data-router' })).apiKey,
    'dev key': devKey,
    'security token': await portal.securityToken(),
    'temp token': await portal.tempToken(),
    'session cookie': await portal.sessionCookie(),
    'session token': await portal.sessionToken(),
    'login link': String((await adminClient(gate.host.baseUrl, cookieOf(loggedIn))('POST /login-links')).json.code),
    'admin session': cookieOf(loggedIn).slice(cookies.adminSession.length + 1),
  };
}

let gate: RunningGate;
let production: RunningGate;
let own: Credentials;
let foreign: Credentials;
beforeAll(async () => {
  [gate, production] = await Promise.all([startGate(), startGate({ stage: 'prod' })]);
  own = await credentialsOf(gate, (await addServiceKey(gate, { purpose: 'dev' })).apiKey);
  foreign = await credentialsOf(production, generateApiKey('dev', 'live').text);
});
afterAll(() => Promise.all([gate.close(), production.close()]));

/** What each slot answers, by status. */
async function statusesOf(
  text: string,
  at: RunningGate,
  marks: readonly Header[] = [],
): Promise<Record<string, number | string>> {
  const entries = Object.entries(slots).map(async ([slot, callOf]): Promise<[string, number | string]> => {
    const call = callOf(text, at);
    const { status, json } = await at.call({ ...call, headers: [...(call.headers ?? []), ...marks] });
    return [slot, status === 403 ? String(json.code) : status];
  });
  return Object.fromEntries(await Promise.all(entries));
}

const isServerKey = (credential: Credential): boolean => (serverKeys as readonly Credential[]).includes(credential);

/** By slot: the status, or the code of a 403. */
const expectedStatuses = (opened: readonly Slot[], leaksIn: readonly Slot[] = []): Record<string, number | string> =>
  Object.fromEntries(
    (Object.keys(slots) as Slot[]).map((slot) => {
      const success = slot === 'Authorization at exchange' ? 204 : 200;
      return [slot, leaksIn.includes(slot) ? 'api_key_in_browser' : opened.includes(slot) ? success : 401];
    }),
  );
const leaksOf = (credential: Credential): readonly Slot[] => (isServerKey(credential) ? ofPages : []);

test.each(credentials)('the %s opens its own slots and is refused with 401 in every other', async (credential) => {
  expect(await statusesOf(own[credential], gate)).toEqual(expectedStatuses(opens[credential], leaksOf(credential)));
});

describe('refuses as leaked, in every header that holds keys or tokens,', () => {
  const inHeaders = (Object.keys(slots) as Slot[]).filter((slot) => !notInHeaders.includes(slot));
  const fromPage = browserClients['a page of the same origin'] ?? [];

  test.each(serverKeys)('the %s from a browser, of this stage or another', async (credential) => {
    expect(await statusesOf(own[credential], gate, fromPage)).toEqual(expectedStatuses([], inHeaders));
    expect(await statusesOf(foreign[credential], gate, fromPage)).toEqual(expectedStatuses([], inHeaders));
    expect(await statusesOf(own[credential], production, fromPage)).toEqual(expectedStatuses([], inHeaders));
  });

  test.each(['sk', 'an', 'dr'] as const)(
    'an %s key that nobody made, but in the slots that it could open',
    async (kind) => {
      const credential = serverKeys[['sk', 'an', 'dr'].indexOf(kind)] as Credential;
      const wrong = inHeaders.filter((slot) => !opens[credential].includes(slot));
      expect(await statusesOf(generateApiKey(kind, 'test').text, gate, fromPage)).toEqual(expectedStatuses([], wrong));
    },
  );
});

test('a dev key is not a secret: from a browser it is refused with 401 where it opens nothing', async () => {
  const marks = browserClients['a page of the same origin'] ?? [];
  expect(await statusesOf(own['dev key'], gate, marks)).toEqual(expectedStatuses(opens['dev key']));
});

describe('refuses in every slot of another stage', () => {
  test.each(credentials)('the %s of production at the development stage', async (credential) => {
    expect(await statusesOf(foreign[credential], gate)).toEqual(expectedStatuses([], leaksOf(credential)));
  });

  test.each(credentials)('the %s of the development stage at production', async (credential) => {
    expect(await statusesOf(own[credential], production)).toEqual(expectedStatuses([], leaksOf(credential)));
  });
});

test('the credentials of production open their own slots there, but that it has no dev keys', async () => {
  for (const credential of credentials.filter((name) => name !== 'dev key'))
    expect([credential, await statusesOf(foreign[credential], production)]).toEqual([
      credential,
      expectedStatuses(opens[credential], leaksOf(credential)),
    ]);
});

test.each(['sk', 'an', 'dr', 'dev'] as const)(
  'refuses a %s key of the other environment, and one that nobody made, in every slot',
  async (kind) => {
    for (const environment of ['live', 'test'] as const)
      expect(await statusesOf(generateApiKey(kind, environment).text, gate)).toEqual(
        expectedStatuses([], kind === 'dev' ? [] : ofPages),
      );
  },
);

test.each([
  ['X-API-Key', ['X-API-Key at login', 'X-API-Key at temp token', 'X-API-Key at a data router call']],
  ['the body', ['code at login by link']],
  ['Authorization', ['Authorization at exchange', 'Authorization at probe', 'Authorization at an analytics call']],
  ['Cookie', ['session cookie at probe', 'session cookie at an analytics call', 'admin cookie at the admin API']],
] as const)('refuses what is not a credential at all in %s', async (_header, ofHeader) => {
  for (const slot of ofHeader)
    for (const text of ['', 'x', 'null', '__proto__', 'a.b.c.d.e', '.'.repeat(4), 'A'.repeat(43), 'A'.repeat(7_000)])
      expect([slot, text.slice(0, 20), (await gate.call(slots[slot](text))).status]).toEqual([
        slot,
        text.slice(0, 20),
        401,
      ]);
});
