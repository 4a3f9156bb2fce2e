import { fixtureFunction, fixtureMethod } from '#test/support/fixture-deployment.ts';
import { type RunningGateway, runGateway } from './running-gateway.ts';

/** Answers with what the body of the call holds. */
const MIRROR = fixtureFunction(
  'mirror',
  `exports.handler = async ({ body, isBase64Encoded }) => JSON.parse(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'))`,
);
const ECHO = fixtureFunction(
  'echo',
  'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })',
);

let running: RunningGateway;
const start = async (binaryMediaTypes: string[] = []) => {
  const methods = [fixtureMethod('POST', '/mirror', 'mirror'), fixtureMethod('POST', '/echo', 'echo')];
  running = await runGateway([MIRROR, ECHO], { methods, binaryMediaTypes });
};
afterEach(() => running.close());
const mirror = (answer: unknown, headers: [string, string][] = []) =>
  running.call({ method: 'POST', path: '/mirror', headers, body: JSON.stringify(answer) });

test.each<[string, unknown]>([
  ['a text', 'text'],
  ['a list', []],
  ['no status', { body: 'x' }],
  ['a status that is a text', { statusCode: 'ok' }],
  ['a status that HTTP does not have', { statusCode: 99 }],
  ['a body that is an object', { statusCode: 200, body: {} }],
  ['headers that are a list', { statusCode: 200, headers: ['x'] }],
  ['headers that are a text', { statusCode: 200, headers: 'x' }],
  ['a nested header', { statusCode: 200, headers: { 'X-A': {} } }],
  ['a header with a line break', { statusCode: 200, headers: { 'X-A': 'a\r\nX-B: b' } }],
  ['multiple values that are a text', { statusCode: 200, multiValueHeaders: { 'X-A': 'text' } }],
])('refuses an answer with %s', async (_name, answer) => {
  await start();
  expect((await mirror(answer)).status).toBe(502);
});

test('a body that is null or missing is empty', async () => {
  await start();
  for (const answer of [{ statusCode: 201, body: null, headers: null }, { statusCode: 201 }]) {
    expect(await mirror(answer)).toMatchObject({ status: 201, text: '' });
  }
});

test("headers of the connection are the gateway's own to say", async () => {
  await start();
  const { headers, text } = await mirror({
    statusCode: 200,
    headers: { 'Content-Length': '3', 'Transfer-Encoding': 'chunked', Connection: 'upgrade' },
    body: 'abcdef',
  });
  expect(text).toBe('abcdef');
  expect(headers).toMatchObject({ 'content-length': ['6'], 'x-amzn-remapped-content-length': ['3'] });
  expect(headers).not.toHaveProperty('transfer-encoding');
});

test('a header in both maps counts with its multiple values', async () => {
  await start();
  const { headers } = await mirror({
    statusCode: 200,
    headers: { 'X-A': 'single' },
    multiValueHeaders: { 'x-a': ['1', '2'] },
  });
  expect(headers['x-a']).toEqual(['1', '2']);
});

test.each<[string[], [string, string][], string]>([
  [[], [['Accept', '*/*']], 'AAE='],
  [['image/png'], [['Accept', 'text/html, image/png']], 'AAE='],
  [['image/png'], [['Accept', 'image/png;q=0.9, text/html']], '\u0000\u0001'],
  [['*/*'], [], '\u0000\u0001'],
])('with the binary types %j and %j a Base64 answer is %j', async (types, headers, text) => {
  await start(types);
  expect(
    (await mirror({ statusCode: 200, body: Buffer.from([0, 1]).toString('base64'), isBase64Encoded: true }, headers))
      .text,
  ).toBe(text);
});

test.each<[string, boolean, string]>([
  ['image/png', true, Buffer.from('ä').toString('base64')],
  ['text/plain; a=image/png', false, 'ä'],
])('a body of %s is in Base64: %s', async (type, isBase64Encoded, body) => {
  await start(['image/*']);
  const { json } = await running.call({ method: 'POST', path: '/echo', headers: [['Content-Type', type]], body: 'ä' });
  expect(json).toMatchObject({ isBase64Encoded, body });
});
