import { type AnalyticsCall, authorizeAnalyticsCall } from '#lambda/analytics/authorize-analytics-call.ts';
import { callOf, NOW, PAGE, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
let apiKeys: string[];
beforeEach(() => {
  gate = new TestGate();
  gate.devKeys = true;
  const { text } = gate.add({ purpose: 'dev', credentialUntil: NOW + 86_400 });
  apiKeys = [text];
});

const ids = { userId: ['u-17'], appId: ['sales'], clientId: [] };
const decide = (changes: Partial<AnalyticsCall> = {}) =>
  authorizeAnalyticsCall(
    callOf({ apiKeys, origins: ['http://localhost:3000'], fromBrowser: true, stated: ids, ...changes }),
    gate,
    gate.nowSeconds,
  );
const unauthorized = (reason: string) => ({ outcome: 'unauthorized', reason });
const refusedPage = (origins: readonly string[]) => ({ ...unauthorized('dev_page_not_allowed'), origins });

test.each([
  'http://localhost',
  'http://localhost:3000',
  'https://localhost:8443',
  'http://127.0.0.1:5173',
  'http://[::1]:3000',
  'https://foo.localhost:3000',
  'http://my-app.localhost',
  PAGE,
])('a page of %s may use it', async (origin) => {
  expect(await decide({ origins: [origin] })).toMatchObject({ outcome: 'allowed' });
});

test.each([
  'http://localhost.evil.com',
  'http://127.0.0.1.evil.com',
  'http://evil.com',
  'http://evillocalhost:3000',
  'http://evil.com.localhost.evil.com',
  'http://localhost@evil.com',
  'http://localhost:3000@evil.com',
  'http://evil.com/localhost',
  'http://evil.com#.localhost',
  'http://localhost:3000/',
  'http://localhost:',
  'http://localhost:0',
  'http://localhost:03000',
  'http://localhost:300000',
  'http://localhost:80a',
  'http://LOCALHOST:3000',
  'http://localhost.:3000',
  'http://.localhost',
  'http://a..localhost',
  'http://127.0.0.2',
  'http://127.1',
  'http://0.0.0.0:3000',
  'http://2130706433',
  'http://[::]:3000',
  'http://[::1].evil.com',
  'http://192.168.0.1:3000',
  'ftp://localhost',
  'file://localhost',
  'chrome-extension://localhost',
  ' http://localhost:3000',
  'http://localhost:3000\n',
  'http://localhost:3000, http://evil.com',
  `${PAGE}.evil.com`,
  'null',
  '',
])('refuses it from %j', async (origin) => {
  expect(await decide({ origins: [origin] })).toEqual(refusedPage([origin]));
});

test.each<[string, readonly string[]]>([
  ['no origin', []],
  ['two origins', ['http://localhost:3000', 'http://localhost:3000']],
  ['a foreign second origin', ['http://localhost:3000', 'https://evil.com']],
])('refuses it from %s', async (_name, origins) => {
  expect(await decide({ origins })).toEqual(refusedPage(origins));
});
