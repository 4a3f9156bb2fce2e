import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFaults } from '#local/faults.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

describe.each([
  ['the table service fails', 'dynamodb:down'],
  ['the table service is slow', 'dynamodb:delay=4s'],
])('while %s', (_name, faults) => {
  let gate: RunningGate;
  beforeAll(async () => {
    gate = await startGate();
    gate.host.setFaults(parseFaults(faults));
  });
  afterAll(() => gate.close());
  const fromPage = (token: string) =>
    gate.call({
      path: '/api/widget/session',
      headers: [
        ['X-Widget-Token', token],
        ['Origin', gate.shop.url],
      ],
    });

  test.each([
    [
      'issuing',
      () =>
        gate.call({
          method: 'POST',
          path: `/api/shops/${gate.shop.shopId}/widget-token`,
          headers: [['X-Shop-API-Key', gate.shop.apiKey]],
        }),
    ],
    ['a widget call', () => fromPage(gate.signToken())],
    ['an unknown shop', () => fromPage(gate.signToken(0, gate.shop.apiKey, 'shop_unknown'))],
  ])('%s is answered 503 with Retry-After, never 401 and never let in', async (_call, call) => {
    const answer = await call();
    expect([answer.status, answer.json.code, answer.headers['retry-after']]).toEqual([
      503,
      'service_unavailable',
      ['1'],
    ]);
    expect(['*', gate.shop.url]).toContain(answer.headers['access-control-allow-origin']?.join());
  });

  test('junk is refused without asking the store', async () => {
    expect((await gate.session('junk')).status).toBe(401);
    expect((await gate.call({ method: 'POST', path: '/api/shops/x/widget-token' })).status).toBe(401);
  });
});

test('a shop that was looked up as unknown gets 503 once nobody can say that it still is, never 401', async () => {
  const gate = await startGate();
  const call = () => gate.session(gate.signToken(0, gate.shop.apiKey, 'shop_unknown'));
  expect((await call()).status).toBe(401);
  gate.host.setFaults(parseFaults('dynamodb:down'));
  // For its few seconds the answer that it is unknown is not older than the gate promises.
  let status = 401;
  for (let calls = 0; status === 401 && calls < 200; calls += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    status = (await call()).status;
  }
  expect([status, (await call()).status, (await call()).status]).toEqual([503, 503, 503]);
  gate.host.setFaults(parseFaults(''));
  await gate.close();
});

test('while the ring is out of reach a function that never read it answers 503', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'widget-gate-ring-'));
  const before = await startGate({ dataDirectory });
  await before.close();
  const gate = await startGate({ dataDirectory, shop: before.shop, faults: 'secretsmanager:down' });
  expect((await gate.session(gate.signToken())).status).toBe(503);
  // The issuer needs no ring, so it goes on.
  expect(await gate.issueToken()).toMatch(/^[A-Za-z0-9+/]{140}$/);
  await gate.close();
  rmSync(dataDirectory, { recursive: true, force: true });
});
