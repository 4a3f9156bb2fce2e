import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CliGate, startCliGate } from '../support/cli-gate.ts';

let running: CliGate;
beforeAll(async () => {
  running = await startCliGate();
});
afterAll(() => running.close());

const file = () => join(running.directory, 'test-keys.json');

test('"local keys" prints the keys of the start again, as lines that a shell can evaluate', async () => {
  const { baseUrl, shop, analytics, dataRouter, admin, outsider } = running.gate.announcement;
  const { code, stdout } = await running.cli('local keys');
  const names = [
    'URL', 'SHOP_ID', 'SHOP_API_KEY', 'SHOP_ORIGIN', 'ANALYTICS_API_KEY', 'DATA_ROUTER_API_KEY', 'USER',
  ].map((name) => `WIDGET_GATE_${name}`); // biome-ignore format: one list
  const print = [...names, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
    .map((name) => `printf '%s\\n' "$${name}"`)
    .join('; ');
  const values = execFileSync('sh', ['-c', `eval "$1"; ${print}`, 'sh', stdout], { encoding: 'utf8', env: {} });
  expect([code, values.trim().split('\n')]).toEqual([
    0,
    [
      baseUrl, shop.shopId, shop.apiKey, shop.url, analytics.apiKey, dataRouter.apiKey, admin.userName, admin.accessKeyId,
      admin.secretAccessKey,
    ], // biome-ignore format: one list
  ]);
  const { group: _group, ...user } = admin;
  expect(await running.json('local keys')).toEqual({
    ok: true,
    baseUrl,
    shop,
    analytics,
    dataRouter,
    admin: user,
    outsider,
  });
});

test('the file of the keys is for its owner alone, and not used when others can read it', async () => {
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  chmodSync(file(), 0o644);
  try {
    expect(await running.json('local keys')).toMatchObject({ ok: false, code: 'keys_exposed' });
  } finally {
    chmodSync(file(), 0o600);
  }
});
