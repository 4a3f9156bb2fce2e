import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Cdn } from '#local/cdn/cdn.ts';
import { callHttp } from '#test/support/http.ts';

let server: Server;
afterEach(() => server?.close());

test('a function that fails is a 503, as at CloudFront, and the host goes on', async () => {
  const cdn = new Cdn({
    logicalId: 'Distribution',
    distributionId: 'E123',
    domainName: 'd1.cloudfront.net',
    behaviors: [
      {
        pathPattern: '*',
        methods: ['GET'],
        origin: { kind: 'api', apiId: 'a1' },
        headers: [],
        viewerRequestCode:
          "function handler(event) { if (event.request.uri === '/bad') throw new Error('x'); return event.request; }",
        viewerResponseCode: undefined,
      },
    ],
  });
  server = createServer((request, response) => {
    if (!cdn.answer(request, response)) response.end('from the API');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await callHttp(baseUrl, { path: '/bad' })).status).toBe(503);
  expect((await callHttp(baseUrl, { path: '/good' })).text).toBe('from the API');
});
