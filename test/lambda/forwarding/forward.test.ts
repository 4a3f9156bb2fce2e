import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { upstreamForwarder } from '#lambda/forwarding/forward.ts';

const identity = { identity: { 'X-Shop-Id': 'shop_one', 'X-Token-Issued-At': '1700000000' } };

const eventOf = (proxy: string, changes: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent =>
  ({
    httpMethod: 'GET',
    pathParameters: { proxy },
    multiValueHeaders: {},
    multiValueQueryStringParameters: null,
    body: null,
    isBase64Encoded: false,
    resource: '/api/widget/{proxy+}',
    requestContext: {
      requestId: 'request-1',
      stage: 'dev',
      path: `/dev/api/widget/${proxy}`,
      domainName: 'gate.example.com',
    },
    ...changes,
  }) as APIGatewayProxyEvent;

const filed: object[] = [];
const asserted: object[] = [];
const surroundings = () => ({
  edgeMark: 'mark',
  timeoutMilliseconds: 10_000,
  failures: { note: (failed: object) => filed.push(failed) },
  assertions: { sign: async (call: object) => `signed ${asserted.push(call)}` },
});

describe('forwarding', () => {
  let server: Server;
  let seen: IncomingMessage | undefined;
  let respond: RequestListener;
  let forward: NonNullable<ReturnType<typeof upstreamForwarder>>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen = request;
      respond(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const made = upstreamForwarder(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base`, surroundings);
    if (made === undefined) throw new Error('no forwarder');
    forward = made;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    respond = (_request, response) => response.setHeader('Content-Type', 'application/json').end('{"hits":[]}');
  });

  test('the answer keeps status, body and headers and is readable for the page', async () => {
    respond = (_request, response) =>
      response
        .writeHead(201, { 'X-Total': '3', 'Access-Control-Allow-Origin': 'https://other.example', Vary: 'Accept' })
        .end('ä');
    const answer = await forward(
      eventOf('s', { multiValueHeaders: { Origin: ['https://shop.example.com'] } }),
      identity,
    );
    expect(answer).toMatchObject({ statusCode: 201, body: 'ä' });
    expect(answer.multiValueHeaders).toMatchObject({
      'x-total': ['3'],
      'access-control-allow-origin': ['https://shop.example.com'],
      vary: [expect.stringMatching(/^Accept, Origin, /)],
    });
  });

  test.each(['X-Shop-Id', 'x-shop-id', 'X_Shop_Id', 'X-SHOP-ID'])(
    'a client copy of the identity in %s is overwritten',
    async (name) => {
      await forward(
        eventOf('s', { multiValueHeaders: { [name]: ['shop_evil'], 'X-Token-Issued-At': ['0'] } }),
        identity,
      );
      expect(seen?.headersDistinct['x-shop-id']).toEqual(['shop_one']);
      expect(seen?.headersDistinct['x-token-issued-at']).toEqual(['1700000000']);
      expect(JSON.stringify(seen?.rawHeaders)).not.toContain('shop_evil');
    },
  );

  test('the widget token and hop-by-hop headers stay here, other headers go on', async () => {
    const multiValueHeaders = { 'X-Widget-Token': ['t'], Connection: ['close'], 'Accept-Language': ['de'] };
    await forward(eventOf('s', { multiValueHeaders }), identity);
    expect(seen?.headers).not.toHaveProperty('x-widget-token');
    expect(seen?.headers['accept-language']).toBe('de');
    expect(seen?.url).toBe('/base/s');
  });

  test('one spelling of a header is sent, and what Connection names stays here, as do all our credentials', async () => {
    const multiValueHeaders = {
      Connection: ['X-Hop, close'],
      'X-Hop': ['1'],
      'X-Shop-API-Key': ['sk'],
      'X-Own': ['a'],
      'x-own': ['b'],
    };
    await forward(eventOf('s', { multiValueHeaders }), identity);
    expect(seen?.headersDistinct).not.toHaveProperty('x-hop');
    expect(seen?.headersDistinct).not.toHaveProperty('x-shop-api-key');
    expect(seen?.headersDistinct['x-own']).toEqual(['a', 'b']);
  });

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'a body of %s that looks like a request never becomes one',
    async (method) => {
      const urls: (string | undefined)[] = [];
      respond = (request, response) => {
        urls.push(request.url);
        request.resume().on('end', () => response.end('{}'));
      };
      const body = 'GET /smuggled HTTP/1.1\r\nHost: u\r\nX-Shop-Id: shop_victim\r\n\r\n';
      await forward(eventOf('first', { httpMethod: method, body }), identity);
      await forward(eventOf('second'), identity);
      expect(urls).toEqual(['/base/first', '/base/second']);
    },
  );

  test('a body and its method arrive', async () => {
    let body = '';
    respond = async (request, response) => {
      for await (const chunk of request) body += String(chunk);
      response.end();
    };
    await forward(eventOf('s', { httpMethod: 'POST', body: 'grüß' }), identity);
    expect([seen?.method, body]).toEqual(['POST', 'grüß']);
  });

  test.each<[string, RequestListener]>([
    ['breaks off', (request) => request.socket.destroy()],
    ['answers more than Lambda can return', (_request, response) => response.end(Buffer.alloc(6_000_000, 'a'))],
  ])('an upstream that %s is a 502 from the catalog', async (_name, listener) => {
    respond = listener;
    const answer = await forward(eventOf('s'), identity);
    expect(answer.statusCode).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'upstream_failed', requestId: 'request-1' });
  });

  test('a refused path is a 400 and reaches no upstream', async () => {
    seen = undefined;
    expect((await forward(eventOf('../x'), identity)).statusCode).toBe(400);
    expect(seen).toBeUndefined();
  });

  test('each call is asserted for the upstream, method and path that it goes to, and carries the assertion', async () => {
    asserted.length = 0;
    const query = { multiValueQueryStringParameters: { q: ['1'] } };
    await forward(eventOf('a;b/c%20d', { httpMethod: 'PUT', ...query }), identity);
    const { port } = server.address() as AddressInfo;
    expect(asserted).toEqual([
      {
        audience: `http://127.0.0.1:${port}`,
        method: 'PUT',
        path: '/base/a;b/c%20d',
        requestId: 'request-1',
        identity: identity.identity,
      },
    ]);
    expect(seen?.headersDistinct['x-gate-assertion']).toEqual(['signed 1']);
  });

  test('while nothing can be signed, nothing is forwarded', async () => {
    seen = undefined;
    const unsigned = upstreamForwarder('http://127.0.0.1:9', () => ({
      ...surroundings(),
      assertions: { sign: () => Promise.reject(new Error('no keys')) },
    }));
    await expect(unsigned?.(eventOf('s'), identity)).rejects.toThrow('no keys');
    expect(seen).toBeUndefined();
  });

  test.each([
    ['at the address of the API', {}, '/dev/api/widget'],
    ['through CloudFront', { 'X-Widget-Gate-Edge': ['mark'] }, '/api/widget'],
    ['with a forged mark', { 'X-Widget-Gate-Edge': ['other'] }, '/dev/api/widget'],
  ])('a call %s learns of redirects and its prefix as the caller sees them', async (_name, sent, prefix) => {
    respond = (_request, response) => response.writeHead(301, { Location: '/base/p/x/' }).end();
    const answer = await forward(eventOf('p/x', { multiValueHeaders: sent }), identity);
    expect([answer.statusCode, answer.multiValueHeaders?.location]).toEqual([301, [`${prefix}/p/x/`]]);
    expect(seen?.headers).toMatchObject({
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'gate.example.com',
      'x-forwarded-prefix': prefix,
    });
  });

  test.each(['/evil.example/x', '/a:b/x', '/%5B/x', '//x', '/user@evil.example:1/x'])(
    'the path /%s of a caller names no other host, and no path that cannot be answered',
    async (path) => {
      const atRoot = upstreamForwarder(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, surroundings);
      respond = (_request, response) => response.writeHead(302, { Location: 'y?z' }).end();
      const answer = await atRoot?.(eventOf(path), identity);
      const location = `/dev/api/widget/${path.replace(/x$/, 'y?z')}`;
      expect([seen?.url, answer?.statusCode, answer?.multiValueHeaders?.location]).toEqual([
        `/${path}`,
        302,
        [location],
      ]);
    },
  );

  test('a redirect to the address that the gate states leads back through the gate', async () => {
    for (const path of ['/base/p/y', '/dev/api/widget/p/y']) {
      respond = ({ headers }, response) =>
        response
          .writeHead(302, { Location: `${headers['x-forwarded-proto']}://${headers['x-forwarded-host']}${path}` })
          .end();
      const answer = await forward(eventOf('p/x'), identity);
      expect([answer.statusCode, answer.multiValueHeaders?.location]).toEqual([302, ['/dev/api/widget/p/y']]);
    }
  });

  test('under a domain of its own the prefix has no stage', async () => {
    const event = eventOf('x');
    await forward({ ...event, requestContext: { ...event.requestContext, path: '/api/widget/x' } }, identity);
    expect(seen?.headers['x-forwarded-prefix']).toBe('/api/widget');
  });

  test.each<[string, Buffer, boolean]>([
    ['text', Buffer.from('grüß \ufffd'), false],
    ['bytes that are not text', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]), true],
    ['nothing', Buffer.alloc(0), false],
    ['text that doubles as JSON', Buffer.alloc(3_000_000, '"'), true],
  ])('%s comes back byte for byte', async (_name, body, isBase64Encoded) => {
    respond = (_request, response) => response.end(body);
    const answer = await forward(eventOf('s'), identity);
    expect(answer.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(answer.body, isBase64Encoded ? 'base64' : 'utf8').equals(body)).toBe(true);
  });

  test.each([
    ['a redirect into the network behind the gate', { Location: 'http://10.0.0.8/' }, Buffer.from(''), 'malformed'],
    ['more bytes than Lambda returns as Base64', {}, Buffer.alloc(4_200_000, 0xff), 'too_large'],
    ['text that doubles as JSON and is too long as Base64', {}, Buffer.alloc(4_200_000, '"'), 'too_large'],
  ])('%s is filed with its reason', async (_name, headers, body, reason) => {
    filed.length = 0;
    respond = (_request, response) => response.writeHead(302, headers).end(body);
    const answer = await forward(eventOf('s'), { ...identity, shopId: 'shop_one' });
    expect([answer.statusCode, filed]).toEqual([
      502,
      [{ shopId: 'shop_one', code: `upstream_${reason}`, requestId: 'request-1' }],
    ]);
  });

  test('without an upstream there is nothing to forward to, and no key is read', () => {
    const unread = (): never => {
      throw new Error('read');
    };
    expect(upstreamForwarder(undefined, unread)).toBeUndefined();
  });
});
