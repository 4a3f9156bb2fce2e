import { newSecretId } from '#lambda/crypto/secret-id.ts';
import { IDS, NOW, PAGE, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
beforeEach(() => {
  gate = new TestGate();
});

const invalid = { ok: false, reason: 'invalid_temp_token' };

test('the session is for whom the temp token was for, and as old', async () => {
  const text = await gate.tempToken({ role: 'viewer' });
  gate.nowSeconds += 30;
  expect(await gate.exchange(text)).toMatchObject({
    ok: true,
    value: {
      session: {
        userId: IDS.userid,
        appId: IDS.appid,
        clientId: IDS.clientid,
        claims: { role: 'viewer' },
        keyId: gate.made.key.keyId,
        issuedAt: NOW,
        expiresAt: NOW + 30 + 3_600,
        endsAt: NOW + 28_800,
      },
    },
  });
});

test('a session of a stated life begins with an end no later than that', async () => {
  const begun = await gate.exchange(await gate.tempToken({ expiresIn: '10m' }));
  expect(begun).toMatchObject({ ok: true, value: { session: { expiresAt: NOW + 600, endsAt: NOW + 600 } } });
});

test.each([
  [59, true],
  [60, false],
  [61, false],
  [86_400, false],
])('after %i s a temp token is good: %s', async (after, ok) => {
  const text = await gate.tempToken();
  gate.nowSeconds += after;
  expect((await gate.exchange(text)).ok).toBe(ok);
});

test('refuses a used, an expired, an unknown and a malformed one with the very same answer', async () => {
  const used = await gate.tempToken();
  expect((await gate.exchange(used)).ok).toBe(true);
  expect(await gate.exchange(used)).toStrictEqual(invalid);
  const expired = await gate.tempToken();
  gate.nowSeconds += 60;
  const malformed = ['', 'x', `${newSecretId()}=`, ` ${newSecretId()}`, `${newSecretId()}\n`, '__proto__'];
  for (const text of [expired, newSecretId(), ...malformed]) expect(await gate.exchange(text)).toStrictEqual(invalid);
});

test('a malformed one costs no read', async () => {
  await gate.exchange('x'.repeat(44));
  expect([gate.tempTokens.reads, gate.reads]).toEqual([0, 0]);
});

test('of fifty exchanges at the same time exactly one succeeds', async () => {
  const text = await gate.tempToken();
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => gate.exchange(text)));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array(49).fill(invalid));
});

test.each([
  ['a foreign page', ['https://evil.example']],
  ['no origin', []],
  ['two origins', [PAGE, PAGE]],
  ['two origins, the second foreign', [PAGE, 'https://evil.example']],
  ['null', ['null']],
  ['an empty origin', ['']],
  ['another port', [`${PAGE}:444`]],
  ['another scheme', ['http://app.example.com']],
  ['another case', ['https://APP.example.com']],
  ['a trailing dot', [`${PAGE}.`]],
  ['a trailing slash', [`${PAGE}/`]],
  ['a longer host', [`${PAGE}.evil.example`]],
  ['a longer name', ['https://evilapp.example.com']],
  ['user info', ['https://app.example.com@evil.example']],
])('refuses %s, and the page that it is for can still exchange it', async (_name, origins) => {
  const text = await gate.tempToken();
  expect(await gate.exchange(text, origins)).toStrictEqual({ ok: false, reason: 'origin_not_allowed', origins });
  expect((await gate.exchange(text)).ok).toBe(true);
});

test.each<[string, (changed: TestGate) => void]>([
  ['its key was revoked', ({ made }) => gate.changeKey({ tokensNotBefore: NOW, version: made.key.version + 1 })],
  ['its user was revoked', ({ revocationStore }) => revocationStore.records.put('user/u-17', { notBefore: NOW })],
  ['its app was revoked', ({ revocationStore }) => revocationStore.records.put('app/sales', { notBefore: NOW })],
  ['its client was revoked', ({ revocationStore }) => revocationStore.records.put('client/acme', { notBefore: NOW })],
  ['its key is gone', ({ keyRecords, made }) => keyRecords.records.delete(made.key.keyId)],
])('refuses a temp token after %s', async (_name, change) => {
  const text = await gate.tempToken();
  change(gate);
  expect(await gate.exchange(text)).toStrictEqual(invalid);
});

test.each<[string, (broken: TestGate) => void]>([
  ['of temp tokens fails', ({ tempTokens }) => Object.assign(tempTokens, { failing: true })],
  ['fails at the use', ({ tempTokens }) => Object.assign(tempTokens, { failingUses: true })],
  ['of keys and revocations fails', (broken) => Object.assign(broken, { failing: true })],
  ['of the ring fails', ({ ringStore }) => Object.assign(ringStore, { failing: true })],
])('a store %s: a fault and never a refusal', async (_name, breakIt) => {
  const text = await gate.tempToken();
  breakIt(gate);
  await expect(gate.exchange(text)).rejects.toMatchObject({ name: 'DependencyError' });
});

test('a corrupt record is a fault', async () => {
  const text = await gate.tempToken();
  for (const hash of gate.tempTokens.records.keys()) gate.tempTokens.records.set(hash, { kind: 'corrupt' });
  await expect(gate.exchange(text)).rejects.toMatchObject({ name: 'DependencyError' });
});
