import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadStage } from '#bin/start/stage.ts';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { mintWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import { parseFaults } from '#local/faults.ts';
import { type Host, startHost } from '#local/host.ts';
import type { Deployment } from '#local/model.ts';
import { ShopApiStack, TREE } from '../sample-app/shop-api-stack.ts';
import { administratorOf } from '../support/administer.ts';
import { callHttp, type HttpAnswer } from '../support/http.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'widget-gate-foreign-'));
const origin = 'https://shop.example.com';
let host: Host;
let shop: { shopId: string; apiKey: string };

/** The host serves one API at a time: the gate's own first, to make a shop, then the sample app's, beside the same data. */
beforeAll(async () => {
  const app = new App();
  new ShopApiStack(app, 'Shop').addWidgets();
  const both = loadStage(app.synth().directory);
  const serve = (api: string): Promise<Host> => startHost({ ...options, deployment: withApi(both, api) });
  const options = { port: 0, dataDirectory, faults: parseFaults(''), log: () => undefined };
  const gate = await serve('RestApi');
  const created = await administratorOf(gate)({ action: 'create-shop', url: origin });
  await gate.close();
  shop = created as unknown as typeof shop;
  host = await serve('ShopApi');
});
afterAll(async () => {
  await host?.close();
  rmSync(dataDirectory, { recursive: true, force: true });
});

const withApi = (deployment: Deployment, name: string): Deployment => ({
  ...deployment,
  restApis: deployment.restApis.filter(({ logicalId }) => logicalId.startsWith(name)),
});

const tokenOf = (apiKey: string): string =>
  mintWidgetToken(shop.shopId, Math.floor(Date.now() / 1_000), prepareHmacKey(Buffer.from(apiKey)));

const call = (path: string, headers: [string, string][] = [], method = 'GET'): Promise<HttpAnswer> =>
  callHttp(host.baseUrl, { path, headers, method });

test("a foreign API lets a valid token's calls through below its tree, and its function learns whose they are", async () => {
  const headers: [string, string][] = [
    ['X-Widget-Token', tokenOf(shop.apiKey)],
    ['Origin', origin],
  ];
  const products = await call(`${TREE}/products`, headers);
  expect([products.status, products.json]).toMatchObject([200, { shopId: shop.shopId }]);
  const cart = await call(`${TREE}/carts/c-1`, headers, 'POST');
  expect([cart.status, cart.json]).toMatchObject([200, { shopId: shop.shopId, httpMethod: 'POST' }]);
});

test.each<[string, () => [string, string][], number, string]>([
  ['no token', () => [], 401, 'unauthorized'],
  ['a tampered token', () => [['X-Widget-Token', `${tokenOf(shop.apiKey).slice(0, -4)}AAAA`]], 401, 'unauthorized'],
  ['a token under another key', () => [['X-Widget-Token', tokenOf('another key')]], 401, 'unauthorized'],
  [
    'a foreign origin',
    () => [
      ['X-Widget-Token', tokenOf(shop.apiKey)],
      ['Origin', 'https://evil.example'],
    ],
    403,
    'origin_not_allowed',
  ],
])("a foreign API refuses %s below its tree, in the gate's words", async (_name, headers, status, code) => {
  const { json, ...answer } = await call(`${TREE}/products`, headers());
  expect([answer.status, json]).toMatchObject([status, { code, requestId: expect.any(String) }]);
});

test('the rest of a foreign API goes on without a token, and a preflight needs none', async () => {
  const health = await call('/v1/health');
  expect([health.status, health.json]).toEqual([200, { httpMethod: 'GET', path: '/v1/health' }]);
  const preflight = await call(`${TREE}/products`, [['Origin', origin]], 'OPTIONS');
  expect(preflight.status).toBe(204);
  expect(preflight.headers['access-control-allow-headers']?.join()).toContain('X-Widget-Token');
});
