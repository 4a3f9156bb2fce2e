import { limits } from '#contract/limits.ts';
import type { AnalyticsSession } from '#lambda/analytics/security-token.ts';
import { readingTo } from '#lambda/platform/record-cache.ts';
import { NOW, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
let session: AnalyticsSession;
beforeEach(() => {
  gate = new TestGate();
  session = {
    userId: 'u-17',
    appId: 'sales',
    clientId: 'acme',
    claims: {},
    keyId: gate.made.key.keyId,
    issuedAt: NOW,
    expiresAt: NOW + 3_600,
    sessionId: 'session-1',
    endsAt: NOW + 28_800,
  };
});

const lives = async (changes: Partial<AnalyticsSession> = {}): Promise<boolean> =>
  (await gate.revocations.keyOf({ ...session, ...changes }, readingTo('decide'))) !== undefined;

test('while the store fails what was read before answers for five minutes, and then it is a fault', async () => {
  expect(await lives()).toBe(true);
  gate.failing = true;
  for (const after of [10, 150, 299]) {
    gate.nowSeconds = NOW + after;
    expect(await lives()).toBe(true);
  }
  gate.nowSeconds = NOW + limits.shopStaleSeconds;
  await expect(lives()).rejects.toMatchObject({ name: 'DependencyError' });
  gate.failing = false;
  expect(await lives()).toBe(true);
});

test('while the store fails what was revoked stays so, and who was never seen is a fault', async () => {
  gate.revocationStore.records.put('user/u-17', { notBefore: NOW });
  expect(await lives()).toBe(false);
  gate.failing = true;
  gate.nowSeconds = NOW + 200;
  expect(await lives()).toBe(false);
  await expect(lives({ userId: 'u-18' })).rejects.toMatchObject({ name: 'DependencyError' });
});

test('a session that could not be ended is a fault, and lives on', async () => {
  gate.revocationStore.records.failing = true;
  await expect(gate.revocations.endSession(session, NOW)).rejects.toMatchObject({ name: 'DependencyError' });
  gate.revocationStore.records.failing = false;
  expect(await lives()).toBe(true);
});
