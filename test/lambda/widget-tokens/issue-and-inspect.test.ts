import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import { createShopKeyLookup } from '#lambda/shops/authenticate-shop-key.ts';
import { createShop } from '#lambda/shops/create-shop.ts';
import { createVerifiableShops, type VerifiableShop } from '#lambda/shops/verifiable-shops.ts';
import { inspectWidgetToken } from '#lambda/widget-tokens/inspect-widget-token.ts';
import { issueWidgetToken } from '#lambda/widget-tokens/issue-widget-token.ts';
import { mintWidgetToken, parseWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import {
  DEPLOYMENT,
  MemoryKeyStore,
  MemoryRingStore,
  MemoryShopStore,
  sealingKeysFor,
  type TestShop,
  testShop,
} from '#test/support/shops.ts';

const nowSeconds = 1_700_000_000;
const clock = { now: () => nowSeconds * 1_000, random: () => 0.5 };
let shopStore: MemoryShopStore;
let keyStore: MemoryKeyStore;
let ring: RingKeeper;
let one: TestShop;

const add = (created: TestShop): TestShop => {
  shopStore.put(created.shop.shopId, created.shop);
  keyStore.put(created.keyRecord.keyId, created.keyRecord);
  return created;
};
const issue = (apiKeys: string[], shopIdInPath = 'shop_one', fromBrowser = false) =>
  issueWidgetToken(
    { apiKeys, elsewhere: [], shopIdInPath, fromBrowser },
    createShopKeyLookup({ keyStore, shopStore, keyEnvironment: 'test', ...clock }),
    nowSeconds,
  );

beforeEach(() => {
  shopStore = new MemoryShopStore();
  keyStore = new MemoryKeyStore();
  ring = new RingKeeper({ store: new MemoryRingStore(), derive: sealingKeysFor('shop-key'), ...clock });
  one = add(testShop());
});

test('a live key gets a token of its shop, stamped now', async () => {
  const issued = await issue([one.apiKey]);
  expect(issued.ok && parseWidgetToken(issued.value)).toMatchObject({ shopId: 'shop_one', issuedAt: nowSeconds });
});

test('a token issued in the second of a revocation is stamped after it', async () => {
  const revoked = add(testShop('shop_revoked', { tokensNotBefore: nowSeconds }));
  const issued = await issue([revoked.apiKey], 'shop_revoked');
  expect(issued.ok && parseWidgetToken(issued.value)?.issuedAt).toBe(nowSeconds + 1);
});

describe('refuses', () => {
  test.each<[string, () => Parameters<typeof issue>, string]>([
    ['no key', () => [[]], 'invalid_api_key'],
    ['two keys', () => [[one.apiKey, one.apiKey]], 'invalid_api_key'],
    ['a malformed key', () => [['sk_test_x']], 'invalid_api_key'],
    ['an unknown key', () => [[generateApiKey('sk', 'test').text]], 'invalid_api_key'],
    ['an unknown key from a browser', () => [[generateApiKey('sk', 'test').text], 'shop_one', true], 'invalid_api_key'],
    ['a key of another environment', () => [[generateApiKey('sk', 'live').text]], 'invalid_api_key'],
    ['a key of another kind', () => [[generateApiKey('an', 'test').text]], 'invalid_api_key'],
    ['a known key id with another secret', () => [[sameIdOtherSecret()]], 'invalid_api_key'],
    [
      'a lapsed key',
      () => [[add(testShop('shop_one', {}, { credentialUntil: nowSeconds })).apiKey]],
      'invalid_api_key',
    ],
    [
      'a lapsed key for another shop',
      () => [[add(testShop('shop_x', {}, { credentialUntil: nowSeconds })).apiKey]],
      'invalid_api_key',
    ],
    [
      'a key that its shop no longer lists',
      () => [[add(testShop('shop_one', { keys: [] })).apiKey]],
      'invalid_api_key',
    ],
    ['a key of a shop that was never written', () => [[orphanKey()]], 'invalid_api_key'],
    ['a key of another kind in the record', () => [[wrongKindInRecord()]], 'invalid_api_key'],
    ['the key of another shop', () => [[add(testShop('shop_two')).apiKey]], 'wrong_shop'],
    ['a shop that does not exist', () => [[one.apiKey], 'shop_nobody'], 'wrong_shop'],
    ['a disabled shop', () => [[add(testShop('shop_d', { disabled: true })).apiKey], 'shop_d'], 'shop_disabled'],
    ['a paused shop', () => [[add(testShop('shop_p', { issuingPaused: true })).apiKey], 'shop_p'], 'issuing_paused'],
  ])('%s', async (_name, call, reason) => {
    expect(await issue(...call())).toMatchObject({ ok: false, reason });
  });

  test('a browser, naming the shop and the key that has leaked', async () => {
    expect(await issue([one.apiKey], 'shop_one', true)).toEqual({
      ok: false,
      reason: 'api_key_in_browser',
      shopId: 'shop_one',
      keyId: one.keyRecord.keyId,
    });
  });

  function sameIdOtherSecret(): string {
    const other = generateApiKey('sk', 'test');
    keyStore.put(other.keyId, { ...one.keyRecord, keyId: other.keyId });
    return other.text;
  }

  function orphanKey(): string {
    const orphan = testShop('shop_orphan');
    keyStore.put(orphan.keyRecord.keyId, orphan.keyRecord);
    return orphan.apiKey;
  }

  function wrongKindInRecord(): string {
    keyStore.put(one.keyRecord.keyId, { ...one.keyRecord, kind: 'an' });
    return one.apiKey;
  }

  test('with an error, never a 401, when the store is down or a record is corrupt', async () => {
    keyStore.failing = true;
    await expect(issue([one.apiKey])).rejects.toThrow('down');
    keyStore.failing = false;
    keyStore.records.set(one.keyRecord.keyId, { kind: 'corrupt' });
    await expect(issue([one.apiKey])).rejects.toThrow('corrupt');
  });
});

describe('inspect says', () => {
  const verifiable = async (created: TestShop): Promise<VerifiableShop> => {
    add(created);
    const read = await createVerifiableShops({
      store: shopStore,
      ring,
      deployment: DEPLOYMENT,
      stageOrigins: [],
      ...clock,
    }).get(created.shop.shopId);
    if (read.kind !== 'found') throw new Error(read.kind);
    return read;
  };
  const tokenOf = ({ shop, apiKey }: TestShop, stamp = nowSeconds): string =>
    mintWidgetToken(shop.shopId, stamp, prepareHmacKey(Buffer.from(apiKey)));
  const origin = 'https://shop.example.com';
  const other = testShop('shop_other');

  test.each<[string, TestShop, (created: TestShop) => string, string | undefined]>([
    ['ok', testShop(), (created) => tokenOf(created), origin],
    ['ok', testShop(), (created) => tokenOf(created), undefined],
    ['malformed', testShop(), () => 'x', origin],
    ['bad_signature', testShop(), (created) => tokenOf({ ...created, apiKey: other.apiKey }), origin],
    ['bad_signature', testShop(), () => tokenOf(other), origin],
    // Signed by the shop's own key, but for another shop.
    ['bad_signature', testShop(), ({ apiKey }) => tokenOf({ ...other, apiKey }), origin],
    ['expired', testShop(), (created) => tokenOf(created, nowSeconds - 86_400), origin],
    ['not_yet_valid', testShop(), (created) => tokenOf(created, nowSeconds + 301), origin],
    ['revoked', testShop('shop_one', { tokensNotBefore: nowSeconds }), (created) => tokenOf(created), origin],
    [
      'signed_by_retired_key',
      testShop('shop_one', {}, { credentialUntil: 5, verifyUntil: 6 }),
      (created) => tokenOf(created),
      origin,
    ],
    ['shop_disabled', testShop('shop_one', { disabled: true }), (created) => tokenOf(created), origin],
    ['origin_not_allowed', testShop(), (created) => tokenOf(created), 'https://evil.example'],
    ['origin_missing', testShop('shop_one', { requireOrigin: true }), (created) => tokenOf(created), undefined],
  ])('%s', async (reason, created, token, calledFrom) => {
    const shop = await verifiable(created);
    const inspection = inspectWidgetToken(token(created), calledFrom, shop, nowSeconds);
    expect(inspection).toMatchObject({ reason, valid: reason === 'ok' });
    const proven = reason !== 'malformed' && reason !== 'bad_signature';
    expect(inspection.keyId).toBe(proven ? created.keyRecord.keyId : null);
    expect(typeof inspection.issuedAt === 'number' && typeof inspection.expiresAt === 'number').toBe(proven);
  });
});

describe('create shop', () => {
  const request = {
    url: 'https://new.example.com',
    exact: false,
    origins: ['https://app.example.com'],
    app: false,
    requireOrigin: false,
  };
  const create = (changes: Partial<typeof request> = {}, keyEnvironment: 'live' | 'test' = 'test') =>
    createShop(
      { ...request, ...changes },
      { shopStore, keyStore, ring, deployment: DEPLOYMENT, keyEnvironment },
      nowSeconds,
    );

  test('gives a key that works at once and is nowhere stored in plain text', async () => {
    const created = await create();
    if (!created.ok) throw new Error(created.reason);
    const { shop, apiKey = '' } = created.value;
    expect(shop.origins).toEqual(['https://new.example.com', 'https://www.new.example.com', 'https://app.example.com']);
    expect((await issue([apiKey], shop.shopId)).ok).toBe(true);
    const stored = JSON.stringify([...shopStore.records.values(), ...keyStore.records.values()]);
    expect(stored).not.toContain(apiKey);
    expect(stored).not.toContain(apiKey.slice(-38));
  });

  test.each<[string, Partial<typeof request>, 'live' | 'test', string]>([
    ['a URL with a query', { url: 'https://a.example.com/x?y' }, 'test', 'not_an_origin'],
    ['an origin that is not one', { origins: ['https://a.example.com/x'] }, 'test', 'not_an_origin'],
    ['loopback in production', { url: 'http://localhost:3000' }, 'live', 'loopback_in_production'],
    [
      'more origins than fit',
      { origins: Array.from({ length: 60 }, (_, at) => `https://s${at}.example.com`) },
      'test',
      'too_many_origins',
    ],
  ])('refuses %s and writes nothing', async (_name, changes, keyEnvironment, reason) => {
    expect(await create(changes, keyEnvironment)).toMatchObject({ ok: false, reason });
    expect(shopStore.records.size).toBe(1);
    expect(keyStore.records.size).toBe(1);
  });

  test.each(['shop', 'key'] as const)('refuses an id that another %s has', async (taken) => {
    if (taken === 'shop') shopStore.create = async () => false;
    else keyStore.create = async () => false;
    expect(await create()).toEqual({ ok: false, reason: 'id_taken' });
  });

  test('a failure between the two writes leaves a key that opens nothing', async () => {
    shopStore.failing = true;
    await expect(create()).rejects.toThrow('down');
    shopStore.failing = false;
    expect(shopStore.records.size).toBe(1);
    expect(keyStore.records.size).toBe(2);
  });
});
