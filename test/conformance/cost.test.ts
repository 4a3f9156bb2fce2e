import { setTimeout as sleep } from 'node:timers/promises';
import { type TrafficKind, usage } from '#cli/cost/usage.ts';
import { limits } from '#contract/limits.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';

let gate: RunningGate;
let requests: Record<TrafficKind, () => Promise<HttpAnswer>>;
beforeAll(async () => {
  gate = await startGate();
  const key = await gate.administer({ action: 'add-service-key', purpose: 'analytics', label: 'portal' });
  const token = await gate.issueToken();
  const post = (path: string, name: string, value: unknown, body = '') =>
    gate.call({ method: 'POST', path, headers: [[name, String(value)]], body });
  requests = {
    calls: () => gate.session(token),
    issues: () => post(`/api/shops/${gate.shop.shopId}/widget-token`, 'X-Shop-API-Key', gate.shop.apiKey),
    logins: () => post('/devapi/v4/core/login/token', 'X-API-Key', key.apiKey, '{"userid":"u-17","appid":"app-3"}'),
  };
});
afterAll(() => gate.close());

const callsOf = async (request: () => Promise<HttpAnswer>): Promise<{ reads: number; all: number }> => {
  gate.host.aws.calls.reset();
  expect((await request()).status).toBe(200);
  const all = gate.host.aws.calls.count({ via: undefined });
  return { reads: gate.host.aws.calls.count({ via: undefined, action: 'dynamodb:GetItem' }), all };
};

/** The estimate of `widget-gate cost` is made from these numbers. */
test('the AWS calls that costs are estimated from are those that the local host counts', async () => {
  for (const request of Object.values(requests)) {
    await request();
    expect(await callsOf(request)).toEqual({ reads: 0, all: 0 });
  }
  await sleep(limits.shopCacheSeconds * (1 + limits.cacheJitterRatio) * 1_000 + 200);
  for (const [kind, request] of Object.entries(requests)) {
    const { readsWhenStale } = usage[kind as TrafficKind];
    expect([kind, await callsOf(request)]).toEqual([kind, { reads: readsWhenStale, all: readsWhenStale }]);
  }
});
