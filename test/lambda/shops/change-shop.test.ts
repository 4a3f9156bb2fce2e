import { success } from '#lambda/crypto/result.ts';
import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import { resetShopKeys, rotateShopKey } from '#lambda/shops/change-keys.ts';
import { changeShop } from '#lambda/shops/change-shop.ts';
import type { ShopCreation } from '#lambda/shops/create-shop.ts';
import { revokeTokens, setSwitches } from '#lambda/shops/shop-changes.ts';
import {
  DEPLOYMENT,
  MemoryKeyStore,
  MemoryRingStore,
  MemoryShopStore,
  sealingKeysFor,
  type TestShop,
  testShop,
} from '#test/support/shops.ts';

const now = 1_700_000_000;
const rotation = { overlapSeconds: 86_400, force: false };
let shopStore: MemoryShopStore;
let keyStore: MemoryKeyStore;
let creation: ShopCreation;
let one: TestShop;

beforeEach(() => {
  shopStore = new MemoryShopStore();
  keyStore = new MemoryKeyStore();
  const ring = new RingKeeper({
    store: new MemoryRingStore(),
    derive: sealingKeysFor('shop-key'),
    now: Date.now,
    random: Math.random,
  });
  creation = { shopStore, keyStore, ring, deployment: DEPLOYMENT, keyEnvironment: 'test' };
  one = testShop();
  shopStore.put('shop_one', one.shop);
});

const stored = () => {
  const record = shopStore.records.get('shop_one');
  if (record?.kind !== 'found') throw new Error('the shop is gone');
  return record.value;
};

test('a change is written with the next version', async () => {
  const changed = await changeShop(shopStore, 'shop_one', (shop) =>
    success(setSwitches(shop, { disabled: true }, now)),
  );
  expect(changed).toEqual({ ok: true, value: { ...one.shop, disabled: true, disabledAt: now, version: 2 } });
  expect(stored()).toEqual({ ...one.shop, disabled: true, disabledAt: now, version: 2 });
});

test('of two administrators who act at once one gets through and the other a conflict; no change is lost', async () => {
  const outcomes = await Promise.all([
    changeShop(shopStore, 'shop_one', (shop) => success(revokeTokens(shop, now))),
    changeShop(shopStore, 'shop_one', (shop) => success(setSwitches(shop, { disabled: true }, now))),
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.reason))).toEqual(['ok', 'version_conflict']);
  expect(stored()).toMatchObject({ tokensNotBefore: now, disabled: false, version: 2 });
});

test('a hundred changes at once are applied one after the other when each who lost tries again', async () => {
  const change = async (origin: string): Promise<void> => {
    for (;;) {
      const outcome = await changeShop(shopStore, 'shop_one', (shop) =>
        success({ ...shop, origins: [...shop.origins, origin] }),
      );
      if (outcome.ok) return;
    }
  };
  await Promise.all(Array.from({ length: 100 }, (_, at) => change(`o${at}`)));
  expect(new Set(stored().origins).size).toBe(101);
  expect(stored().version).toBe(101);
});

test.each<[string, () => Promise<unknown>, string]>([
  [
    'a version that is not the stored one',
    () => changeShop(shopStore, 'shop_one', success, { expectedVersions: [7] }),
    'version_conflict',
  ],
  ['a shop that is not there', () => changeShop(shopStore, 'shop_two', success), 'shop_not_found'],
  ['rotating a shop that is not there', () => rotateShopKey('shop_two', rotation, creation, now), 'shop_not_found'],
])('refuses %s and writes nothing', async (_name, change, reason) => {
  expect(await change()).toEqual({ ok: false, reason });
  expect(stored()).toEqual(one.shop);
  expect(keyStore.records.size).toBe(0);
});

test('a corrupt record is an error, not overwritten', async () => {
  shopStore.records.set('shop_one', { kind: 'corrupt' });
  await expect(changeShop(shopStore, 'shop_one', success)).rejects.toThrow('corrupt');
  expect(shopStore.records.get('shop_one')).toEqual({ kind: 'corrupt' });
});

test("two rotations at once end in one rotation; the loser's key is listed by no shop", async () => {
  const outcomes = await Promise.all([
    rotateShopKey('shop_one', rotation, creation, now),
    rotateShopKey('shop_one', rotation, creation, now),
  ]);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(stored().keys).toHaveLength(2);
});

test('a rotation is refused while one is in progress, before any key is written', async () => {
  expect((await rotateShopKey('shop_one', rotation, creation, now)).ok).toBe(true);
  expect(await rotateShopKey('shop_one', rotation, creation, now + 5)).toEqual({
    ok: false,
    reason: 'rotation_in_progress',
  });
  expect(keyStore.records.size).toBe(1);
});

test('a reset gives a working key and stops the old one', async () => {
  const reset = await resetShopKeys('shop_one', creation, now);
  if (!reset.ok) throw new Error(reset.reason);
  expect(stored().keys.filter(({ credentialUntil }) => credentialUntil === undefined)).toHaveLength(1);
  expect(JSON.stringify([...shopStore.records, ...keyStore.records])).not.toContain(reset.value.apiKey.slice(-38));
});
