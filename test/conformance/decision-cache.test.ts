import { App } from 'aws-cdk-lib';
import { isCalledByShops, loadStage } from '#bin/start/stage.ts';
import { ApiStack } from '#lib/api-stack.ts';
import { DataStack } from '#lib/data-stack.ts';
import { readStageConfig } from '#lib/stage-config.ts';
import { parseFaults } from '#local/faults.ts';
import { type Host, startHost } from '#local/host.ts';
import { type Administer, administratorOf } from '../support/administer.ts';
import { callHttp } from '../support/http.ts';

const origin = 'https://shop.example.com';
let host: Host;
let administer: Administer;
let token: string;
let shopId: string;

/** A stage whose gateway may keep decisions on widget calls as long as a stage can have it. */
beforeAll(async () => {
  const app = new App();
  const config = readStageConfig('dev', {
    dev: { production: false, authorizerCacheSeconds: 50, allowedOrigins: ['http://localhost:*'] },
  });
  const env = { region: config.region };
  const data = new DataStack(app, 'Data', { env, config });
  new ApiStack(app, 'Api', { env, config, data });
  const deployment = loadStage(app.synth().directory);
  host = await startHost({
    isWarm: isCalledByShops,
    deployment,
    port: 0,
    dataDirectory: undefined,
    faults: parseFaults(''),
    log: () => undefined,
  });
  administer = administratorOf(host);
  const shop = await administer({ action: 'create-shop', url: origin });
  shopId = String(shop.shopId);
  const { json } = await callHttp(host.baseUrl, {
    method: 'POST',
    path: `/api/shops/${shopId}/widget-token`,
    headers: [['X-Shop-API-Key', String(shop.apiKey)]],
  });
  token = String(json.token);
});
afterAll(() => host?.close());

const statusFrom = async (...origins: string[]): Promise<number> => {
  const headers = origins.map((value): [string, string] => ['Origin', value]);
  const path = '/api/widget/session';
  return (await callHttp(host.baseUrl, { path, headers: [['X-Widget-Token', token], ...headers] })).status;
};

test('a kept decision on one origin decides about no other', async () => {
  expect(await statusFrom(origin)).toBe(200);
  expect(await statusFrom('https://evil.example')).toBe(403);
  expect(await statusFrom(origin)).toBe(200);
});

test('refuses a server that sends no origin, which a stage without the cache accepts', async () => {
  expect(await statusFrom()).toBe(401);
});

test('a decision outlives a revocation, for as long as the stage lets it be kept', async () => {
  expect(await statusFrom(origin)).toBe(200);
  expect(await administer({ action: 'revoke-tokens', shopId })).toMatchObject({ ok: true });
  await revocationKnown();
  expect(await statusFrom(origin)).toBe(200);
});

/** Asks from ever another origin of the stage, about which nothing is kept yet, until one is refused. */
async function revocationKnown(): Promise<void> {
  for (let port = 3001; port < 3060; port += 1) {
    if ((await statusFrom(`http://localhost:${port}`)) === 401) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('a revocation did not come into effect');
}
