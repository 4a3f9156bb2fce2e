import { environment } from '#contract/environment.ts';
import { droppedFromCaller } from '#contract/forwarding.ts';
import { headers as ours } from '#contract/headers.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { callHttp, type HttpAnswer } from '../support/http.ts';
import { addServiceKey, bearer, type Header, LOGIN, Portal, withCookie } from '../support/portal.ts';
import { type ProgramRequest, type RealServer, startLighttpd, startPhp } from '../support/real-servers.ts';

/** RFC 9110 §5.6.2: every character of a token that is not a letter or a digit. */
const SEPARATORS = [..."-_.~!#$%&'*+^`|"];
/** Those of them that a server folds into the `_` of a variable's name, as it was found out without a gate. */
const FOLDED = { lighttpd: SEPARATORS, php: ['-', '_', '.'] };
const VICTIM = 'victim';

/** Sending them as they are is a call with another credential, or with two. */
const credentials: readonly string[] = [ours.shopApiKey, ours.widgetToken, ours.serviceKey].map((name) =>
  name.toLowerCase(),
);
const { connection: _connection, ...rules } = droppedFromCaller;
/** Every name of the contract, and what clients of proxies are known to send. */
const NAMES = {
  ...Object.fromEntries(Object.entries(rules).map(([rule, { names }]) => [rule, names.flatMap(namesUnder)])),
  'of proxies': ['x-forwarded-proto', 'x-forwarded-prefix', 'x-forwarded-scheme', 'x-original-url', 'x-rewrite-url'],
  'of balancers': ['x-amzn-oidc-identity', 'x-amzn-oidc-data', 'x-amzn-trace-id'],
} satisfies Record<string, string[]>;

function namesUnder(name: string): string[] {
  return name.endsWith('*') ? ['id', 'for', 'host', 'user-name'].map((end) => name.slice(0, -1) + end) : [name];
}

/** `X-User-Id`, `x_user_id`, `X.USER.ID`, and mixed: `X-User.Id`. */
function spellingsOf(name: string): string[] {
  const words = name.split('-');
  const titled = words.map((word) => word[0]?.toUpperCase() + word.slice(1));
  const same = SEPARATORS.flatMap((separator) => [
    titled.join(separator),
    words.join(separator),
    name.toUpperCase().replaceAll('-', separator),
  ]);
  const mixed = SEPARATORS.map((separator) => [titled.slice(0, -1).join('-'), titled.at(-1)].join(separator));
  const all = [...same, ...(words.length > 2 ? mixed : [])];
  return credentials.includes(name) ? all.filter((spelling) => spelling.toLowerCase() !== name) : all;
}

/** A gateway takes 10,240 bytes of headers, and a server 8,192 of its own accord. */
const MAX_CLAIM_BYTES = 6_000;

/** Every spelling of these names as headers, in as few calls as they fit in. */
function claimsOf(names: readonly string[]): Header[][] {
  const calls: Header[][] = [[]];
  let bytes = 0;
  for (const spelling of names.flatMap(spellingsOf)) {
    bytes += `${spelling}: ${VICTIM}\r\n`.length;
    if (bytes > MAX_CLAIM_BYTES) {
      calls.push([]);
      bytes = 0;
    }
    calls.at(-1)?.push([spelling, VICTIM]);
  }
  return calls;
}

let gate: RunningGate;
let lighttpd: RealServer;
let php: RealServer;
let routes: Record<keyof typeof ROUTES, readonly Header[]>;
const ROUTES = {
  'widget, with a widget token': '/api/widget/items',
  'analytics, with a security token': '/api/analytics/items',
  'analytics, with a session cookie': '/api/analytics/items',
  'analytics, with a session token': '/api/analytics/items',
  'data router, with its key': '/api/data-router/items',
};
type RouteName = keyof typeof ROUTES;
const routeNames = Object.keys(ROUTES) as RouteName[];

/** What the program behind each route may receive about the caller, all of it verified. */
const IDENTITY: Record<RouteName, readonly string[]> = {
  'widget, with a widget token': ['HTTP_X_SHOP_ID', 'HTTP_X_TOKEN_ISSUED_AT'],
  'analytics, with a security token': [
    'HTTP_X_APP_ID',
    'HTTP_X_CLIENT_ID',
    'HTTP_X_CREDENTIAL_KIND',
    'HTTP_X_SERVICE_KEY_ID',
    'HTTP_X_USER_ID',
  ],
  'analytics, with a session cookie': [
    'HTTP_X_APP_ID',
    'HTTP_X_CLIENT_ID',
    'HTTP_X_CREDENTIAL_KIND',
    'HTTP_X_SERVICE_KEY_ID',
    'HTTP_X_USER_ID',
  ],
  'analytics, with a session token': [
    'HTTP_X_APP_ID',
    'HTTP_X_CLIENT_ID',
    'HTTP_X_CREDENTIAL_KIND',
    'HTTP_X_SERVICE_KEY_ID',
    'HTTP_X_USER_ID',
  ],
  'data router, with its key': ['HTTP_X_CREDENTIAL_KIND', 'HTTP_X_SERVICE_KEY_ID'],
};
/** What is new with every call. */
const NEW = ['HTTP_X_GATE_ASSERTION', 'HTTP_X_REQUEST_ID'];
/** What it receives about the call, from any caller. */
const OF_THE_CALL = ['HTTP_X_FORWARDED_HOST', 'HTTP_X_FORWARDED_PREFIX', 'HTTP_X_FORWARDED_PROTO', ...NEW];

beforeAll(async () => {
  [lighttpd, php] = await Promise.all([startLighttpd(), startPhp()]);
  gate = await startGate({
    environment: {
      [environment.upstreamUrl]: lighttpd.url,
      [environment.analyticsUpstreamUrl]: lighttpd.url,
      [environment.dataRouterUpstreamUrl]: php.url,
    },
  });
  const portal = await Portal.open(gate);
  const routerKey = await addServiceKey(gate, { purpose: 'data-router' });
  routes = {
    'widget, with a widget token': [['X-Widget-Token', gate.signToken()]],
    'analytics, with a security token': bearer(await portal.securityToken(LOGIN)),
    'analytics, with a session cookie': withCookie(await portal.sessionCookie()),
    'analytics, with a session token': bearer(await portal.sessionToken()),
    'data router, with its key': [['X-API-Key', routerKey.apiKey]],
  };
});
afterAll(async () => {
  await Promise.all([gate?.close(), lighttpd?.close(), php?.close()]);
});

/** The variables that came of headers, but for those that are new with every call. */
const received = (variables: ProgramRequest['variables']): object =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('HTTP_') && !NEW.includes(name)));
const programRequest = (answer: HttpAnswer): ProgramRequest => {
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json as unknown as ProgramRequest;
};
const through = async (route: RouteName, more: readonly Header[] = [], path = ROUTES[route]): Promise<ProgramRequest> =>
  programRequest(await gate.call({ path, headers: [...routes[route], ...more] }));

describe('without a gate', () => {
  test.each(['lighttpd', 'php'] as const)(
    '%s folds header names so that a program cannot distinguish them',
    async (name) => {
      const { url } = { lighttpd, php }[name];
      const folded: string[] = [];
      for (const separator of SEPARATORS) {
        const call = { path: '/base/x', headers: [[['X', 'User', 'Id'].join(separator), VICTIM]] as Header[] };
        const { variables } = programRequest(await callHttp(url, call));
        if (variables.HTTP_X_USER_ID === VICTIM) folded.push(separator);
      }
      expect(folded).toEqual(FOLDED[name]);
    },
  );
});

describe.each(routeNames)('a program behind the %s', (route) => {
  test("receives the verified identity and the public address, and nothing else of the gate's", async () => {
    const { variables } = await through(route);
    const received = Object.keys(variables).filter((name) => /^HTTP_X_/.test(name));
    // A page sends this one with its cookie, and any caller may.
    const expected = [...IDENTITY[route], ...OF_THE_CALL].sort();
    expect(received.filter((name) => name !== 'HTTP_X_REQUESTED_WITH').sort()).toEqual(expected);
    expect(variables).toMatchObject({
      HTTP_X_FORWARDED_HOST: new URL(gate.host.baseUrl).host,
      HTTP_X_FORWARDED_PREFIX: expect.stringMatching(/^\/api\/(widget|analytics|data-router)$/),
      HTTP_X_FORWARDED_PROTO: 'https',
    });
  });

  test.each(Object.entries(NAMES))(
    'never sees what a caller states by a name of the kind: %s',
    async (_kind, names) => {
      const without = await through(route);
      for (const claims of claimsOf(names.filter((name) => name !== 'x-request-id'))) {
        // On the analytics route this is a statement that must agree with the credential, and is then dropped like the others.
        const isCompared = ([name]: Header): boolean => route.startsWith('analytics') && /^x-app-id$/i.test(name);
        const { variables } = await through(
          route,
          claims.filter((claim) => !isCompared(claim)),
        );
        expect(Object.entries(variables).filter(([, value]) => value.includes(VICTIM))).toEqual([]);
        // Nor is anything missing or empty that would be there without the claims.
        expect(received(variables)).toEqual(received(without.variables));
      }
    },
  );

  test("never sees a request id that is not the gateway's", async () => {
    const claims = claimsOf(['x-request-id', 'x-amzn-requestid']).flat();
    // API Gateway takes this one, as a UUID, for its own.
    const others = claims.filter(([name]) => name.toLowerCase() !== 'x-amzn-requestid');
    const { variables } = await through(route, others);
    expect(JSON.stringify(variables)).not.toContain(VICTIM);
    const own: Header = ['X-Amzn-RequestId', '01234567-89ab-4cde-8f01-23456789abcd'];
    const chosen = await through(route, [...others, own]);
    expect(chosen.variables).toMatchObject({ HTTP_X_REQUEST_ID: own[1] });
    expect(chosen.variables).not.toHaveProperty('HTTP_X_AMZN_REQUESTID');
  });

  test('is not reached through a header that Connection names', async () => {
    const nominated: Header[] = [
      ['Connection', 'close, X-Own, X-User-Id, X-Shop-Id, X-Forwarded-Host, X-Request-Id'],
      ['X-Own', VICTIM],
    ];
    const { variables } = await through(route, nominated);
    expect(JSON.stringify(variables)).not.toContain(VICTIM);
    for (const name of [...IDENTITY[route], ...OF_THE_CALL])
      expect([name, variables[name]]).toEqual([name, expect.any(String)]);
  });

  test.each([
    ['Keep-Alive', 'timeout=victim'],
    ['Proxy-Connection', 'victim'],
    ['Proxy-Authorization', 'Basic victim'],
    ['Proxy-Authenticate', 'victim'],
    ['TE', 'victim'],
    ['HTTP2-Settings', 'victim'],
  ])('does not get %s, which belongs to the connection before', async (name, value) => {
    const { variables } = await through(route, [[name, value]]);
    expect(JSON.stringify(variables)).not.toContain(VICTIM);
  });

  test('gets every other header as it was sent', async () => {
    const sent: Header[] = [
      ['Accept', 'text/plain;q=0.5, */*'],
      ['Accept-Language', 'de-CH, de;q=0.9'],
      ['If-Modified-Since', 'Wed, 21 Oct 2015 07:28:00 GMT'],
      ['User-Agent', 'Mozilla/5.0 (X; "quoted")'],
      ['X-Theirs', ' inner  space '],
      ['X-Idempotency-Key', 'a,b'],
      ['Cookie', 'a=1; b="2"; c='],
    ];
    const cookie = routes[route].filter(([name]) => name === 'Cookie');
    const { variables } = await through(route, cookie.length === 0 ? sent : sent.slice(0, -1));
    expect(variables).toMatchObject({
      HTTP_ACCEPT: 'text/plain;q=0.5, */*',
      HTTP_ACCEPT_LANGUAGE: 'de-CH, de;q=0.9',
      HTTP_IF_MODIFIED_SINCE: 'Wed, 21 Oct 2015 07:28:00 GMT',
      HTTP_USER_AGENT: 'Mozilla/5.0 (X; "quoted")',
      HTTP_X_THEIRS: 'inner  space',
      HTTP_X_IDEMPOTENCY_KEY: 'a,b',
      ...(cookie.length === 0 && { HTTP_COOKIE: 'a=1; b="2"; c=' }),
    });
  });

  test('gets neither the credential nor a cookie of the gate in any variable', async () => {
    const { variables } = await through(route);
    for (const [, value] of routes[route].filter(([name]) => /token|key|authorization|cookie/i.test(name)))
      expect(JSON.stringify(variables)).not.toContain(value.slice(-30));
    expect(Object.keys(variables).filter((name) => /AUTHORIZATION|API_KEY|WIDGET_TOKEN|COOKIE/.test(name))).toEqual([]);
  });
});

test('a program behind the widget API receives the shop of the token, whatever the caller states', async () => {
  const { variables } = await through('widget, with a widget token', [
    ['X-Shop-Id', VICTIM],
    ['X.Shop.Id', VICTIM],
  ]);
  expect(variables.HTTP_X_SHOP_ID).toBe(gate.shop.shopId);
});

test('a program behind the analytics API receives the user of the token, whatever the caller states', async () => {
  const claimed: Header[] = ['X-User-Id', 'X.User.Id', 'X_User_Id', 'X-User.Id', 'X~User~Id'].map((name) => [
    name,
    VICTIM,
  ]);
  for (const route of routeNames.filter((name) => name.startsWith('analytics'))) {
    const { variables } = await through(route, claimed);
    expect(variables).toMatchObject({ HTTP_X_USER_ID: 'u-17', HTTP_X_APP_ID: 'sales', HTTP_X_CLIENT_ID: 'acme' });
  }
});
