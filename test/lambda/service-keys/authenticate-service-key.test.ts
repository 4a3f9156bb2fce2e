import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { authenticateServiceKey } from '#lambda/service-keys/authenticate-service-key.ts';
import { serviceKeyKinds } from '#lambda/service-keys/service-key.ts';
import { NOW, serviceKey, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
beforeEach(() => {
  gate = new TestGate();
});

const authenticate = (
  apiKeys: readonly string[],
  {
    purpose = 'analytics',
    fromBrowser = false,
  }: { purpose?: keyof typeof serviceKeyKinds; fromBrowser?: boolean } = {},
) => authenticateServiceKey({ apiKeys, elsewhere: [], fromBrowser }, purpose, gate.lookup, gate.nowSeconds);
const invalid = { ok: false, reason: 'invalid_api_key' };

const purposes = Object.keys(serviceKeyKinds) as (keyof typeof serviceKeyKinds)[];
const pairs = purposes.flatMap((made) => purposes.map((slot) => [made, slot] as const));

test.each(pairs)('a key for %s in the slot of %s is valid only if these are the same', async (made, slot) => {
  const { text, key } = gate.add({ purpose: made });
  expect(await authenticate([text], { purpose: slot })).toEqual(made === slot ? { ok: true, value: key } : invalid);
});

test.each(purposes)("a shop's key is not valid for %s", async (purpose) => {
  expect(await authenticate([generateApiKey('sk', 'test').text], { purpose })).toEqual(invalid);
  expect(gate.reads).toBe(0);
});

test('a record whose purpose is another than the key says opens neither', async () => {
  const { text, key } = gate.add();
  gate.keyRecords.put(key.keyId, { ...key, purpose: 'data-router' });
  expect(await authenticate([text])).toEqual(invalid);
});

test('a key of the other environment is refused unread', async () => {
  const { text, key } = serviceKey({}, 'live');
  gate.keyRecords.put(key.keyId, key);
  expect(await authenticate([text])).toEqual(invalid);
  expect(gate.reads).toBe(0);
});

test('a key with the id of another but other secret bits is refused', async () => {
  const { key } = gate.made;
  const other = serviceKey();
  gate.keyRecords.put(other.key.keyId, { ...key, keyId: other.key.keyId });
  expect(await authenticate([other.text])).toEqual(invalid);
});

test.each(['', 'zz', 'a'.repeat(63), 'a'.repeat(66)])('a record with the digest %j matches no key', async (sha256) => {
  const { text, key } = gate.add();
  gate.keyRecords.put(key.keyId, { ...key, sha256 });
  expect(await authenticate([text])).toEqual(invalid);
});

test.each([
  [NOW + 1, true],
  [NOW, false],
  [NOW - 1, false],
])('a key that ends at %i is valid at 1800000000: %s', async (credentialUntil, ok) => {
  expect((await authenticate([gate.add({ credentialUntil }).text])).ok).toBe(ok);
});

test('that a browser sent it is reported only of a key that proved valid, and such a use is not noted', async () => {
  const { text, key } = gate.made;
  expect(await authenticate([text], { fromBrowser: true })).toEqual({
    ok: false,
    reason: 'api_key_in_browser',
    keyId: key.keyId,
  });
  const others = [
    '',
    'junk',
    serviceKey().text,
    gate.add({ credentialUntil: NOW }).text,
    gate.add({ purpose: 'dev' }).text,
  ];
  for (const other of others) expect(await authenticate([other], { fromBrowser: true })).toEqual(invalid);
  expect(gate.uses).toEqual([]);
});

test('the use of a valid key is noted, that of any other is not', async () => {
  await authenticate([serviceKey().text]);
  await authenticate([gate.made.text]);
  await authenticate([gate.made.text]);
  expect(gate.uses).toEqual([[gate.made.key.keyId, NOW - (NOW % 3_600)]]);
});

test('a corrupt record and a store that fails are faults', async () => {
  const { text, key } = gate.add();
  gate.keyRecords.records.set(key.keyId, { kind: 'corrupt' });
  await expect(authenticate([text])).rejects.toMatchObject({ name: 'DependencyError' });
  gate.failing = true;
  await expect(authenticate([serviceKey().text])).rejects.toMatchObject({ name: 'DependencyError' });
});
