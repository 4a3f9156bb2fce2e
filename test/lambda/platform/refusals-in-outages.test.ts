import { limits } from '#contract/limits.ts';
import { AdminMembers } from '#lambda/admin-login/members.ts';
import { type AnalyticsCall, authorizeAnalyticsCall } from '#lambda/analytics/authorize-analytics-call.ts';
import { PagePolicy } from '#lambda/analytics/preflight.ts';
import { useSession } from '#lambda/analytics/sessions.ts';
import { authenticateServiceKey } from '#lambda/service-keys/authenticate-service-key.ts';
import { authenticateShopKey, createShopKeyLookup } from '#lambda/shops/authenticate-shop-key.ts';
import { issueWidgetToken } from '#lambda/widget-tokens/issue-widget-token.ts';
import { callOf, PAGE, TestGate } from '#test/support/analytics.ts';
import { MemoryKeyStore, MemoryShopStore, testShop } from '#test/support/shops.ts';

const OUTAGE = { name: 'DependencyError' };
/** Past the life of a record, and within the time that it may be used. */
const LATER_SECONDS = 60;

describe('while the store fails a refusal by an expired record is an outage, and what it allows is allowed', () => {
  let gate: TestGate;
  beforeEach(() => {
    gate = new TestGate();
  });
  const decide = (changes: Partial<AnalyticsCall>) => authorizeAnalyticsCall(callOf(changes), gate, gate.nowSeconds);
  const fail = (): void => {
    gate.failing = true;
    gate.nowSeconds += LATER_SECONDS;
  };

  test('for a security token whose user was revoked', async () => {
    const authorizations = [await gate.securityToken()];
    expect((await decide({ authorizations })).outcome).toBe('allowed');
    fail();
    expect((await decide({ authorizations })).outcome).toBe('allowed');
    gate.failing = false;
    gate.revocationStore.records.put('user/u-17', { notBefore: gate.nowSeconds });
    gate.nowSeconds += 10;
    expect((await decide({ authorizations })).outcome).toBe('unauthorized');
    fail();
    await expect(decide({ authorizations })).rejects.toMatchObject(OUTAGE);
  });

  test('for a session, shown, used by a page and used by a page of a foreign origin', async () => {
    const text = await gate.session('cookie');
    const presented = { mode: 'cookie', text, origins: [PAGE] } as const;
    const foreign = { ...presented, origins: ['https://evil.example'] };
    expect((await useSession(presented, gate, gate.nowSeconds)).ok).toBe(true);
    fail();
    expect((await useSession(presented, gate, gate.nowSeconds)).ok).toBe(true);
    await expect(useSession(foreign, gate, gate.nowSeconds)).rejects.toMatchObject(OUTAGE);
    const call = { sessionCookies: [text], origins: ['https://evil.example'], hasRequestedWith: true };
    await expect(decide(call)).rejects.toMatchObject(OUTAGE);
  });

  test('for a temp token whose page is a foreign one', async () => {
    const tempToken = await gate.tempToken();
    expect((await gate.exchange(tempToken)).ok).toBe(true);
    const other = await gate.tempToken();
    fail();
    gate.nowSeconds -= LATER_SECONDS - limits.shopCacheSeconds - 1;
    await expect(gate.exchange(other, ['https://evil.example'])).rejects.toMatchObject(OUTAGE);
    expect((await gate.exchange(other)).ok).toBe(true);
  });

  test('for a service key that has ended, and for one that a browser sent', async () => {
    const ended = gate.add({ credentialUntil: gate.nowSeconds + 30 });
    const ask = ({ text }: { text: string }, fromBrowser = false) =>
      authenticateServiceKey(
        { apiKeys: [text], elsewhere: [], fromBrowser },
        'analytics',
        gate.lookup,
        gate.nowSeconds,
      );
    for (const key of [ended, gate.made]) expect((await ask(key)).ok).toBe(true);
    fail();
    expect((await ask(gate.made)).ok).toBe(true);
    await expect(ask(ended)).rejects.toMatchObject(OUTAGE);
    await expect(ask(gate.made, true)).rejects.toMatchObject(OUTAGE);
  });

  test('for a token that names a ring key which may have been made since', async () => {
    const other = new TestGate();
    other.ringStore.text = other.ringStore.text.replaceAll('rk_1', 'rk_2');
    const foreign = await other.securityToken();
    const authorizations = [await gate.securityToken()];
    expect((await decide({ authorizations: [foreign] })).outcome).toBe('unauthorized');
    gate.ringStore.failing = true;
    gate.nowSeconds += limits.ringRefreshSeconds;
    await expect(decide({ authorizations: [foreign] })).rejects.toMatchObject(OUTAGE);
    await expect(decide({ authorizations: [foreign] })).rejects.toMatchObject(OUTAGE);
    expect((await decide({ authorizations })).outcome).toBe('allowed');
    gate.ringStore.failing = false;
    gate.nowSeconds += limits.ringRefreshSeconds;
    expect((await decide({ authorizations: [foreign] })).outcome).toBe('unauthorized');
  });
});

describe("a shop's key", () => {
  let nowSeconds: number;
  let stores: { keyStore: MemoryKeyStore; shopStore: MemoryShopStore };
  let lookup: ReturnType<typeof createShopKeyLookup>;
  const shop = testShop();
  beforeEach(() => {
    nowSeconds = 1_700_000_000;
    stores = { keyStore: new MemoryKeyStore(), shopStore: new MemoryShopStore() };
    add(shop);
    lookup = createShopKeyLookup({
      ...stores,
      keyEnvironment: 'test',
      now: () => nowSeconds * 1_000,
      random: () => 0.5,
    });
  });
  const add = (made: typeof shop): void => {
    stores.shopStore.put(made.shop.shopId, made.shop);
    stores.keyStore.put(made.keyRecord.keyId, made.keyRecord);
  };
  const callWith = (apiKey: string, shopIdInPath = shop.shop.shopId, fromBrowser = false) => ({
    apiKeys: [apiKey],
    elsewhere: [],
    shopIdInPath,
    fromBrowser,
  });
  const issue = (...call: Parameters<typeof callWith>) => issueWidgetToken(callWith(...call), lookup, nowSeconds);
  const fail = (): void => {
    Object.assign(stores.keyStore, { failing: true });
    Object.assign(stores.shopStore, { failing: true });
    nowSeconds += LATER_SECONDS;
  };

  test('issues by expired records', async () => {
    expect((await issue(shop.apiKey)).ok).toBe(true);
    fail();
    expect((await issue(shop.apiKey)).ok).toBe(true);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['another shop in the path', () => issue(shop.apiKey, 'shop_other')],
    ['a browser', () => issue(shop.apiKey, shop.shop.shopId, true)],
    ['a key that was never seen', () => issue(testShop('shop_two').apiKey)],
    ['the same at inspecting', () => authenticateShopKey(callWith(shop.apiKey, 'shop_other'), lookup, nowSeconds)],
  ])('refuses nobody by expired records: %s', async (_name, call) => {
    await issue(shop.apiKey);
    fail();
    await expect(call()).rejects.toMatchObject(OUTAGE);
  });

  test.each(['disabled', 'issuingPaused'] as const)('refuses no %s shop by an expired record', async (name) => {
    add({ ...shop, shop: { ...shop.shop, [name]: true } });
    expect((await issue(shop.apiKey)).ok).toBe(false);
    fail();
    await expect(issue(shop.apiKey)).rejects.toMatchObject(OUTAGE);
  });

  test('that was made a second ago is known at once, whatever is in memory of its shop', async () => {
    expect((await issue(shop.apiKey)).ok).toBe(true);
    const rotated = testShop();
    add(rotated);
    nowSeconds += 1;
    expect((await issue(rotated.apiKey)).ok).toBe(true);
  });

  test.each<[string, () => Promise<{ readonly ok: boolean }>]>([
    ['for another shop', () => issue(shop.apiKey, 'shop_other')],
    ['from a browser', () => issue(shop.apiKey, shop.shop.shopId, true)],
    ['at inspecting', () => authenticateShopKey(callWith(shop.apiKey, 'shop_other'), lookup, nowSeconds)],
  ])('that was just made is known at once, though a call %s was refused a moment before', async (_name, refused) => {
    expect((await issue(shop.apiKey)).ok).toBe(true);
    nowSeconds += 0.1;
    expect((await refused()).ok).toBe(false);
    nowSeconds += 0.4;
    const rotated = testShop();
    add(rotated);
    nowSeconds += 0.1;
    expect((await issue(rotated.apiKey)).ok).toBe(true);
    expect((await authenticateShopKey(callWith(rotated.apiKey), lookup, nowSeconds)).ok).toBe(true);
  });

  test('whose id is known and whose text is wrong costs, in a flood, one read of the key a second and none of its shop', async () => {
    await issue(shop.apiKey);
    const reads = stores.keyStore.reads;
    const forged = { ...testShop('shop_two').keyRecord, keyId: shop.keyRecord.keyId };
    stores.keyStore.put(shop.keyRecord.keyId, forged);
    nowSeconds += 10;
    for (let call = 0; call < 300; call += 1) {
      expect((await issue(shop.apiKey)).ok).toBe(false);
      nowSeconds += 0.01;
    }
    expect([stores.keyStore.reads - reads, stores.shopStore.reads]).toEqual([1 + 3, 1]);
  });
});

test("pages of an origin that is in no list in memory are an outage while the keys can't be read", async () => {
  let [now, failing] = [0, false];
  const { key } = new TestGate().made;
  const listKeys = async () => {
    if (failing) throw new Error('down');
    return [key];
  };
  const policy = new PagePolicy({ listKeys, now: () => now, random: () => 0.5 });
  expect([await policy.allows(PAGE), await policy.allows('https://new.example')]).toEqual([true, false]);
  failing = true;
  now += LATER_SECONDS * 1_000;
  expect(await policy.allows(PAGE)).toBe(true);
  await expect(policy.allows('https://new.example')).rejects.toThrow('down');
});

test('who is not among the members read before is an outage while IAM fails', async () => {
  let [now, failing] = [0, false];
  const memberIds = async () => {
    if (failing) throw new Error('down');
    return new Set(['AIDAMEMBER']);
  };
  const members = new AdminMembers({ group: { memberIds }, now: () => now });
  expect([await members.isMember('AIDAMEMBER', 0), await members.isMember('AIDANEW', 0)]).toEqual([true, false]);
  failing = true;
  now += limits.adminGroupCacheSeconds * 1_000;
  expect(await members.isMember('AIDAMEMBER', 0)).toBe(true);
  await expect(members.isMember('AIDANEW', 0)).rejects.toThrow('down');
});
