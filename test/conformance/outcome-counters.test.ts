import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { environment } from '#contract/environment.ts';
import type { FunctionName } from '#contract/functions.ts';
import { limits } from '#contract/limits.ts';
import type { Decision } from '#contract/metrics.ts';
import type { AnalyticsDecision } from '#lambda/analytics/authorize-analytics-call.ts';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { digestOf } from '#lambda/crypto/secret-id.ts';
import type { WidgetDecision } from '#lambda/widget-tokens/authorize-widget-call.ts';
import { shopItemsOf } from '../chaos/shop-items.ts';
import {
  type AdminClient,
  type AwsUser,
  adminClient,
  cookieOf,
  getChallenge,
  logIn,
  sendProof,
  signChallenge,
} from '../support/admin.ts';
import { clientsOf } from '../support/aws-clients.ts';
import { type CountedCase as Case, type Counted, CountedCalls } from '../support/counted-calls.ts';
import { type RunningGate, startGate, type TestShop } from '../support/gate.ts';
import {
  ANALYTICS_PATH,
  addServiceKey,
  bearer,
  DATA_ROUTER_PATH,
  type Header,
  LOGIN,
  LOGIN_PATH,
  PORTAL,
  Portal,
  SESSION_PATH,
  TEMP_TOKEN_PATH,
  type TestServiceKey,
} from '../support/portal.ts';

let gate: RunningGate;
let portal: Portal;
let admin: AdminClient;
let alice: AwsUser;
let outsider: AwsUser;
let disabled: TestShop;
let corrupt: TestShop;
let dataRouter: TestServiceKey;
let dev: TestServiceKey;
let sessionToken: string;
let tempToken: string;
const counters = new CountedCalls(() => gate);

/** Nobody listens at this address. */
const NOWHERE = 'http://127.0.0.1:9';

beforeAll(async () => {
  gate = await startGate({
    environment: {
      [environment.upstreamUrl]: NOWHERE,
      [environment.analyticsUpstreamUrl]: NOWHERE,
      [environment.dataRouterUpstreamUrl]: NOWHERE,
    },
    log: counters.read,
    // Each environment has a minute of its own.
    maxEnvironments: 1,
  });
  portal = await Portal.open(gate, { appIds: ['sales'] });
  sessionToken = await portal.sessionToken();
  tempToken = await portal.tempToken();
  dataRouter = await addServiceKey(gate, { purpose: 'data-router' });
  dev = await addServiceKey(gate, { purpose: 'dev' });
  disabled = await gate.createShop('https://disabled.example.com');
  corrupt = await gate.createShop('https://corrupt.example.com');
  await gate.administer({ action: 'set-switches', shopId: disabled.shopId, switches: { disabled: true } });
  const items = shopItemsOf(gate);
  await items.write({ ...(await items.read(corrupt.shopId)), disabled: 'no' });
  [alice, outsider] = [gate.createUser('alice', true), gate.createUser('outsider', false)];
  admin = adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, alice)));
  // What was counted so far is written with the next call of each function: from then on, each call is counted alone.
  for (const [name, cases] of Object.entries(allCases)) {
    const [first] = Object.entries(cases);
    if (first !== undefined) await countedIn(name, ...first);
  }
});
afterAll(() => gate.close());

type Cases<Name extends Decision> = Readonly<Record<Name, Case>>;

const widget =
  (token: () => string, headers: readonly Header[] = [], path = '/api/widget/session') =>
  () =>
    gate.call({ path, headers: [['X-Widget-Token', token()], ...headers] });
const analytics = (headers: () => readonly Header[] | Promise<readonly Header[]>) => async () =>
  gate.call({ path: ANALYTICS_PATH, headers: await headers() });
const post = (path: string, headers: () => readonly Header[], body?: object) => () =>
  gate.call({ method: 'POST', path, headers: headers(), ...(body !== undefined && { body: JSON.stringify(body) }) });
const get =
  (path: string, headers: () => readonly Header[] = () => []) =>
  () =>
    gate.call({ path, headers: headers() });
const own: Header = ['Origin', PORTAL];
const FOREIGN: Header = ['Origin', 'https://evil.example'];
const BROWSER: readonly Header[] = [
  ['Sec-Fetch-Mode', 'cors'],
  ['Sec-Fetch-Site', 'cross-site'],
];
const shopKey =
  (shop: () => TestShop = () => gate.shop, more: readonly Header[] = []) =>
  () =>
    [['X-Shop-API-Key', shop().apiKey], ...more] as const;
const issue =
  (shop: () => TestShop = () => gate.shop, more: readonly Header[] = []) =>
  () =>
    post(`/api/shops/${shop().shopId}/widget-token`, shopKey(shop, more))();
const inspect =
  (more: readonly Header[] = []) =>
  async () => {
    const { shopId } = gate.shop;
    return post(
      `/api/shops/${shopId}/widget-token/inspect`,
      shopKey(() => gate.shop, more),
      { token: 'x' },
    )();
  };
const key =
  (more: readonly Header[] = []) =>
  () => [...portal.keyHeader(), ...more];
const routed = (apiKey: () => string, more: readonly Header[] = []) =>
  get(DATA_ROUTER_PATH, () => [['X-API-Key', apiKey()], ...more]);
const down = { status: 503, faults: 'dynamodb:down' };
const ids: readonly Header[] = [
  ['X-User-Id', 'u-17'],
  ['X-App-Id', 'sales'],
];
/** Keys in good shape that nobody was given: only a store can know. */
const UNKNOWN = {
  sk: generateApiKey('sk', 'test').text,
  an: generateApiKey('an', 'test').text,
  dr: generateApiKey('dr', 'test').text,
};

const analyticsAnswered = { 'analytics-endpoint analytics_answered': 1 };
/** Of every function that decides, each outcome that its decision can have: the compiler asks for those that are missing. */
const authorizers = {
  'widget-authorizer': {
    allowed: { call: widget(() => gate.signToken()), status: 200, beside: { 'widget-endpoint answered': 1 } },
    unauthorized: { call: widget(() => gate.signToken(0, disabled.apiKey)), status: 401 },
    origin_not_allowed: { call: widget(() => gate.signToken(), [FOREIGN]), status: 403 },
    shop_disabled: { call: widget(() => gate.signToken(0, disabled.apiKey, disabled.shopId)), status: 403 },
    api_key_in_browser: { call: widget(() => gate.shop.apiKey), status: 403 },
    corrupt_record: { call: widget(() => gate.signToken(0, corrupt.apiKey, corrupt.shopId)), status: 503 },
    service_unavailable: { call: widget(() => gate.signToken(0, gate.shop.apiKey, 'shop_unread')), ...down },
  } satisfies Cases<WidgetDecision['outcome'] | 'service_unavailable'>,
  'analytics-authorizer': {
    analytics_allowed: { call: analytics(key(ids)), status: 200, beside: analyticsAnswered },
    dev_key_used: {
      call: analytics(() => [['X-API-Key', dev.apiKey], ['Origin', 'http://localhost:3000'], ...ids]),
      status: 200,
      beside: analyticsAnswered,
    },
    unauthorized: { call: analytics(() => bearer('x')), status: 401 },
    wrong_app: {
      call: analytics(() => [...portal.keyHeader(), ['X-User-Id', 'u-17'], ['X-App-Id', 'other']]),
      status: 403,
    },
    origin_not_allowed: { call: analytics(() => [...bearer(sessionToken), FOREIGN]), status: 403 },
    api_key_in_browser: { call: analytics(() => key([...ids, ...BROWSER])()), status: 403 },
    service_unavailable: { call: analytics(() => [['X-API-Key', UNKNOWN.an]]), ...down },
  } satisfies Cases<
    // The endpoint answers and counts what is wrong with stated ids.
    | Exclude<AnalyticsDecision['outcome'], 'allowed' | 'ids_malformed' | 'dev_ids_missing'>
    | 'analytics_allowed'
    | 'dev_key_used'
    | 'service_unavailable'
  >,
  'data-router-authorizer': {
    data_router_allowed: {
      call: routed(() => dataRouter.apiKey),
      status: 200,
      beside: { 'data-router-endpoint data_router_answered': 1 },
    },
    unauthorized: { call: routed(() => portal.key.apiKey), status: 401 },
    api_key_in_browser: { call: routed(() => dataRouter.apiKey, BROWSER), status: 403 },
    service_unavailable: { call: routed(() => UNKNOWN.dr), ...down },
  } satisfies Cases<'data_router_allowed' | 'unauthorized' | 'api_key_in_browser' | 'service_unavailable'>,
  'admin-authorizer': {
    admin_allowed: { call: () => admin('GET /session'), status: 200, beside: { 'admin-api administered': 1 } },
    unauthorized: {
      call: () => adminClient(gate.host.baseUrl, '__Host-widget-gate-admin=x')('GET /session'),
      status: 401,
    },
    service_unavailable: { call: () => admin('GET /session'), ...down },
  } satisfies Cases<'admin_allowed' | 'unauthorized' | 'service_unavailable'>,
} as const;

/** A challenge and its proof, which must come in the same minute; the second challenge has the first proof's count written. */
const login =
  (user: () => AwsUser, changes: object = {}) =>
  async () => {
    const { baseUrl } = gate.host;
    const { challenge, ...request } = await getChallenge(baseUrl);
    const signature = await signChallenge({ challenge, ...request }, user());
    const { userName, accessKeyId } = user();
    const answer = await sendProof(baseUrl, { challenge, userName, accessKeyId, signature, ...changes });
    counters.nextMinute(['admin-login']);
    await getChallenge(baseUrl);
    return answer;
  };
const OVER_LIMIT = '127.0.0.91';

/** A call of an address that has had its calls of this minute and of the next ones, to which the clock may be put. */
async function callOverLimit() {
  const { dynamoDb, environment: names } = clientsOf(gate, 'AdminLogin');
  const [deployment, tableName] = [names[environment.deployment], names[environment.sessionTable]];
  const present = Math.floor(Date.now() / 1_000 / limits.addressWindowSeconds);
  for (let window = present; window < present + 6; window += 1) {
    const digest = digestOf(`${String(deployment)}/login/${window}/${OVER_LIMIT}`);
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { sessionHash: { S: `rate/${digest}` } },
        UpdateExpression: 'ADD calls :calls',
        ExpressionAttributeValues: { ':calls': { N: String(limits.loginCallsPerAddress) } },
      }),
    );
  }
  const headers = [['X-Requested-With', 'x']] as const;
  return gate.call({ method: 'POST', path: '/admin/api/login/challenge', headers, localAddress: OVER_LIMIT });
}

const challenged = { 'admin-login challenged': 2 };
const admitted = { 'admin-authorizer admin_allowed': 1 };
const SHOPS = '/api/shops';
const unknownShopKey = () => [['X-Shop-API-Key', UNKNOWN.sk]] as const;
const withKey = (apiKey: string) => () => [['X-API-Key', apiKey]] as const;

/** Of every other function that answers calls: what it does, what it refuses, and that it could not. */
const others: Readonly<Partial<Record<FunctionName, Readonly<Partial<Record<Decision, Case>>>>>> = {
  'token-issuer': {
    issued: { call: issue(), status: 200 },
    invalid_api_key: { call: post(`${SHOPS}/shop_one/widget-token`, () => []), status: 401 },
    wrong_shop: { call: post(`${SHOPS}/shop_one/widget-token`, shopKey()), status: 403 },
    shop_disabled: { call: issue(() => disabled), status: 403 },
    api_key_in_browser: { call: issue(() => gate.shop, BROWSER), status: 403 },
    service_unavailable: { call: post(`${SHOPS}/x/widget-token`, unknownShopKey), ...down },
  },
  'token-inspector': {
    inspected: { call: inspect(), status: 200 },
    api_key_in_browser: { call: inspect(BROWSER), status: 403 },
    service_unavailable: { call: post(`${SHOPS}/x/widget-token/inspect`, unknownShopKey), ...down },
  },
  'security-token-issuer': {
    security_token_issued: { call: post(LOGIN_PATH, key(), LOGIN), status: 200 },
    invalid_api_key: { call: post(LOGIN_PATH, () => []), status: 401 },
    invalid_request: { call: post(LOGIN_PATH, key(), {}), status: 400 },
    api_key_in_browser: { call: post(LOGIN_PATH, key(BROWSER), LOGIN), status: 403 },
    service_unavailable: { call: post(LOGIN_PATH, withKey(UNKNOWN.an), LOGIN), ...down },
  },
  'temp-token-issuer': {
    temp_token_issued: { call: post(TEMP_TOKEN_PATH, key(), LOGIN), status: 200 },
    invalid_api_key: { call: post(TEMP_TOKEN_PATH, () => []), status: 401 },
    api_key_in_browser: { call: post(TEMP_TOKEN_PATH, key(BROWSER), LOGIN), status: 403 },
    service_unavailable: { call: post(TEMP_TOKEN_PATH, key(), LOGIN), ...down },
  },
  'session-exchange': {
    session_handled: { call: get(SESSION_PATH, () => [...bearer(sessionToken), own]), status: 200 },
    no_session: { call: get(SESSION_PATH), status: 401 },
    api_key_in_browser: { call: get(SESSION_PATH, () => bearer(portal.key.apiKey)), status: 403 },
    origin_not_allowed: { call: get(SESSION_PATH, () => [...bearer(sessionToken), FOREIGN]), status: 403 },
    invalid_temp_token: { call: post(SESSION_PATH, () => [['Authorization', 'x'], own]), status: 401 },
    service_unavailable: { call: post(SESSION_PATH, () => [['Authorization', tempToken], own]), ...down },
  },
  'cors-preflight': {
    preflight_answered: {
      call: () => gate.call({ method: 'OPTIONS', path: SESSION_PATH, headers: [own] }),
      status: 204,
    },
  },
  'widget-endpoint': {
    upstream_failed: {
      call: widget(() => gate.signToken(), [], '/api/widget/search'),
      status: 502,
      beside: { 'widget-authorizer allowed': 1 },
    },
  },
  'analytics-endpoint': {
    ids_malformed: { call: analytics(() => [...portal.keyHeader(), ...ids, ['X-User-Id', 'u-18']]), status: 400 },
    dev_ids_missing: {
      call: analytics(() => [
        ['X-API-Key', dev.apiKey],
        ['Origin', 'http://localhost:3000'],
      ]),
      status: 400,
    },
    upstream_failed: {
      call: get('/api/analytics/charts', () => [...portal.keyHeader(), ...ids]),
      status: 502,
      beside: { 'analytics-authorizer analytics_allowed': 1 },
    },
  },
  'data-router-endpoint': {
    upstream_failed: {
      call: get('/api/data-router/x', () => [['X-API-Key', dataRouter.apiKey]]),
      status: 502,
      beside: { 'data-router-authorizer data_router_allowed': 1 },
    },
  },
  jwks: { public_keys_shown: { call: get('/.well-known/jwks.json'), status: 200 } },
  'admin-login': {
    challenged: { call: post('/admin/api/login/challenge', () => [['X-Requested-With', 'x']]), status: 200 },
    logged_in: { call: login(() => alice), status: 200, beside: challenged },
    login_failed: { call: login(() => alice, { signature: 'x' }), status: 401, beside: challenged },
    not_in_admin_group: { call: login(() => outsider), status: 403, beside: challenged },
    cross_site_request: { call: post('/admin/api/login', () => []), status: 403 },
    too_many_requests: { call: callOverLimit, status: 429 },
    audit_delayed: {
      call: login(() => alice),
      status: 200,
      faults: 'dynamodb/PutItem@Audit:down',
      beside: { ...challenged, 'admin-login logged_in': 1 },
    },
    service_unavailable: { call: login(() => alice), ...down, beside: challenged },
  },
  'admin-api': {
    administered: { call: () => admin('GET /status'), status: 200, beside: admitted },
    audit_delayed: {
      call: () => admin(`PATCH /shops/${gate.shop.shopId}`, { body: { name: 'delayed' } }),
      status: 200,
      faults: 'dynamodb/PutItem@Audit:down',
      beside: { ...admitted, 'admin-api administered': 1 },
    },
    shop_not_found: { call: () => admin('GET /shops/shop_none'), status: 404, beside: admitted },
    service_unavailable: {
      call: () => admin('GET /shops'),
      status: 503,
      faults: 'dynamodb/Scan:down',
      beside: admitted,
    },
  },
};

const allCases: Readonly<Record<string, Readonly<Record<string, Case>>>> = { ...authorizers, ...others };
const expectedOf = (name: string, outcome: string, { beside }: Case): Counted => ({
  [`${name} ${outcome}`]: 1,
  ...beside,
});
const countedIn = (name: string, outcome: string, each: Case) =>
  counters.countedBy(each.call, expectedOf(name, outcome, each), each.faults);

test.each(
  Object.entries(allCases).flatMap(([name, cases]) =>
    Object.entries(cases).map(([outcome, each]) => [name, outcome, each] as const),
  ),
)('%s counts %s once for one call, and nothing else', async (name, outcome, each) => {
  const { answer, counted } = await countedIn(name, outcome, each);
  expect([answer.status, counted]).toEqual([each.status, expectedOf(name, outcome, each)]);
});
