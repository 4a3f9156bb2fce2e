import type { AddressInfo } from 'node:net';
import { Gateway } from '#local/gateway/gateway.ts';
import type { FunctionResource, GatewayResponse, RestApiResource, RestAuthorizer } from '#local/model.ts';
import {
  API_ID,
  fixtureApi,
  fixtureDeployment,
  fixtureFunction,
  fixtureMethod,
  fixtureRuntime,
  functionArn,
} from '#test/support/fixture-deployment.ts';
import { callHttp, type HttpAnswer, type HttpCall } from '#test/support/http.ts';

const ECHO = `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })`;
const policy = (effect: string, resource: string): string =>
  `{ principalId: 'p', policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: '${effect}', Resource: ${resource} }] }, context: { n: 1, b: true, s: 'x' } }`;
/** Answers by what the token says. */
const AUTHORIZER = `let calls = 0; exports.handler = async ({ multiValueHeaders, methodArn }) => {
  calls += 1;
  const token = multiValueHeaders.Token[0];
  if (token === 'unauthorized') throw new Error('Unauthorized');
  if (token === 'almost') throw new Error('Unauthorized ');
  if (token === 'error') throw new Error('boom');
  if (token === 'shape') return { ok: true };
  if (token === 'nested') return { ...(${policy('Allow', "'*'")}), context: { deep: {} } };
  if (token === 'deny') return ${policy('Deny', "'*'")};
  if (token === 'other') return ${policy('Allow', "methodArn.replace('/GET/', '/POST/')")};
  if (token === 'this') return ${policy('Allow', 'methodArn')};
  return { ...(${policy('Allow', "'*'")}), context: { calls } };
}`;

let close: () => Promise<void>;
let call: (request: HttpCall) => Promise<HttpAnswer>;
let now: number;

const authorizer: RestAuthorizer = {
  authorizerId: 'auth',
  name: 'auth',
  functionArn: functionArn('authorizer'),
  identitySources: ['method.request.header.Token'],
  resultTtlSeconds: 0,
};
const methods = [
  fixtureMethod('ANY', '/open/{proxy+}', 'echo'),
  fixtureMethod('POST', '/open/{id}', 'echo'),
  fixtureMethod('GET', '/open/fixed', 'echo'),
  fixtureMethod('GET', '/broken', 'broken'),
  fixtureMethod('GET', '/foreign', 'foreign'),
  fixtureMethod('ANY', '/closed/{proxy+}', 'echo', 'auth'),
];

async function start(changes: Partial<RestApiResource> = {}, functions: FunctionResource[] = []): Promise<void> {
  const all = [
    fixtureFunction('echo', ECHO),
    fixtureFunction('authorizer', AUTHORIZER),
    fixtureFunction('broken', 'exports.handler = async () => "text"'),
    fixtureFunction('foreign', ECHO, {
      permissions: [
        { principal: 'apigateway.amazonaws.com', sourceArn: 'arn:aws:execute-api:us-east-1:000000000000:other/*' },
      ],
    }),
    ...functions,
  ];
  const api = fixtureApi({ methods, authorizers: new Map([['auth', authorizer]]), ...changes });
  const deployment = fixtureDeployment(all, api);
  const runtime = fixtureRuntime(deployment);
  const gateway = new Gateway({ deployment, api, runtime, log: () => undefined, now: () => now });
  await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
  const { port } = gateway.server.address() as AddressInfo;
  call = (request) => callHttp(`http://127.0.0.1:${port}`, request);
  close = async () => {
    gateway.server.closeAllConnections();
    await new Promise((resolve) => gateway.server.close(resolve));
    await runtime.close();
  };
}
beforeEach(() => {
  now = 1_000_000;
});
afterEach(() => close());

const event = (answer: HttpAnswer) =>
  answer.json as { resource: string; path: string; requestContext: Record<string, unknown> } & Record<string, unknown>;

describe('routing', () => {
  beforeEach(() => start());

  test.each([
    ['GET', '/open/fixed', '/open/fixed', null],
    ['POST', '/open/fixed', undefined, undefined],
    ['POST', '/open/a', '/open/{id}', { id: 'a' }],
    ['POST', '/open/a%20b', '/open/{id}', { id: 'a%20b' }],
    ['POST', '/open/a%2Fb', '/open/{id}', { id: 'a%2Fb' }],
    ['GET', '/open/a/b', '/open/{proxy+}', { proxy: 'a/b' }],
    ['GET', '/open/a/', '/open/{proxy+}', { proxy: 'a/' }],
    ['DELETE', '/open/fixed/x', '/open/{proxy+}', { proxy: 'fixed/x' }],
    ['GET', '/dev/open/a/b', '/open/{proxy+}', { proxy: 'a/b' }],
  ])('%s %s goes to %s', async (method, path, resource, pathParameters) => {
    const answer = await call({ method, path });
    if (resource === undefined) expect(answer.status).toBe(403);
    else expect(event(answer)).toMatchObject({ resource, pathParameters });
  });

  test.each(['/', '/open', '/open/', '/OPEN/x', '//open/x', '/dev', '/developer/open/x', '/%6fpen/x'])(
    '%s is nowhere',
    async (path) => {
      const answer = await call({ path });
      expect([answer.status, answer.json.message]).toEqual([403, 'Missing Authentication Token']);
    },
  );

  test('a malformed escape is a bad request', async () => {
    expect((await call({ path: '/open/%zz/x' })).status).toBe(400);
  });
});

test('the proxy event has everything as it was sent', async () => {
  await start();
  const answer = await call({
    method: 'POST',
    path: '/dev/open/x/y?a=1&a=2&b=%20',
    headers: [
      ['X-Own', 'one'],
      ['X-Own', 'two'],
      ['x-OWN', 'three'],
    ],
    body: 'täxt',
  });
  expect(event(answer)).toMatchObject({
    path: '/open/x/y',
    httpMethod: 'POST',
    headers: { 'X-Own': 'two', 'x-OWN': 'three' },
    multiValueHeaders: { 'X-Own': ['one', 'two'], 'x-OWN': ['three'] },
    queryStringParameters: { a: '2', b: ' ' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: [' '] },
    body: 'täxt',
    isBase64Encoded: false,
    requestContext: {
      apiId: API_ID,
      stage: 'dev',
      path: '/dev/open/x/y',
      resourcePath: '/open/{proxy+}',
      identity: { sourceIp: '127.0.0.1' },
    },
  });
  expect(answer.headers['x-amzn-requestid']).toEqual([event(answer).requestContext.requestId]);
});

test('what is empty is null', async () => {
  await start();
  expect(event(await call({ path: '/open/fixed' }))).toMatchObject({
    body: null,
    queryStringParameters: null,
    pathParameters: null,
  });
});

describe('the authorizer', () => {
  beforeEach(() => start());
  const closed = (token?: string, path = '/closed/x', method = 'GET') =>
    call({ method, path, headers: token === undefined ? [] : [['Token', token]] });

  test.each<[string | undefined, number]>([
    [undefined, 401],
    ['', 401],
    ['unauthorized', 401],
    ['almost', 500],
    ['error', 500],
    ['shape', 500],
    ['nested', 500],
    ['deny', 403],
    ['other', 403],
    ['this', 200],
    ['ok', 200],
  ])('with the token %j answers %d', async (token, status) => {
    expect((await closed(token)).status).toBe(status);
  });

  test('hands its context on as strings', async () => {
    const { requestContext } = event(await closed('this'));
    expect(requestContext.authorizer).toEqual({ n: '1', b: 'true', s: 'x', principalId: 'p' });
  });

  test('is asked every time when nothing is cached', async () => {
    const calls = async () => (event(await closed('ok')).requestContext.authorizer as { calls: string }).calls;
    expect([await calls(), await calls()]).toEqual(['1', '2']);
  });

  test.each([
    ['/closed', 403],
    ['/closed/', 403],
    ['/closed//', 401],
    ['/Closed/x', 403],
    ['/dev/closed/x', 401],
    ['/closed/..%2f..%2fopen/fixed', 401],
    ['/closed/%2e%2e/open/fixed', 401],
  ])('no spelling of a path gets past it: %s is answered %d', async (path, status) => {
    expect((await closed(undefined, path)).status).toBe(status);
  });

  test('a path that begins as an open one stays within that, whatever its dots', async () => {
    const answer = await closed(undefined, '/open/../closed/x');
    expect([answer.status, event(answer).resource]).toEqual([200, '/open/{proxy+}']);
  });
});

describe('a cached authorizer', () => {
  beforeEach(() => start({ authorizers: new Map([['auth', { ...authorizer, resultTtlSeconds: 60 }]]) }));
  const ask = (method: string, path: string, token: string) => call({ method, path, headers: [['Token', token]] });

  test('is asked once, and its policy is evaluated again for each method', async () => {
    expect((await ask('GET', '/closed/a', 'this')).status).toBe(200);
    expect((await ask('GET', '/closed/a', 'this')).status).toBe(200);
    expect((await ask('GET', '/closed/b', 'this')).status).toBe(403);
    const again = event(await ask('GET', '/closed/x', 'ok')).requestContext.authorizer;
    expect(event(await ask('POST', '/closed/y', 'ok')).requestContext.authorizer).toEqual(again);
  });

  test('does not remember failures', async () => {
    expect((await ask('GET', '/closed/a', 'error')).status).toBe(500);
    expect(event(await ask('GET', '/closed/a', 'ok')).requestContext.authorizer).toMatchObject({ calls: '2' });
  });
});

describe('answers', () => {
  test.each<[string, string, number]>([
    ['of no known shape are 502', '/broken', 502],
    ['of a function that does not admit this API are 500', '/foreign', 500],
  ])('%s', async (_name, path, status) => {
    await start();
    expect((await call({ path })).status).toBe(status);
  });

  test('keep status, repeated headers and bytes', async () => {
    const source = `exports.handler = async () => ({ statusCode: 207, headers: { 'X-One': 1 }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] }, body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true })`;
    await start({ methods: [fixtureMethod('GET', '/own', 'own')], binaryMediaTypes: ['image/*'] }, [
      fixtureFunction('own', source),
    ]);
    const answer = await call({ path: '/own', headers: [['Accept', 'image/png, */*']] });
    expect([
      answer.status,
      answer.headers['x-one'],
      answer.headers['set-cookie'],
      answer.headers['content-length'],
    ]).toEqual([207, ['1'], ['a=1', 'b=2'], ['2']]);
  });

  test('to HEAD have no body', async () => {
    await start();
    const answer = await call({ method: 'HEAD', path: '/open/a/b' });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

describe("the gateway's own responses", () => {
  const response = (
    statusCode: string | undefined,
    template: string,
    parameters: Record<string, string> = {},
  ): GatewayResponse => ({
    statusCode,
    parameters,
    templates: { 'application/json': template },
  });

  test('are by type, then by class, with status, headers and context filled in', async () => {
    await start({
      gatewayResponses: new Map([
        [
          'UNAUTHORIZED',
          response('499', '{"id":"$context.requestId","type":"$context.error.responseType"}', {
            'gatewayresponse.header.X-Fixed': "'it is'",
            'gatewayresponse.header.X-Echo': 'method.request.header.Echo',
          }),
        ],
        ['ACCESS_DENIED', response(undefined, '{"s":"$context.authorizer.s","none":"$context.authorizer.none"}')],
        ['DEFAULT_4XX', response(undefined, '{"class":4,"said":$context.error.messageString}')],
        ['DEFAULT_5XX', response('503', '{"class":5}', { 'gatewayresponse.header.Retry-After': "'1'" })],
      ]),
    });
    const unauthorized = await call({ path: '/closed/x', headers: [['Echo', 'me']] });
    expect(unauthorized.status).toBe(499);
    expect(unauthorized.json).toEqual({ id: unauthorized.headers['x-amzn-requestid']?.[0], type: 'UNAUTHORIZED' });
    expect([unauthorized.headers['x-fixed'], unauthorized.headers['x-echo']]).toEqual([['it is'], ['me']]);
    expect((await call({ path: '/closed/x', headers: [['Token', 'deny']] })).json).toEqual({ s: 'x', none: '' });
    expect((await call({ path: '/' })).json).toEqual({ class: 4, said: 'Missing Authentication Token' });
    const failed = await call({ path: '/broken' });
    expect([failed.status, failed.json, failed.headers['retry-after']]).toEqual([503, { class: 5 }, ['1']]);
  });
});

describe('limits', () => {
  test('more calls than the burst are throttled until time has passed, each method for itself', async () => {
    await start({
      methodSettings: [
        { resourcePath: '*', httpMethod: '*', ratePerSecond: 1_000, burst: 1_000 },
        { resourcePath: '/open/fixed', httpMethod: 'GET', ratePerSecond: 1, burst: 2 },
      ],
    });
    const statuses = async (): Promise<number> => (await call({ path: '/open/fixed' })).status;
    expect([await statuses(), await statuses(), await statuses()]).toEqual([200, 200, 429]);
    expect((await call({ path: '/open/a/b' })).status).toBe(200);
    now += 1_000;
    expect([await statuses(), await statuses()]).toEqual([200, 429]);
  });

  test('headers over 10,240 bytes and bodies over 10 MB are too large', async () => {
    await start();
    expect((await call({ path: '/open/fixed', headers: [['X-Long', 'a'.repeat(10_240)]] })).status).toBe(413);
    expect((await call({ method: 'POST', path: '/open/a/b', body: 'a'.repeat(10 * 1_024 * 1_024 + 1) })).status).toBe(
      413,
    );
  });
});

test('OPTIONS is answered by its MOCK without asking any function', async () => {
  const integration = {
    Type: 'MOCK',
    RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
    IntegrationResponses: [{ StatusCode: '204', ResponseParameters: { 'method.response.header.Allow-It': "'*'" } }],
  };
  await start({
    methods: [{ path: '/open', httpMethod: 'OPTIONS', authorizerId: undefined, integration, functionArn: undefined }],
  });
  const answer = await call({ method: 'OPTIONS', path: '/open' });
  expect([answer.status, answer.headers['allow-it'], answer.text]).toEqual([204, ['*'], '']);
});
