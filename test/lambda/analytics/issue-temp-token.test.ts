import fc from 'fast-check';
import { cookies } from '#contract/cookies.ts';
import { limits } from '#contract/limits.ts';
import { issueTempToken } from '#lambda/analytics/issue-temp-token.ts';
import { digestOf } from '#lambda/crypto/secret-id.ts';
import { setPartitionedCookie } from '#lambda/platform/cookies.ts';
import { IDS, NOW, PAGE, serviceKey, TestGate } from '#test/support/analytics.ts';
import { ringText } from '#test/support/shops.ts';

let gate: TestGate;
beforeEach(() => {
  gate = new TestGate();
});

const issue = (body: object = {}, key = gate.made.key) =>
  issueTempToken({ ...IDS, ...body }, key, gate.tempTokens, gate.nowSeconds);

test('only the SHA-256 of a temp token reaches the store', async () => {
  const issued = await issue();
  if (!issued.ok) throw new Error(issued.reason);
  expect(issued.value).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect([...gate.tempTokens.records.keys()]).toEqual([digestOf(issued.value)]);
  expect(JSON.stringify([...gate.tempTokens.records])).not.toContain(issued.value);
});

test.each<[string, number | undefined, object, number]>([
  ['8 h', undefined, {}, 28_800],
  ['what was stated', undefined, { expiresIn: '10m' }, 600],
  ['what the key allows', 900, {}, 900],
  ['what was stated under a key that allows more', 7_200, { expiresIn: '1h' }, 3_600],
])('the session lives for %s (key %s)', async (_name, maxTtlSeconds, body, seconds) => {
  const { key } = serviceKey(maxTtlSeconds === undefined ? {} : { maxTtlSeconds });
  await issue(body, key);
  const [stored] = [...gate.tempTokens.records.values()];
  expect(stored).toMatchObject({ value: { issuedAt: NOW, expiresAt: NOW + 60, sessionEndsAt: NOW + seconds } });
});

test.each<[string, object, object, object]>([
  ['a key without origins', { allowedOrigins: [] }, {}, { reason: 'key_without_origins' }],
  ['a life longer than a session has', {}, { expiresIn: '9h' }, { reason: 'invalid_expires_in' }],
  ['an app that the key is not for', { appIds: ['hr'] }, {}, { reason: 'wrong_app' }],
  ['a longer life than the key allows', { maxTtlSeconds: 600 }, { expiresIn: 601 }, { reason: 'invalid_expires_in' }],
  ['a life without a unit', {}, { expiresIn: '30' }, { reason: 'invalid_expires_in' }],
  ['no user', {}, { userid: '' }, { reason: 'invalid_request' }],
  ['more than a cookie holds', {}, { roles: ['r'.repeat(4_000)] }, { reason: 'token_too_large' }],
])('refuses %s, and stores nothing', async (_name, changes, body, refused) => {
  expect(await issue(body, serviceKey(changes).key)).toMatchObject({ ok: false, ...refused });
  expect(gate.tempTokens.records.size).toBe(0);
});

test('the size that was returned at issue is never below that of the real cookie', async () => {
  const longest = new TestGate(`${'d'.repeat(16)}:${'0'.repeat(12)}:${'s'.repeat(16)}`);
  longest.ringStore.text = ringText({ rk_999999: 'r'.repeat(64) }, 'rk_999999');
  const id = fc.string({ unit: fc.constantFrom('a', '"', '\\', '~'), minLength: 1, maxLength: 256 });
  const claims = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ stringUnit: 'binary' }));
  const filled = fc.record({
    claims,
    filling: fc.integer({ min: 0, max: 2_700 }),
    userid: id,
    clientid: id,
    orgid: id,
  });
  let longestSeen = 0;
  await fc.assert(
    fc.asyncProperty(filled, async ({ claims: members, filling, ...ids }) => {
      const body = { ...IDS, ...ids, claims: members, filling: 'x'.repeat(filling) };
      const issued = await issueTempToken(body, longest.made.key, longest.tempTokens, NOW);
      if (!issued.ok) return expect(issued.reason).toBe('token_too_large');
      const begun = await longest.exchange(issued.value);
      if (!begun.ok) throw new Error(begun.reason);
      const cookie = setPartitionedCookie(cookies.session, begun.value.text, 28_800);
      longestSeen = Math.max(longestSeen, cookie.length);
      expect(Buffer.byteLength(cookie)).toBeLessThanOrEqual(limits.maxSessionCookieBytes);
    }),
    { numRuns: 300 },
  );
  expect(longestSeen).toBeGreaterThan(3_000);
});

test('a store that fails is a fault and no refusal', async () => {
  gate.tempTokens.failing = true;
  await expect(issue()).rejects.toMatchObject({ name: 'DependencyError' });
});

test('the store holds the origins of nobody: the key has them, and loses them with a change', async () => {
  const text = await gate.tempToken();
  gate.changeKey({ allowedOrigins: [] });
  expect(await gate.exchange(text, [PAGE])).toEqual({ ok: false, reason: 'origin_not_allowed', origins: [PAGE] });
});
