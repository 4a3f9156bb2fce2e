import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { RestMethod } from '#local/model.ts';
import { fixtureFunction, fixtureMethod } from '#test/support/fixture-deployment.ts';
import { type RunningGateway, runGateway } from './running-gateway.ts';

const ECHO = fixtureFunction(
  'echo',
  'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })',
);
const SLOW = fixtureFunction(
  'slow',
  'exports.handler = () => new Promise((r) => setTimeout(() => r({ statusCode: 200 }), 300))',
);
const METHODS = [fixtureMethod('ANY', '/echo', 'echo'), fixtureMethod('GET', '/slow', 'slow')];

const mock = (integration: object): RestMethod => ({
  path: '/mock',
  httpMethod: 'OPTIONS',
  authorizerId: undefined,
  functionArn: undefined,
  integration: {
    Type: 'MOCK',
    RequestTemplates: { 'application/json': '{"statusCode": 200}' },
    IntegrationResponses: [{ StatusCode: '204' }],
    ...integration,
  },
});

let running: RunningGateway | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe('refuses to start, rather than fail in a call, with', () => {
  const response = (changes: object) =>
    new Map([['DEFAULT_4XX', { statusCode: undefined, parameters: {}, templates: {}, ...changes }]]);
  test.each<[string, Parameters<typeof runGateway>[1], RegExp]>([
    [
      'a gateway response that maps from the path',
      { gatewayResponses: response({ parameters: { 'gatewayresponse.header.X': 'method.request.path.x' } }) },
      /map from method\.request\.path\.x/,
    ],
    [
      'a gateway response that maps to no header',
      { gatewayResponses: response({ parameters: { 'method.response.header.X': "'x'" } }) },
      /map to method/,
    ],
    ['a gateway response in XML', { gatewayResponses: response({ templates: { 'text/xml': '<x/>' } }) }, /JSON only/],
    ['a MOCK without a status', { methods: [mock({ RequestTemplates: {} })] }, /MOCK request template/],
    [
      'a MOCK that computes its status',
      { methods: [mock({ RequestTemplates: { 'application/json': '{"statusCode": $input.x}' } })] },
      /MOCK request template/,
    ],
    [
      'a MOCK with a body',
      {
        methods: [
          mock({ IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': '{}' } }] }),
        ],
      },
      /ResponseTemplates/,
    ],
    [
      'a MOCK without a response',
      { methods: [mock({ IntegrationResponses: [{ StatusCode: '400', SelectionPattern: '4..' }] })] },
      /no response for 200/,
    ],
  ])('%s', async (_name, changes, message) => {
    await expect(runGateway([ECHO], changes)).rejects.toThrow(message);
  });
});

test('a MOCK answers by its status, with headers mapped from the call', async () => {
  const IntegrationResponses = [
    { StatusCode: '500' },
    {
      StatusCode: '204',
      SelectionPattern: '20\\d',
      ResponseParameters: {
        'method.response.header.Origin-Was': 'method.request.header.Origin',
        'method.response.header.Id': 'context.requestId',
      },
    },
  ];
  running = await runGateway([], { methods: [mock({ IntegrationResponses })] });
  const { status, headers } = await running.call({
    method: 'OPTIONS',
    path: '/mock',
    headers: [['origin', 'https://a.example']],
  });
  expect([status, headers['origin-was'], headers.id]).toEqual([
    204,
    ['https://a.example'],
    headers['x-amzn-requestid'],
  ]);
});

test("an integration's own timeout counts", async () => {
  const method = fixtureMethod('GET', '/slow', 'slow');
  running = await runGateway([SLOW], {
    methods: [{ ...method, integration: { Type: 'AWS_PROXY', TimeoutInMillis: 50 } }],
  });
  expect((await running.call({ path: '/slow' })).status).toBe(504);
});

test('a body of several times the limit is refused with an answer that arrives', async () => {
  running = await runGateway([ECHO], { methods: METHODS });
  expect((await running.call({ method: 'POST', path: '/echo', body: 'a'.repeat(40_000_000) })).status).toBe(413);
});

test('a client that leaves while it is sending leaves no trace', async () => {
  running = await runGateway([ECHO], { methods: METHODS });
  const socket = connect(running.port, '127.0.0.1');
  socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await running.call({ path: '/echo' })).status).toBe(200);
  expect(running.logged).toEqual([]);
});

test('repeated headers reach the function one by one, as they were written', async () => {
  running = await runGateway([ECHO], { methods: METHODS });
  const headers: [string, string][] = [
    ['Origin', 'https://a.example'],
    ['Origin', 'https://b.example'],
    ['Authorization', 'one'],
    ['Authorization', 'two'],
  ];
  const { json } = await running.call({ path: '/echo', headers });
  expect(json.multiValueHeaders).toMatchObject({
    Origin: ['https://a.example', 'https://b.example'],
    Authorization: ['one', 'two'],
  });
});

test('closing waits for calls in progress, accepts no further one and does not wait for no idle connection', async () => {
  running = await runGateway([SLOW], { methods: METHODS });
  const { gateway, port } = running;
  const agent = new Agent({ keepAlive: true });
  const get = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/slow', agent }, (answer) => resolve(answer.resume()))
        .on('error', reject)
        .end();
    });
  const inFlight = get();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closed = gateway.close(60_000);
  const { statusCode, headers } = await inFlight;
  expect([statusCode, headers.connection]).toEqual([200, 'close']);
  await closed;
  await expect(get()).rejects.toThrow();
});
