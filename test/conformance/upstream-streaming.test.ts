import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { environment } from '#contract/environment.ts';
import { headers } from '#contract/headers.ts';
import { until } from '../rigs/isolation.ts';
import { type AdminClient, adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { loadStageWith } from '../support/load-stage.ts';
import { addServiceKey, bearer, PORTAL, Portal } from '../support/portal.ts';
import {
  openStream,
  readToEnd,
  type StreamingUpstream,
  startStreamingUpstream,
} from '../support/streaming-upstream.ts';

let gate: RunningGate;
let upstream: StreamingUpstream;
let admin: AdminClient;
let portal: Portal;
let dataRouterKey: string;
let logged = '';
beforeAll(async () => {
  upstream = await startStreamingUpstream();
  const deployment = loadStageWith({ upstreamStreaming: true, devKeys: true });
  gate = await startGate({
    // The data router's upstream has little time, so that a test of it need not wait.
    deployment: {
      ...deployment,
      functions: deployment.functions.map((each) =>
        each.logicalId.startsWith('DataRouterEndpoint')
          ? { ...each, environment: { ...each.environment, [environment.upstreamTimeoutSeconds]: '1' } }
          : each,
      ),
    },
    environment: {
      [environment.upstreamUrl]: upstream.url,
      [environment.analyticsUpstreamUrl]: upstream.url,
      [environment.dataRouterUpstreamUrl]: upstream.url,
    },
    log: (text) => {
      logged += text;
    },
  });
  admin = adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, gate.createUser('alice', true))));
  portal = await Portal.open(gate);
  dataRouterKey = (await addServiceKey(gate, { purpose: 'data-router' })).apiKey;
});
afterAll(async () => {
  await gate.close();
  await upstream.close();
});

const open = (path = 'x', method?: string): Promise<IncomingMessage> =>
  openStream(gate, `/api/widget/${path}`, { 'X-Widget-Token': gate.signToken() }, method);
const call = (path = 'x', more: object = {}): Promise<HttpAnswer> =>
  gate.call({ path: `/api/widget/${path}`, headers: [['X-Widget-Token', gate.signToken()]], ...more });

/** The response that the upstream is writing to the next call. */
function nextResponse(): Promise<ServerResponse> {
  return new Promise((resolve) => upstream.respondWith((_request, response) => resolve(response)));
}

const requestIdOf = (message: IncomingMessage): string => String(message.headers['x-request-id']);

/** That the log has the reason of a call. */
async function expectLogged(requestId: string, reason: string): Promise<void> {
  const isLine = (line: string): boolean => line.includes(requestId) && line.includes('"event":"upstream_failed"');
  await until(() => logged.split('\n').some(isLine));
  expect(JSON.parse(logged.split('\n').find(isLine) ?? '{}')).toMatchObject({ level: 'ERROR', reason });
}

/** That trail and `explain` have it, too: of the first such call in a minute. */
async function expectFiled(requestId: string, reason: string): Promise<void> {
  await expectLogged(requestId, reason);
  expect((await admin(`GET /explain/${requestId}`)).json).toMatchObject({ entry: { code: `upstream_${reason}` } });
}

describe('what an upstream streams', () => {
  test('arrives event by event: the upstream sends each only after the one before has arrived', async () => {
    const responding = nextResponse();
    const opening = open('events');
    const response = await responding;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    const answer = await opening;
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/event-stream']);
    const chunks = answer[Symbol.asyncIterator]();
    for (const event of ['one', 'two', 'three', 'four']) {
      response.write(`data: ${event}\n\n`);
      expect(String((await chunks.next()).value)).toBe(`data: ${event}\n\n`);
    }
    response.end();
    expect((await chunks.next()).done).toBe(true);
    expect(answer.complete).toBe(true);
  });

  test('arrives byte for byte, 20 MB of it', async () => {
    const file = Buffer.alloc(20_000_000);
    for (let at = 0; at < file.length; at += 4) file.writeUInt32LE((at * 2_654_435_761) % 4_294_967_296, at);
    upstream.respondWith((_request, response) =>
      response.writeHead(200, { 'Content-Type': 'application/zip', 'Content-Length': file.length }).end(file),
    );
    const answer = await call('file');
    expect([answer.status, answer.headers['content-type'], answer.bytes.length]).toEqual([
      200,
      ['application/zip'],
      file.length,
    ]);
    expect(answer.bytes.equals(file)).toBe(true);
  });

  test('is held back while the client does not read, so that the gate keeps little of it', async () => {
    const total = 100_000_000;
    const piece = Buffer.alloc(100_000, 'piece of a large file ');
    const expected = createHash('sha256');
    for (let written = 0; written < total; written += piece.length) expected.update(piece);
    let written = 0;
    upstream.respondWith(async (_request, response) => {
      for (; written < total && !response.destroyed; written += piece.length)
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    });
    const answer = await open('file');
    let before = -1;
    while (written < total && written !== before) {
      before = written;
      await setTimeout(1_000);
    }
    // What the system's own buffers of three connections take is in this, too.
    expect(written).toBeLessThan(total / 2);
    const hash = createHash('sha256');
    for await (const chunk of answer) hash.update(chunk as Buffer);
    expect([written, hash.digest('hex')]).toEqual([total, expected.digest('hex')]);
  });

  test('ends at the upstream when the client leaves, though it has no end', async () => {
    let closed = false;
    upstream.respondWith((_request, response) => {
      const timer = setInterval(() => response.write('tick\n'), 20);
      response.once('close', () => {
        closed = true;
        clearInterval(timer);
      });
    });
    const answer = await open('endless');
    await answer[Symbol.asyncIterator]().next();
    expect(closed).toBe(false);
    answer.destroy();
    await until(() => closed);
    expect(logged).not.toContain(`"requestId":"${requestIdOf(answer)}"`);
  });

  test('ends at the upstream when the client leaves a stream in which nothing comes', async () => {
    const responding = nextResponse();
    const opening = open('silent');
    const response = await responding;
    response.writeHead(200).flushHeaders();
    const answer = await opening;
    let closed = false;
    response.once('close', () => {
      closed = true;
    });
    answer.destroy();
    await until(() => closed);
  });

  test.each([
    ['HEAD', 200, { 'Content-Type': 'text/plain', 'X-Total': '3' }],
    ['GET', 204, { 'X-Total': '3' }],
    ['GET', 304, { 'X-Total': '3', ETag: '"a"' }],
  ])('to %s may have no body: %d', async (method, status, given) => {
    upstream.respondWith((_request, response) => response.writeHead(status, given).end());
    const answer = await call('head', { method });
    expect([answer.status, answer.bytes.length, answer.headers['x-total']]).toEqual([status, 0, ['3']]);
  });

  test('may be empty: 200 with its headers', async () => {
    upstream.respondWith((_request, response) => response.writeHead(200, { 'X-Total': '0' }).end());
    const answer = await call();
    expect([answer.status, answer.text, answer.headers['x-total']]).toEqual([200, '', ['0']]);
  });

  test('has the same headers as a response that comes whole', async () => {
    upstream.respondWith((_request, response) =>
      response
        .writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'Access-Control-Allow-Origin': 'https://other.example' })
        .end('x'),
    );
    const answer = await gate.call({
      path: '/api/widget/x',
      headers: [
        ['X-Widget-Token', gate.signToken()],
        ['Origin', 'https://shop.example.com'],
      ],
    });
    expect(answer.headers).toMatchObject({
      'set-cookie': ['a=1', 'b=2'],
      'access-control-allow-origin': ['https://shop.example.com'],
      'cache-control': ['no-store'],
      'x-content-type-options': ['nosniff'],
      'x-request-id': [expect.any(String)],
    });
  });
});

describe('a stream that fails', () => {
  test('is cut where the upstream breaks off, with its reason in log, trail and explain', async () => {
    const responding = nextResponse();
    const opening = open('half');
    const response = await responding;
    response.writeHead(200).write('half');
    const answer = await opening;
    expect(String((await answer[Symbol.asyncIterator]().next()).value)).toBe('half');
    response.destroy();
    expect(await readToEnd(answer)).toMatchObject({ whole: false });
    await expectFiled(requestIdOf(answer), 'aborted');
  });

  test.each([
    ['is shorter than stated', 'Content-Length: 100\r\n\r\nhalf'],
    ['ends within a chunk', 'Transfer-Encoding: chunked\r\n\r\n8\r\nhalf'],
    ['has a bad chunk', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nZZ\r\n'],
  ])('is cut after what came, also where a response that %s comes at once', async (_name, rest) => {
    upstream.respondWith(({ socket }) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    for (let time = 0; time < 3; time += 1) {
      const answer = await open('at-once');
      expect([answer.statusCode, await readToEnd(answer)]).toEqual([200, { text: 'half', whole: false }]);
    }
  });

  test('is cut where the upstream is silent for longer than its time, and is a timeout', async () => {
    upstream.respondWith((_request, response) => response.writeHead(200).write('begun'));
    const answer = await openStream(gate, '/api/data-router/x', { 'X-API-Key': dataRouterKey });
    expect(await readToEnd(answer)).toEqual({ text: 'begun', whole: false });
    await expectFiled(requestIdOf(answer), 'timeout');
  });

  test('is not cut for taking longer as a whole than an upstream may be silent', async () => {
    upstream.respondWith(async (_request, response) => {
      response.writeHead(200).flushHeaders();
      for (let tick = 0; tick < 8; tick += 1) {
        await setTimeout(200);
        response.write('tick ');
      }
      response.end();
    });
    const answer = await openStream(gate, '/api/data-router/x', { 'X-API-Key': dataRouterKey });
    expect(await readToEnd(answer)).toEqual({ text: 'tick '.repeat(8), whole: true });
  });

  test.each<[string, string, (response: ServerResponse) => void]>([
    ['breaks off', 'reset', (response) => response.destroy()],
    [
      'redirects to an internal address',
      'malformed',
      (response) => response.writeHead(302, { Location: 'http://10.0.0.7/' }).end(),
    ],
  ])('before it has begun, because the upstream %s, is a 502 with the reason %s', async (_name, reason, respond) => {
    upstream.respondWith((_request, response) => respond(response));
    const answer = await call();
    expect([answer.status, answer.json.code]).toEqual([502, 'upstream_failed']);
    await expectFiled(String(answer.json.requestId), reason);
  });

  test('before it has begun, because no head comes in time, is a 502 with the reason timeout', async () => {
    upstream.respondWith(() => undefined);
    const answer = await gate.call({ path: '/api/data-router/x', headers: [['X-API-Key', dataRouterKey]] });
    expect([answer.status, answer.json.code]).toEqual([502, 'upstream_failed']);
    await expectLogged(String(answer.json.requestId), 'timeout');
  });
});

describe('what the gate itself answers where it streams', () => {
  test('the verified identity', async () => {
    const answer = await gate.session(gate.signToken());
    expect([answer.status, answer.json.shopId]).toEqual([200, gate.shop.shopId]);
    expect(answer.headers['content-type']).toEqual(['application/json']);
  });

  test('a path that no upstream gets', async () => {
    expect(await call('a%2Fb')).toMatchObject({ status: 400, json: { code: 'invalid_path' } });
  });

  test('401 without a token, 403 from a foreign page, 401 after a revocation', async () => {
    upstream.respondWith((_request, response) => response.end('never'));
    expect((await gate.call({ path: '/api/widget/x' })).status).toBe(401);
    const foreign: [string, string][] = [
      ['X-Widget-Token', gate.signToken()],
      ['Origin', 'https://evil.example'],
    ];
    expect((await gate.call({ path: '/api/widget/x', headers: foreign })).status).toBe(403);
    const { shopId, apiKey } = await gate.createShop('https://other.example.com');
    const token = gate.signToken(0, apiKey, shopId);
    const status = async () =>
      (await gate.call({ path: '/api/widget/x', headers: [['X-Widget-Token', token]] })).status;
    expect(await status()).toBe(200);
    await gate.administer({ action: 'reset-keys', shopId });
    const deadline = Date.now() + 60_000;
    while ((await status()) !== 401 && Date.now() < deadline) await setTimeout(200);
    expect(await status()).toBe(401);
  });
});

describe('an analytics call where the gate streams', () => {
  test("is readable for the page that called with its session, with the upstream's headers", async () => {
    upstream.respondWith((_request, response) => response.writeHead(200, { 'X-Total': '3' }).end('{}'));
    const token = await portal.securityToken();
    const answer = await gate.call({ path: '/api/analytics/charts', headers: [...bearer(token), ['Origin', PORTAL]] });
    expect([answer.status, answer.text]).toEqual([200, '{}']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': [PORTAL],
      'access-control-allow-credentials': ['true'],
      'access-control-expose-headers': [expect.stringContaining('x-total')],
    });
  });

  test('warns of a dev key', async () => {
    upstream.respondWith((_request, response) => response.end('{}'));
    const { apiKey } = await addServiceKey(gate, { purpose: 'dev', allowedOrigins: [PORTAL] });
    const answer = await gate.call({
      path: '/api/analytics/charts',
      headers: [
        ['X-API-Key', apiKey],
        ['Origin', PORTAL],
        ['X-User-Id', 'u-1'],
        ['X-App-Id', 'sales'],
        ['X-Client-Id', 'acme'],
      ],
    });
    expect(answer.text).toBe('{}');
    expect(answer.headers[headers.devKeyWarning.toLowerCase()]).toEqual([expect.stringContaining('dev key')]);
  });
});
