import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isFromBrowser, type MultiValueHeaders } from '#lambda/platform/request.ts';
import { browserClients, serverClients } from '#test/support/http-clients.ts';

const headersOf = (marks: readonly (readonly [string, string])[]): MultiValueHeaders =>
  Object.fromEntries(marks.map(([name, value]) => [name, [value]]));

test.each(Object.entries(serverClients))("a request of %s is a server's", (_name, marks) => {
  expect(isFromBrowser(headersOf(marks))).toBe(false);
});

test.each(Object.entries(browserClients))("a request of %s is a browser's", (_name, marks) => {
  expect(isFromBrowser(headersOf(marks))).toBe(true);
});

test.each([{ 'User-Agent': 'my-shop/1.0' }, { 'User-Agent': 'Next.js Middleware' }, {}] as Record<string, string>[])(
  "a real fetch of this runtime with the headers %j is a server's",
  async (headers) => {
    let sent: MultiValueHeaders = null;
    const server = createServer(({ headersDistinct }, response) => {
      sent = headersDistinct as MultiValueHeaders;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { method: 'POST', headers });
    server.close();
    expect(Object.keys(sent ?? {})).toContain('sec-fetch-mode');
    expect(isFromBrowser(sent)).toBe(false);
  },
);

test.each([
  ['no headers', null],
  ['Sec-Fetch-User alone, which no browser sends alone', { 'Sec-Fetch-User': ['?1'] }],
  ['another header of the family', { 'Sec-Fetch-Storage-Access': ['active'] }],
  ['a spelling with underscores', { Sec_Fetch_Site: ['cross-site'] }],
  ['a longer name', { 'X-Sec-Fetch-Site': ['cross-site'] }],
])('%s is not a sign of a browser', (_name, headers) => {
  expect(isFromBrowser(headers)).toBe(false);
});

test.each(['Sec-Fetch-Site', 'sec-fetch-site', 'SEC-FETCH-DEST', 'Sec-Fetch-Dest'])(
  '%s is the sign of a browser, whatever its value and how often it was sent',
  (name) => {
    for (const values of [[''], ['none'], ['x', 'y']]) expect(isFromBrowser({ [name]: values })).toBe(true);
  },
);
