import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StorefrontServer } from '#demo/storefront.ts';
import { startDemoUpstream } from '#demo/upstream.ts';

const statusOf = (port: number, path: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { Host: host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });

test('the storefront gives no token to a page that reached it by a name of its own', async () => {
  const storefront = new StorefrontServer();
  await new Promise<void>((resolve) => storefront.server.listen(0, '127.0.0.1', resolve));
  const { port } = storefront.server.address() as AddressInfo;
  const statuses = [];
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `evil.test:${port}`, 'localhost.evil.test'])
    statuses.push(await statusOf(port, '/widget-token', host));
  await storefront.close();
  expect(statuses).toEqual([503, 503, 421, 421]);
});

test.each(['//', '//x:99999/', '/%'])('the demo API answers %s', async (path) => {
  const upstream = await startDemoUpstream('http://localhost:1');
  const status = await statusOf(Number(new URL(upstream.url).port), path, 'localhost');
  await upstream.close();
  expect(status).toBe(404);
});
