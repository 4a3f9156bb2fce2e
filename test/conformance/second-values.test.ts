import { cookies } from '#contract/cookies.ts';
import { headers } from '#contract/headers.ts';
import { cookieOf, logIn, POST_HEADERS } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { headersRead } from '../support/headers-read.ts';
import type { HttpAnswer, HttpCall } from '../support/http.ts';
import { ANALYTICS_PATH, addServiceKey, bearer, type Header, PORTAL, Portal, SESSION_PATH } from '../support/portal.ts';

let gate: RunningGate;
let portal: Portal;
let values: Readonly<Record<string, string>>;
let version: number;
beforeAll(async () => {
  gate = await startGate();
  portal = await Portal.open(gate);
  const router = await addServiceKey(gate, { purpose: 'data-router' });
  const dev = await addServiceKey(gate, { purpose: 'dev' });
  const admin = cookieOf(await logIn(gate.host.baseUrl, gate.createUser('second', true)));
  const shown = await gate.call({ path: `/admin/api/shops/${gate.shop.shopId}`, headers: [['Cookie', admin]] });
  version = Number(shown.json.version);
  values = {
    shopKey: gate.shop.apiKey,
    widgetToken: gate.signToken(),
    analyticsKey: portal.key.apiKey,
    routerKey: router.apiKey,
    devKey: dev.apiKey,
    securityToken: await portal.securityToken(),
    sessionCookie: await portal.sessionCookie(),
    admin,
  };
});
afterAll(() => gate.close());

/** A call that is accepted; the header in question is left out of `call`. */
interface Row {
  readonly call: () => HttpCall | Promise<HttpCall>;
  /** The header, and a value that is accepted alone. */
  readonly header: () => Header | Promise<Header>;
  /** The second value; by default the same again. */
  readonly second?: string;
  readonly accepted: number;
  /** What the header sent twice is answered with. */
  readonly twice: readonly number[];
}

const of = (name: string): string => values[name] ?? '';
const cookie = (): Header => ['Cookie', `${cookies.session}=${of('sessionCookie')}`];
const withCookieBut = (name: string): Header[] =>
  [cookie(), ['Origin', PORTAL] as const, ['X-Requested-With', 'x'] as const].filter(([one]) => one !== name);
const withDevKeyBut = (name: string): Header[] =>
  [
    ['X-API-Key', of('devKey')] as const,
    ['X-User-Id', 'u-1'] as const,
    ['X-App-Id', 'sales'] as const,
    ['X-Client-Id', 'acme'] as const,
    ['Origin', 'http://localhost:3000'] as const,
  ].filter(([one]) => one !== name);
const REFUSED = [400, 401, 403];

/** By the header that is sent twice, in lower case, and what it is sent to. */
const rows: readonly (readonly [string, string, Row])[] = [
  [
    'x-shop-api-key',
    'the issuer',
    {
      call: () => ({ method: 'POST', path: `/api/shops/${gate.shop.shopId}/widget-token` }),
      header: () => ['X-Shop-API-Key', of('shopKey')],
      accepted: 200,
      twice: [401],
    },
  ],
  [
    'x-widget-token',
    'the widget API',
    {
      call: () => ({ path: '/api/widget/session' }),
      header: () => ['X-Widget-Token', of('widgetToken')],
      accepted: 200,
      twice: [401],
    },
  ],
  [
    'origin',
    'the widget API',
    {
      call: () => ({ path: '/api/widget/session', headers: [['X-Widget-Token', of('widgetToken')]] }),
      header: () => ['Origin', gate.shop.url],
      accepted: 200,
      twice: [403],
    },
  ],
  [
    'origin',
    'the analytics API with a cookie',
    {
      call: () => ({ path: ANALYTICS_PATH, headers: withCookieBut('Origin') }),
      header: () => ['Origin', PORTAL],
      accepted: 200,
      twice: [403],
    },
  ],
  [
    'origin',
    'the exchange of a temp token',
    {
      call: async () => ({
        method: 'POST',
        path: SESSION_PATH,
        headers: [['Authorization', await portal.tempToken()]],
      }),
      header: () => ['Origin', PORTAL],
      accepted: 204,
      twice: [403],
    },
  ],
  [
    'authorization',
    'the analytics API',
    {
      call: () => ({ path: ANALYTICS_PATH }),
      header: () => bearer(of('securityToken'))[0] as Header,
      accepted: 200,
      twice: [401],
    },
  ],
  [
    'authorization',
    'the exchange of a temp token',
    {
      call: () => ({ method: 'POST', path: SESSION_PATH, headers: [['Origin', PORTAL]] }),
      header: async () => ['Authorization', await portal.tempToken()],
      accepted: 204,
      twice: [401],
    },
  ],
  [
    'x-api-key',
    'the login of a user',
    {
      call: () => ({ method: 'POST', path: '/devapi/v4/core/login/token', body: '{"userid":"u-1","appid":"sales"}' }),
      header: () => ['x-api-key', of('analyticsKey')],
      accepted: 200,
      twice: [401],
    },
  ],
  [
    'x-api-key',
    'the data router API',
    {
      call: () => ({ path: '/api/data-router/session' }),
      header: () => ['X-API-Key', of('routerKey')],
      accepted: 200,
      twice: [401],
    },
  ],
  [
    'x-api-key',
    'the analytics API with a dev key',
    {
      call: () => ({ path: ANALYTICS_PATH, headers: withDevKeyBut('X-API-Key') }),
      header: () => ['X-API-Key', of('devKey')],
      accepted: 200,
      twice: [401],
    },
  ],
  ...(['X-User-Id', 'X-App-Id', 'X-Client-Id'] as const).map((name): readonly [string, string, Row] => [
    name.toLowerCase(),
    'the analytics API with a dev key',
    {
      call: () => ({ path: ANALYTICS_PATH, headers: withDevKeyBut(name) }),
      header: () => [name, 'sales'],
      // The same again may be the app's id in the query.
      second: 'finance',
      accepted: 200,
      twice: REFUSED,
    },
  ]),
  [
    'cookie',
    'the analytics API',
    {
      call: () => ({ path: ANALYTICS_PATH, headers: withCookieBut('Cookie') }),
      header: cookie,
      accepted: 200,
      twice: [401],
    },
  ],
  [
    'cookie',
    'the admin API',
    {
      call: () => ({ path: '/admin/api/session' }),
      header: () => ['Cookie', of('admin')],
      accepted: 200,
      twice: [401],
    },
  ],
  [
    'if-match',
    'a change of a shop',
    {
      call: () => ({
        method: 'PATCH',
        path: `/admin/api/shops/${gate.shop.shopId}`,
        headers: [['Cookie', of('admin')], ...POST_HEADERS],
        body: '{"requireOrigin":false}',
      }),
      header: () => ['If-Match', `"${version}"`],
      accepted: 200,
      twice: [400, 409, 412],
    },
  ],
  [
    'sec-fetch-site',
    'a change of a shop',
    {
      call: () => ({
        method: 'PATCH',
        path: `/admin/api/shops/${gate.shop.shopId}`,
        headers: [['Cookie', of('admin')], ...POST_HEADERS],
        body: '{"requireOrigin":false}',
      }),
      header: () => ['Sec-Fetch-Site', 'same-origin'],
      accepted: 200,
      twice: [403],
    },
  ],
];

async function send({ call, header, second }: Row, isTwice: boolean): Promise<HttpAnswer> {
  const request = await call();
  const [name, value] = await header();
  const again: Header[] = isTwice ? [[name, second ?? value]] : [];
  return gate.call({ ...request, headers: [...(request.headers ?? []), [name, value], ...again] });
}

describe.each(rows)('%s, sent twice to %s', (_name, _place, row) => {
  test('is refused, though once it is accepted', async () => {
    expect((await send(row, false)).status).toBe(row.accepted);
    expect(row.twice).toContain((await send(row, true)).status);
  });
});

/** A second value of these changes nothing, and why. */
const harmless: Readonly<Record<string, string>> = {
  'x-requested-with': 'it counts that it is there, whatever it says',
  'sec-fetch-dest': 'it counts that it is there: a browser sends it',
  'x-forwarded-for': 'its last hop counts, which CloudFront writes; see caller-address.test.ts',
  [headers.edgeMark.toLowerCase()]: 'two of them count as none; see caller-address.test.ts',
  'access-control-request-headers': 'what is not one list of names is not echoed; see preflight.test.ts',
  host: 'HTTP servers refuse a second one; see same-site.test.ts',
};

test('every header that the functions read is one of these', () => {
  const { literal, byVariable } = headersRead();
  for (const [place, names] of Object.entries(byVariable)) expect([place, names]).not.toEqual([place, []]);
  expect(Object.keys(byVariable)).toHaveLength(4);
  const read = [...literal, ...Object.values(byVariable).flat()];
  expect(read).toEqual(expect.arrayContaining(['x-shop-api-key', 'x-api-key', 'x-widget-token', 'authorization']));
  const covered = [...rows.map(([name]) => name), ...Object.keys(harmless)];
  expect(read.filter((name) => !covered.includes(name))).toEqual([]);
  expect(covered.filter((name) => !read.includes(name))).toEqual([]);
});
