import crypto from 'node:crypto';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import { authenticateServiceKey } from '#lambda/service-keys/authenticate-service-key.ts';
import { authenticateShopKey, createShopKeyLookup } from '#lambda/shops/authenticate-shop-key.ts';
import { createVerifiableShops } from '#lambda/shops/verifiable-shops.ts';
import { authorizeWidgetCall } from '#lambda/widget-tokens/authorize-widget-call.ts';
import { mintWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import { NOW, TestGate } from '#test/support/analytics.ts';
import {
  DEPLOYMENT,
  MemoryKeyStore,
  MemoryRingStore,
  MemoryShopStore,
  sealingKeysFor,
  testShop,
} from '#test/support/shops.ts';

afterEach(() => jest.restoreAllMocks());

/** How many bytes were hashed, and how many comparisons in constant time were made, by a call that is made for the second time. */
async function workOf(call: () => unknown): Promise<{ readonly hashedBytes: number[]; readonly comparisons: number }> {
  await call();
  const hashed = jest.spyOn(crypto, 'hash');
  const compared = jest.spyOn(crypto, 'timingSafeEqual');
  await call();
  const hashedBytes = hashed.mock.calls.map(([, data]) => Buffer.byteLength(data as string | Buffer));
  const comparisons = compared.mock.calls.length;
  jest.restoreAllMocks();
  return { hashedBytes, comparisons };
}

const clock = { now: () => NOW * 1_000, random: () => 0.5 };

describe('a widget call whose token does not verify costs the same', () => {
  const shopStore = new MemoryShopStore();
  const ring = new RingKeeper({ store: new MemoryRingStore(), derive: sealingKeysFor('shop-key'), ...clock });
  const shops = createVerifiableShops({ store: shopStore, ring, deployment: DEPLOYMENT, stageOrigins: [], ...clock });
  const one = testShop('shop_one');
  shopStore.put('shop_one', one.shop);
  const HMAC_BYTES = [64 + `shop_one:${NOW}`.length, 64 + 32];
  const other = prepareHmacKey(Buffer.from(generateApiKey('sk', 'test').text));
  const work = (shopId: string, key = other) => {
    const token = mintWidgetToken(shopId, NOW, key);
    return workOf(() => authorizeWidgetCall({ tokens: [token], origins: [] }, shops, NOW));
  };

  test('for a shop that exists and for one that does not', async () => {
    const badKey = await work('shop_one');
    expect(await work('shop_two')).toEqual(badKey);
    expect(badKey.comparisons).toBeGreaterThan(0);
    // Of each HMAC the inner and the outer hash.
    expect(badKey.hashedBytes).toEqual(Array(badKey.comparisons).fill(HMAC_BYTES).flat());
  });

  test('which is not less than that of a token that verifies', async () => {
    const verified = await work('shop_one', prepareHmacKey(Buffer.from(one.apiKey)));
    expect(verified).toEqual({ hashedBytes: HMAC_BYTES, comparisons: 1 });
  });
});

describe("a server's key that is not valid costs the same", () => {
  const unknown = { sk: generateApiKey('sk', 'test').text, an: generateApiKey('an', 'test').text };

  test("whether the shop key's id is known or not", async () => {
    const [keyStore, shopStore] = [new MemoryKeyStore(), new MemoryShopStore()];
    const one = testShop();
    const forged = generateApiKey('sk', 'test');
    shopStore.put('shop_one', one.shop);
    keyStore.put(forged.keyId, { ...one.keyRecord, keyId: forged.keyId });
    const lookup = createShopKeyLookup({ keyStore, shopStore, keyEnvironment: 'test', ...clock });
    const work = (apiKey: string) =>
      workOf(() =>
        authenticateShopKey(
          { apiKeys: [apiKey], elsewhere: [], shopIdInPath: 'shop_one', fromBrowser: false },
          lookup,
          NOW,
        ),
      );
    const wrongSecret = await work(forged.text);
    expect(wrongSecret.comparisons).toBeGreaterThan(0);
    expect(wrongSecret.hashedBytes).toEqual(Array(wrongSecret.comparisons).fill(forged.text.length));
    expect(await work(unknown.sk)).toEqual(wrongSecret);
  });

  test("whether the service key's id is known or not", async () => {
    const gate = new TestGate();
    const forged = generateApiKey('an', 'test');
    gate.keyRecords.put(forged.keyId, { ...gate.made.key, keyId: forged.keyId });
    const work = (apiKey: string) =>
      workOf(() =>
        authenticateServiceKey({ apiKeys: [apiKey], elsewhere: [], fromBrowser: false }, 'analytics', gate.lookup, NOW),
      );
    const wrongSecret = await work(forged.text);
    expect(wrongSecret.comparisons).toBeGreaterThan(0);
    expect(wrongSecret.hashedBytes).toEqual(Array(wrongSecret.comparisons).fill(forged.text.length));
    expect(await work(unknown.an)).toEqual(wrongSecret);
  });
});
