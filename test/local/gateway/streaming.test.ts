import { get, type IncomingMessage } from 'node:http';
import { TemplateError } from '#local/template/intrinsics.ts';
import type { ResolvedResource } from '#local/template/resolved-resource.ts';
import { readRestApis } from '#local/template/rest-apis.ts';
import { fixtureFunction, fixtureMethod, functionArn } from '#test/support/fixture-deployment.ts';
import { readToEnd } from '#test/support/streaming-upstream.ts';
import { type RunningGateway, runGateway } from './running-gateway.ts';

const NULLS = '\\0'.repeat(8);

let running: RunningGateway;
async function start(body: string, integration: object = {}, concurrency?: number, handler?: string): Promise<void> {
  const source =
    handler ??
    `const wait = (ms) => new Promise((r) => setTimeout(r, ms)); exports.handler = awslambda.streamifyResponse(async (event, out) => { ${body} });`;
  const method = fixtureMethod('GET', '/s', 's');
  const methods = [
    { ...method, streams: true, integration: { ...method.integration, ...integration } },
    { ...fixtureMethod('HEAD', '/s', 's'), streams: true },
  ];
  running = await runGateway([fixtureFunction('s', source)], { methods }, undefined, concurrency);
}
afterEach(() => running.close());

const open = (): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get({ port: running.port, path: '/s', agent: false }, (message) => {
      message.on('error', () => undefined);
      resolve(message);
    }).on('error', reject);
  });

test('metadata is the head, cookies included, and the bytes after the nulls are the body', async () => {
  await start(
    `out.write(JSON.stringify({ statusCode: 201, headers: { A: 'x', B: '1' }, multiValueHeaders: { b: ['2', '3'] }, cookies: ['c=1', 'd=2'] }) + '${NULLS}body'); out.end();`,
  );
  const answer = await running.call({ path: '/s' });
  expect(answer).toMatchObject({
    status: 201,
    text: 'body',
    headers: { a: ['x'], b: ['2', '3'], 'set-cookie': ['c=1', 'd=2'] },
  });
});

test('metadata may come in pieces', async () => {
  await start(
    `for (const piece of ['{"statusC', 'ode":202}\\0\\0\\0', '\\0\\0\\0\\0', '\\0bo', 'dy']) { out.write(piece); await wait(10); } out.end();`,
  );
  expect(await running.call({ path: '/s' })).toMatchObject({ status: 202, text: 'body' });
});

test('the head comes before the body does', async () => {
  await start(`out.write('{"statusCode":200}${NULLS}'); await new Promise((r) => { out.once('close', r); });`);
  const message = await open();
  expect(message.statusCode).toBe(200);
  message.destroy();
});

test('HEAD gets no body', async () => {
  await start(`out.write('{"statusCode":200}${NULLS}body'); out.end();`);
  expect(await running.call({ method: 'HEAD', path: '/s' })).toMatchObject({ status: 200, text: '' });
});

test.each<[string, string]>([
  ['no JSON', `out.write('text${NULLS}body'); out.end();`],
  ['no status', `out.write('{}${NULLS}body'); out.end();`],
  ['cookies that are a text', `out.write('{"statusCode":200,"cookies":"a=1"}${NULLS}'); out.end();`],
  ['no end', `out.write('{"statusCode":200}'); out.end();`],
  ['nothing at all', 'out.end();'],
  ['a status that HTTP does not have', `out.write('{"statusCode":99}${NULLS}'); out.end();`],
  ['an error in its place', 'throw new Error("no");'],
])('metadata with %s is a 502', async (_name, body) => {
  await start(body);
  expect((await running.call({ path: '/s' })).status).toBe(502);
});

test('a function that does not stream is a 502: its payload has no metadata', async () => {
  await start('', {}, undefined, `exports.handler = async () => ({ statusCode: 200, body: 'x' })`);
  expect((await running.call({ path: '/s' })).status).toBe(502);
});

test('a function that fails in the middle has its response cut', async () => {
  await start(`out.write('{"statusCode":200}${NULLS}half'); await wait(50); throw new Error("no");`);
  expect(await readToEnd(await open())).toEqual({ text: 'half', whole: false });
});

test('the time-out of the integration is that of the whole response: 504 before the head, a cut after it', async () => {
  await start(
    `if (event.queryStringParameters === null) out.write('{"statusCode":200}${NULLS}half'); await new Promise((r) => { out.once('close', r); });`,
    { TimeoutInMillis: 2_000 },
  );
  expect((await running.call({ path: '/s?silent' })).status).toBe(504);
  expect(await readToEnd(await open())).toEqual({ text: 'half', whole: false });
});

test('a stream holds its execution until the client has left', async () => {
  await start(
    `out.write('{"statusCode":200}${NULLS}begun'); await new Promise((r) => { out.once('close', r); });`,
    {},
    1,
  );
  const message = await open();
  expect((await running.call({ path: '/s' })).status).toBe(500);
  message.destroy();
  let next: IncomingMessage | undefined;
  while (next?.statusCode !== 200) {
    next?.destroy();
    next = await open();
  }
  next.destroy();
});

describe('of the template', () => {
  const resource = (type: string, ref: string, properties: object): ResolvedResource =>
    ({
      type: `AWS::ApiGateway::${type}`,
      ref,
      logicalId: ref,
      properties: { RestApiId: 'api', ...properties },
    }) as never;
  const read = (integration: object) =>
    readRestApis([
      resource('RestApi', 'api', {}),
      resource('Stage', 'dev', {}),
      resource('Method', 'method', {
        AuthorizationType: 'NONE',
        HttpMethod: 'GET',
        ResourceId: 'root-api',
        Integration: { Type: 'AWS_PROXY', ...integration },
      }),
    ])[0]?.methods[0];
  const uri = (date: string, operation: string): string =>
    `arn:aws:apigateway:us-east-1:lambda:path/${date}/functions/${functionArn('s')}/${operation}`;
  const whole = uri('2015-03-31', 'invocations');
  const streaming = uri('2021-11-15', 'response-streaming-invocations');
  beforeEach(() => start('out.end();'));

  test('mode and URI decide whether a method streams', () => {
    expect(read({ Uri: whole })).toMatchObject({ functionArn: functionArn('s'), streams: false });
    expect(read({ Uri: whole, ResponseTransferMode: 'BUFFERED' })).toMatchObject({ streams: false });
    expect(read({ Uri: streaming, ResponseTransferMode: 'STREAM' })).toMatchObject({
      functionArn: functionArn('s'),
      streams: true,
    });
  });

  test.each([
    [{ Uri: whole, ResponseTransferMode: 'STREAM' }],
    [{ Uri: streaming }],
    [{ Uri: streaming, ResponseTransferMode: 'CHUNKED' }],
  ])('a mode that is unknown or does not go with its URI is refused: %j', (integration) => {
    expect(() => read(integration)).toThrow(TemplateError);
  });
});
