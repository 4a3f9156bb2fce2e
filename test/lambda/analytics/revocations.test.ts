import { limits } from '#contract/limits.ts';
import type { AnalyticsSession } from '#lambda/analytics/security-token.ts';
import { digestOf } from '#lambda/crypto/secret-id.ts';
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

test('a cold call reads each record once, and a warm one none', async () => {
  await Promise.all(Array.from({ length: 100 }, () => lives()));
  expect(gate.reads).toBe(5);
  gate.nowSeconds += 3;
  await lives();
  expect(gate.reads).toBe(5);
  gate.nowSeconds += 2;
  await lives();
  expect(gate.reads).toBe(10);
});

test('a token without a client or session reads neither', async () => {
  const { clientId: _client, sessionId: _session, endsAt: _end, ...token } = session;
  expect(await gate.revocations.keyOf(token, readingTo('decide'))).toEqual(gate.made.key);
  expect(gate.reads).toBe(3);
});

describe.each([
  ['user', 'user/u-17'],
  ['app', 'app/sales'],
  ['client', 'client/acme'],
  ['session', `session/${digestOf('session-1')}`],
])('the revocation of its %s', (_kind, name) => {
  test.each([
    [NOW - 1, true],
    [NOW, false],
    [NOW + 1, false],
  ])('up to %i: what was issued at 1800000000 lives: %s', async (notBefore, ok) => {
    gate.revocationStore.records.put(name, { notBefore });
    expect(await lives()).toBe(ok);
  });

  test('ends it within the published bound', async () => {
    expect(await lives()).toBe(true);
    gate.revocationStore.records.put(name, { notBefore: NOW });
    gate.nowSeconds += limits.revocationBoundSeconds;
    expect(await lives()).toBe(false);
  });

  test('that is corrupt is a fault', async () => {
    gate.revocationStore.records.records.set(name, { kind: 'corrupt' });
    await expect(lives()).rejects.toMatchObject({ name: 'DependencyError' });
  });
});

test.each([
  [NOW - 1, true],
  [NOW, false],
  [NOW + 1, false],
])("a key's tokens revoked up to %i: what was issued at 1800000000 lives: %s", async (tokensNotBefore, ok) => {
  gate.changeKey({ tokensNotBefore });
  expect(await lives()).toBe(ok);
});

test('what a key got before it was rotated out is still valid; what a deleted key got is not', async () => {
  gate.changeKey({ credentialUntil: NOW + 1, successorId: 'abcdefgh' });
  gate.nowSeconds += 10;
  expect(await lives()).toBe(true);
  gate.keyRecords.records.clear();
  gate.nowSeconds += 10;
  expect(await lives()).toBe(false);
});

test.each([
  ['that was rotated, up to 30 s after its end', { credentialUntil: NOW - 30, successorId: 'abcdefgh' }, true],
  ['that was rotated, later', { credentialUntil: NOW - 31, successorId: 'abcdefgh' }, false],
  ['that was revoked, right after its end', { credentialUntil: NOW - 1, tokensNotBefore: NOW - 1 }, false],
  [
    'that was rotated and then revoked',
    { credentialUntil: NOW - 2, tokensNotBefore: NOW - 2, successorId: 'a' },
    false,
  ],
])('what a container issued with a key %s lives: %s', async (_name, end, ok) => {
  gate.changeKey(end);
  expect(await lives()).toBe(ok);
});

test('a corrupt key is a fault', async () => {
  gate.keyRecords.records.set(gate.made.key.keyId, { kind: 'corrupt' });
  await expect(lives()).rejects.toMatchObject({ name: 'DependencyError' });
});

test.each([
  ['user/sales', 'app/u-17', 'client/u-17', 'session/session-1'],
  ['user/U-17', 'user/u-17/', 'user//u-17', 'user/u-1'],
])('revocations of others, %s and %s for two, end nothing', async (...names) => {
  for (const name of names) gate.revocationStore.records.put(name, { notBefore: NOW + 1 });
  expect(await lives()).toBe(true);
});

test.each(['a/b', '/', 'user/u-17', '../x', '__proto__', 'constructor', 'a b'])(
  'an id %j is one of its own',
  async (userId) => {
    expect(await lives({ userId })).toBe(true);
    gate.revocationStore.records.put(`user/${userId}`, { notBefore: NOW });
    gate.nowSeconds += 10;
    expect([await lives({ userId }), await lives()]).toEqual([false, true]);
  },
);
