import { cookies } from '#contract/cookies.ts';
import { environment } from '#contract/environment.ts';
import { parseFaults } from '#local/faults.ts';
import { type AwsUser, adminClient, cookieOf, getChallenge, logIn, signChallenge } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { callHttp, type HttpAnswer } from '../support/http.ts';
import { type Operation, openApiDocument, operations, Validation } from '../support/openapi.ts';
import { addServiceKey, LOGIN, PORTAL, Portal, type TestServiceKey } from '../support/portal.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const validation = new Validation(openApiDocument);

let gate: RunningGate;
let upstream: Upstream;
let portal: Portal;
let dataRouterKey: TestServiceKey;
let devKey: TestServiceKey;
let alice: AwsUser;
let adminCookie: string;
beforeAll(async () => {
  upstream = await startUpstream();
  // Widget calls have an upstream; analytics and data router calls are answered by the gate itself.
  gate = await startGate({ environment: { [environment.upstreamUrl]: upstream.url } });
  portal = await Portal.open(gate);
  dataRouterKey = await addServiceKey(gate, { purpose: 'data-router' });
  devKey = await addServiceKey(gate, { purpose: 'dev', allowedOrigins: [PORTAL] });
  alice = gate.createUser('alice', true);
  adminCookie = cookieOf(await logIn(gate.host.baseUrl, alice));
});
afterAll(async () => {
  await gate.close();
  await upstream.close();
});

type Headers = readonly (readonly [string, string])[];

/** What of a call is not in the document, because it lives at one gate only. */
interface Live {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Members of the example body that are replaced. */
  readonly body?: Readonly<Record<string, unknown>>;
}

const bearer = (token: string): Headers => [['Authorization', `Bearer ${token}`]];

/** What proves a right, by the security scheme. Each call makes a new one where a call uses it up. */
const credentials: Readonly<Record<string, () => Headers | Promise<Headers>>> = {
  shopApiKey: () => [['X-Shop-API-Key', gate.shop.apiKey]],
  widgetToken: async () => [['X-Widget-Token', await gate.issueToken()]],
  analyticsKey: () => [['X-API-Key', portal.key.apiKey]],
  dataRouterKey: () => [['X-API-Key', dataRouterKey.apiKey]],
  devKey: () => [['X-API-Key', devKey.apiKey]],
  tempToken: async () => bearer(await portal.tempToken()),
  securityToken: async () => bearer(await portal.securityToken()),
  sessionToken: async () => bearer(await portal.sessionToken()),
  sessionCookie: async () => [['Cookie', `${cookies.session}=${await portal.sessionCookie()}`]],
  // In the body.
  iamProof: () => [],
  adminSession: () => [['Cookie', adminCookie]],
};

const admin = (call: string, body?: object): Promise<HttpAnswer> =>
  adminClient(gate.host.baseUrl, adminCookie)(call, body === undefined ? {} : { body });

/** A shop as the example of `createShop` makes it. */
const newShop = async (): Promise<{ shopId: string }> => {
  const { shopId } = await gate.createShop('https://shop.example.com', { name: 'Example Shop' });
  return { shopId };
};

async function newServiceKey(): Promise<{ keyId: string }> {
  const { json } = await admin('POST /service-keys', exampleBody(operationOf('addServiceKey')));
  return { keyId: String(json.keyId) };
}

const prepared = async (change: string, body?: object): Promise<Live> => {
  const path = await newShop();
  const { status, text } = await admin(change.replace('{shopId}', path.shopId), body);
  if (status >= 300) throw new Error(`${change}: ${text}`);
  return { path };
};

/** What an operation needs beside a new shop or service key for its path. */
const preparations: Readonly<Record<string, () => Promise<Live>>> = {
  issueWidgetToken: async () => ({ path: { shopId: gate.shop.shopId } }),
  inspectWidgetToken: async () => ({
    path: { shopId: gate.shop.shopId },
    body: { token: await gate.issueToken() },
  }),
  logIn: async () => {
    const challenge = await getChallenge(gate.host.baseUrl);
    const { userName, accessKeyId } = alice;
    const signature = await signChallenge(challenge, alice);
    return { body: { challenge: challenge.challenge, userName, accessKeyId, signature } };
  },
  openLoginLink: async () => ({ body: { code: (await admin('POST /login-links')).json.code } }),
  deleteShop: async () => {
    const { shopId } = await newShop();
    // A day ago, in a session of then.
    gate.host.setFaults(parseFaults('clock:offset=-1441m'));
    await gate.administer({ action: 'set-switches', shopId, switches: { disabled: true } });
    gate.host.setFaults(parseFaults(''));
    await gate.administer({ action: 'show-shop', shopId }).catch(() => undefined);
    return { path: { shopId } };
  },
  retireKey: () => prepared('POST /shops/{shopId}/keys/rotate', {}),
  undoRotation: () => prepared('POST /shops/{shopId}/keys/rotate', {}),
  undoRevokeTokens: () => prepared('POST /shops/{shopId}/tokens/revoke'),
  removeOrigins: () => prepared('POST /shops/{shopId}/origins', exampleBody(operationOf('removeOrigins'))),
  explainToken: async () => ({ path: { shopId: gate.shop.shopId }, body: { token: await gate.issueToken() } }),
  explainRequest: async () => {
    const { shopId } = await newShop();
    const path = `/api/shops/${shopId}/widget-token`;
    const refused = await gate.call({ method: 'POST', path, headers: (await credentials.shopApiKey?.()) as Headers });
    return { path: { requestId: String(refused.json.requestId) } };
  },
  queryAudit: async () => {
    const { shopId } = await newShop();
    return { query: { subject: shopId } };
  },
};

const operationOf = (id: string): Operation => operations.find(({ operationId }) => operationId === id) as Operation;

const exampleBody = ({ requestBody }: Operation): object | undefined =>
  requestBody?.content['application/json']?.example as object | undefined;

async function prepare({ operationId, path }: Operation): Promise<Live> {
  const own = preparations[operationId];
  if (own !== undefined) return own();
  if (path.includes('{shopId}')) return { path: await newShop() };
  return path.includes('{keyId}') ? { path: await newServiceKey() } : {};
}

/** The call that the document's examples describe. */
async function send(
  operation: Operation,
  credential: Headers,
  { path: inPath = {}, query = {}, body: members }: Live,
  changes: { readonly headers?: (headers: Headers) => Headers; readonly body?: string } = {},
): Promise<HttpAnswer> {
  const { path, method, parameters = [], requestBody } = operation;
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const example = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.example;
    return inPath[name] ?? String(example);
  });
  const inQuery = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.example !== undefined)
    .map(({ name, example }) => [name, query[name] ?? String(example)]);
  const search = inQuery.length === 0 ? '' : `?${new URLSearchParams(inQuery as [string, string][])}`;
  const headers: Headers = [
    ...parameters
      .filter((parameter) => parameter.in === 'header')
      .map(({ name, example }): [string, string] => [name, String(example)]),
    ...credential,
    ...(requestBody === undefined ? [] : [['Content-Type', 'application/json'] as const]),
  ];
  const example = exampleBody(operation);
  const sent = changes.body ?? (example === undefined ? undefined : JSON.stringify({ ...example, ...members }));
  const call = {
    method,
    path: `${filled}${search}`,
    headers: await withVersion(changes.headers?.(headers) ?? headers, inPath),
  };
  return callHttp(gate.host.baseUrl, { ...call, ...(sent !== undefined && { body: sent }) });
}

/** With the version that the shop has, in place of the example's. */
async function withVersion(headers: Headers, { shopId }: Readonly<Record<string, string>>): Promise<Headers> {
  if (!headers.some(([name]) => name === 'If-Match')) return headers;
  const { headers: shown } = await admin(`GET /shops/${shopId}`);
  return headers.map(([name, value]) => [name, name === 'If-Match' ? (shown.etag?.[0] ?? value) : value]);
}

const isForwarded = ({ responses }: Operation): boolean => responses.default !== undefined;
const hasUpstream = (operation: Operation): boolean =>
  isForwarded(operation) && operation.path.startsWith('/api/widget/');

const schemesOf = ({ security }: Operation): string[] =>
  security.length === 0 ? ['none'] : security.map((alternative) => Object.keys(alternative)[0] as string);

const rows = operations.map((operation): [string, Operation] => [`${operation.method} ${operation.path}`, operation]);
const rowsByScheme = operations.flatMap((operation) =>
  schemesOf(operation).map((scheme): [string, string, Operation] => [
    `${operation.method} ${operation.path}`,
    scheme,
    operation,
  ]),
);

const credentialFor = async (scheme: string): Promise<Headers> => {
  if (scheme === 'none') return [];
  const make = credentials[scheme];
  if (make === undefined) throw new Error(`the test has no credential for ${scheme}`);
  return make();
};

test.each(rowsByScheme)(
  '%s with %s is answered as the document says, and as its example',
  async (_name, scheme, operation) => {
    // The call that ends a session must not end the one of the other tests.
    const credential =
      operation.operationId === 'endSession'
        ? ([['Cookie', cookieOf(await logIn(gate.host.baseUrl, alice))]] as const)
        : await credentialFor(scheme);
    const live = await prepare(operation);
    const answer = await send(operation, credential, live);
    expect([answer.status < 300, answer.text]).toEqual([true, answer.text]);
    expect(validation.faultsOfAnswer(operation, answer, hasUpstream(operation))).toEqual([]);
    const response = operation.responses[answer.status];
    const example =
      response !== undefined && 'content' in response ? response.content?.['application/json']?.example : undefined;
    // Other credentials state less of an identity.
    if (example !== undefined && scheme === schemesOf(operation)[0] && !hasUpstream(operation))
      expect(Object.keys(answer.json).sort()).toEqual(Object.keys(example as object).sort());
  },
);

/** Calls that are refused, by what is wrong with them. */
async function refusedCalls(operation: Operation): Promise<[string, HttpAnswer][]> {
  const { method, path, parameters = [], operationId } = operation;
  const live: Live = { path: { shopId: gate.shop.shopId, ...(path.includes('{keyId}') && (await newServiceKey())) } };
  const [scheme = 'none'] = schemesOf(operation);
  const credential = scheme === 'none' ? [] : await credentialFor(scheme);
  const needs = (name: string): boolean =>
    parameters.some((parameter) => parameter.name === name && parameter.required);
  const without =
    (name: string) =>
    (headers: Headers): Headers =>
      headers.filter(([each]) => each !== name);
  const calls: [string, () => Promise<HttpAnswer>][] = [
    [
      'too many bytes of headers',
      () => send(operation, credential, live, { headers: (all) => [...all, ['X-Large', 'x'.repeat(11_000)]] }),
    ],
  ];
  if (scheme !== 'none' && scheme !== 'iamProof') calls.push(['no credential', () => send(operation, [], live)]);
  if (scheme === 'iamProof' || operationId === 'openLoginLink')
    calls.push(['a proof of nothing', () => send(operation, [], live)]);
  if (needs('X-Requested-With') && (scheme !== 'adminSession' || method !== 'GET'))
    calls.push([
      'no X-Requested-With',
      () => send(operation, credential, live, { headers: without('X-Requested-With') }),
    ]);
  if (exampleBody(operation) !== undefined)
    calls.push(
      ['a body that is not JSON', () => send(operation, credential, live, { body: '{' })],
      ['a body of other types', () => send(operation, credential, live, { body: JSON.stringify(wrong(operation)) })],
      ['a body that is too large', () => send(operation, credential, live, { body: 'x'.repeat(9_000) })],
    );
  if (scheme === 'adminSession' && path.includes('{'))
    calls.push(
      [
        'an ID that nothing has',
        () => send(operation, credential, { path: { shopId: 'shop_none', keyId: 'zzzzzzzz', requestId: 'none' } }),
      ],
      ['an invalid ID', () => send(operation, credential, { path: { shopId: '%20', keyId: '%20', requestId: '%20' } })],
    );
  if (parameters.some(({ name }) => name === 'If-Match'))
    calls.push([
      'an older version',
      () =>
        send(operation, credential, live, { headers: (all) => [...without('If-Match')(all), ['if-match', '"999"']] }),
    ]);
  if (scheme === 'shopApiKey' || scheme === 'analyticsKey' || scheme === 'widgetToken' || scheme === 'dataRouterKey')
    calls.push(['the key of a server in a browser', () => send(operation, inBrowser(scheme), live)]);
  if (scheme === 'shopApiKey')
    calls.push(['another shop', () => send(operation, credential, { path: { shopId: 'shop_none' } })]);
  if (scheme === 'widgetToken' || scheme === 'tempToken' || scheme === 'sessionCookie')
    calls.push([
      'a page that is not allowed',
      () =>
        send(operation, credential, live, {
          headers: (all) => [...without('Origin')(all), ['Origin', 'https://evil.example']],
        }),
    ]);
  const answers: [string, HttpAnswer][] = [];
  for (const [name, call] of calls) answers.push([name, await call()]);
  return answers;
}

const wrong = (operation: Operation): object =>
  Object.fromEntries(Object.keys(exampleBody(operation) ?? {}).map((name) => [name, { not: 'this' }]));

const inBrowser = (scheme: string): Headers => [
  ['Sec-Fetch-Site', 'cross-site'],
  scheme === 'widgetToken'
    ? ['X-Widget-Token', gate.shop.apiKey]
    : scheme === 'shopApiKey'
      ? ['X-Shop-API-Key', gate.shop.apiKey]
      : ['X-API-Key', scheme === 'analyticsKey' ? portal.key.apiKey : dataRouterKey.apiKey],
];

test.each(rows)('%s refuses as the document says', async (_name, operation) => {
  const answers = await refusedCalls(operation);
  expect(answers.length).toBeGreaterThan(0);
  for (const [name, answer] of answers) {
    expect([name, answer.status, answer.status >= 400]).toEqual([name, answer.status, true]);
    expect([name, validation.faultsOfAnswer(operation, answer)]).toEqual([name, []]);
  }
});

describe('answers that one call does not show', () => {
  const answered = async (id: string, headers: Headers, live: Live, status: number): Promise<HttpAnswer> => {
    const operation = operationOf(id);
    const answer = await send(operation, headers, live);
    expect([answer.status, validation.faultsOfAnswer(operation, answer)]).toEqual([status, []]);
    return answer;
  };

  test('a shop that is created twice by one clientToken', async () => {
    const operation = operationOf('createShop');
    const first = await answered(
      'createShop',
      await credentialFor('adminSession'),
      { body: { clientToken: 'x'.repeat(16) } },
      201,
    );
    const second = await answered(
      'createShop',
      await credentialFor('adminSession'),
      { body: { clientToken: 'x'.repeat(16) } },
      200,
    );
    expect([second.json.shopId, second.json.apiKey]).toEqual([first.json.shopId, undefined]);
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', '201']));
  });

  test('a session as a cookie', async () => {
    await answered('beginSession', await credentialFor('tempToken'), { body: { mode: 'cookie' } }, 204);
  });

  test('a session that is renewed', async () => {
    const [cookie, token] = [await credentialFor('sessionCookie'), await credentialFor('sessionToken')];
    gate.host.setFaults(parseFaults('clock:offset=+45m'));
    try {
      for (const id of ['showAnalyticsSession', 'showAnalyticsIdentityGet']) {
        expect((await answered(id, cookie, {}, 200)).headers['set-cookie']).toHaveLength(1);
        expect((await answered(id, token, {}, 200)).headers['x-session-token']).toHaveLength(1);
      }
    } finally {
      gate.host.setFaults(parseFaults(''));
    }
  });

  test('a store that fails', async () => {
    const [key, session, shop] = [
      await credentialFor('analyticsKey'),
      await credentialFor('adminSession'),
      await newShop(),
    ];
    gate.host.setFaults(parseFaults('dynamodb:down'));
    try {
      await answered('showShop', session, { path: shop }, 503);
      await answered('issueTempToken', key, {}, 503);
    } finally {
      gate.host.setFaults(parseFaults(''));
    }
  });

  test('an upstream that fails, and one that answers with a status of its own', async () => {
    const operation = operationOf('callWidgetApiGet');
    upstream.answerWith({ breaksOff: true });
    const failed = await send(operation, await credentialFor('widgetToken'), {});
    expect([failed.status, validation.faultsOfAnswer(operation, failed)]).toEqual([502, []]);
    upstream.answerWith({ status: 418 });
    const own = await send(operation, await credentialFor('widgetToken'), {});
    expect([own.status, validation.faultsOfAnswer(operation, own, true)]).toEqual([418, []]);
    upstream.answerWith({});
  });
});

describe('the check itself fails for', () => {
  const operation = operationOf('issueSecurityToken');
  const answer = async (): Promise<HttpAnswer> => send(operation, await credentialFor('analyticsKey'), {});
  const changed = async (changes: Partial<HttpAnswer>): Promise<string[]> =>
    validation.faultsOfAnswer(operation, { ...(await answer()), ...changes });

  test('a status that is not listed', async () => {
    expect(await changed({ status: 202 })).toHaveLength(1);
  });

  test('a member that is not listed', async () => {
    expect(await changed({ json: { token: 'x', userid: LOGIN.userid } })).toHaveLength(1);
  });

  test('a member that is missing', async () => {
    expect(await changed({ json: {} })).toHaveLength(1);
  });

  test('a header that is missing, and one that is not listed', async () => {
    const { headers } = await answer();
    const { 'x-security-token-expires-in': _gone, ...rest } = headers;
    expect(await changed({ headers: { ...rest, 'x-powered-by': ['gate'] } })).toHaveLength(2);
  });
});
