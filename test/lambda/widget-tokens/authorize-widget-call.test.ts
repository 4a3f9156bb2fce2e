import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import { createVerifiableShops } from '#lambda/shops/verifiable-shops.ts';
import { authorizeWidgetCall, type WidgetDecision } from '#lambda/widget-tokens/authorize-widget-call.ts';
import { mintWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import {
  DEPLOYMENT,
  MemoryRingStore,
  MemoryShopStore,
  RING_TEXT,
  ringText,
  sealingKeysFor,
  type TestShop,
  testShop,
} from '#test/support/shops.ts';

const nowSeconds = 1_700_000_000;
let now: number;
let shopStore: MemoryShopStore;
let ringStore: MemoryRingStore;
let shops: ReturnType<typeof createVerifiableShops>;
let one: TestShop;

const add = (created: TestShop): TestShop => {
  shopStore.put(created.shop.shopId, created.shop);
  return created;
};
const tokenOf = ({ shop, apiKey }: TestShop, stamp = nowSeconds): string =>
  mintWidgetToken(shop.shopId, stamp, prepareHmacKey(Buffer.from(apiKey)));
const decide = async (tokens: string[], origins: string[] = []): Promise<WidgetDecision> =>
  authorizeWidgetCall({ tokens, origins }, shops, Math.floor(now / 1_000));

beforeEach(() => {
  now = nowSeconds * 1_000;
  shopStore = new MemoryShopStore();
  ringStore = new MemoryRingStore();
  const clock = { now: () => now, random: () => 0.5 };
  const ring = new RingKeeper({ store: ringStore, derive: sealingKeysFor('shop-key'), ...clock });
  const stageOrigins = ['https://stage.example.com'];
  shops = createVerifiableShops({ store: shopStore, ring, deployment: DEPLOYMENT, stageOrigins, ...clock });
  one = add(testShop());
});

test('a valid token is allowed and its identity returned', async () => {
  expect(await decide([tokenOf(one)])).toEqual({
    outcome: 'allowed',
    shopId: 'shop_one',
    issuedAt: nowSeconds,
    expiresAt: nowSeconds + 86_400,
  });
});

test('a warm decision is made at once, without any store call', async () => {
  await decide([tokenOf(one)]);
  const before = shopStore.reads + ringStore.reads;
  expect(authorizeWidgetCall({ tokens: [tokenOf(one)], origins: [] }, shops, nowSeconds)).not.toBeInstanceOf(Promise);
  expect(shopStore.reads + ringStore.reads).toBe(before);
});

test('a thousand parallel first calls cost one ring read and one item read', async () => {
  await Promise.all(Array.from({ length: 1_000 }, () => decide([tokenOf(one)])));
  expect([ringStore.reads, shopStore.reads]).toEqual([1, 1]);
});

test.each(['https://shop.example.com', 'https://stage.example.com'])(
  'the origin %s of the shop or the stage is allowed',
  async (origin) => {
    expect((await decide([tokenOf(one)], [origin])).outcome).toBe('allowed');
  },
);

describe('refuses a server key in place of a token as leaked, without any store call', () => {
  const key = generateApiKey('sk', 'test');
  test.each<[string, string, string[]]>([
    ['a shop key', key.keyId, [key.text]],
    ...(['sk', 'an', 'dr'] as const).flatMap((kind) =>
      (['live', 'test'] as const).map((environment): [string, string, string[]] => {
        const { keyId, text } = generateApiKey(kind, environment);
        return [`an ${kind}_${environment} key that nobody made`, keyId, [text]];
      }),
    ),
    ['a bearer value', key.keyId, [`Bearer ${key.text}`]],
    ['one of two values', key.keyId, ['x', key.text]],
  ])('%s', (_name, keyId, tokens) => {
    for (const origins of [[], ['https://evil.example'], ['a', 'b']])
      expect(authorizeWidgetCall({ tokens, origins }, shops, nowSeconds)).toEqual({
        outcome: 'api_key_in_browser',
        keyId,
      });
    expect([shopStore.reads, ringStore.reads]).toEqual([0, 0]);
  });

  test.each([
    ['a dev key, which pages have', generateApiKey('dev', 'test').text],
    ['a wrong checksum', key.text.slice(0, -1) + (key.text.endsWith('0') ? '1' : '0')],
    ['a key cut short', key.text.slice(0, -1)],
    ['a key with something behind it', `${key.text}x`],
    ['a key behind a no-break space', `\u00a0${key.text}`],
    ['another kind', key.text.replace('sk_', 'xx_')],
  ])('but not %s', async (_name, token) => {
    expect(await decide([token])).toEqual({ outcome: 'unauthorized', reason: 'malformed' });
  });
});

describe('refuses as unauthorized, all alike', () => {
  test.each<[string, () => string[]]>([
    ['no token', () => []],
    ['an empty token', () => ['']],
    ['the same token twice', () => [tokenOf(one), tokenOf(one)]],
    ['a malformed token', () => ['shop_one']],
    ['an expired token', () => [tokenOf(one, nowSeconds - 86_400)]],
    ['a token from too far ahead', () => [tokenOf(one, nowSeconds + 301)]],
    ['a token of an unknown shop', () => [tokenOf(testShop('shop_two'))]],
    ['a token signed with another key', () => [tokenOf({ ...one, apiKey: testShop().apiKey })]],
    [
      'a token minted for another shop with the same key',
      () => [mintWidgetToken('shop_three', nowSeconds, prepareHmacKey(Buffer.from(one.apiKey)))],
    ],
    ['a token under the sealed text as its key', () => [tokenOf({ ...one, apiKey: one.shop.keys[0]?.sealed ?? '' })]],
  ])('%s', async (_name, tokens) => {
    add(testShop('shop_three'));
    expect(await decide(tokens(), ['https://evil.example'])).toMatchObject({ outcome: 'unauthorized' });
  });

  test.each([
    ['of the moment of a revocation', 0],
    ['from before a revocation', -1],
  ])('a token %s', async (_name, offset) => {
    const revoked = add(testShop('shop_revoked', { tokensNotBefore: nowSeconds }));
    expect(await decide([tokenOf(revoked, nowSeconds + offset)])).toMatchObject({ outcome: 'unauthorized' });
    expect((await decide([tokenOf(revoked, nowSeconds + 1)])).outcome).toBe('allowed');
  });
});

describe('a token out of its time,', () => {
  const times = [
    ['expired', nowSeconds - 86_400],
    ['expired', nowSeconds - 7 * 86_400],
    ['not_yet_valid', nowSeconds + 301],
  ] as const;
  const ended = { credentialUntil: nowSeconds - 90_000, verifyUntil: nowSeconds - 3_000 };

  test.each(times)('%s, stamped %d, under the name of the shop whose key signed it', async (reason, stamp) => {
    expect(await decide([tokenOf(one, stamp)])).toEqual({ outcome: 'unauthorized', reason, shopId: 'shop_one' });
  });

  test.each(times)('%s, stamped %d, under no name if no key of the shop signed it', async (reason, stamp) => {
    expect(await decide([tokenOf({ ...one, apiKey: testShop().apiKey }, stamp)])).toEqual({
      outcome: 'unauthorized',
      reason,
    });
    expect(await decide([tokenOf(testShop('shop_two'), stamp)])).toEqual({ outcome: 'unauthorized', reason });
  });

  test('under the name of the shop if the key has ended since, and under none if it had ended before', async () => {
    const rotated = add(testShop('shop_rotated', {}, ended));
    const of = (stamp: number) => decide([tokenOf(rotated, stamp)]);
    expect(await of(ended.credentialUntil)).toMatchObject({ reason: 'expired', shopId: 'shop_rotated' });
    expect(await of(ended.credentialUntil + 1_000)).toEqual({ outcome: 'unauthorized', reason: 'expired' });
  });

  test.each(times)('%s, stamped %d, also while the store fails or the record is corrupt', async (reason, stamp) => {
    shopStore.failing = true;
    expect(await decide([tokenOf(one, stamp)])).toEqual({ outcome: 'unauthorized', reason });
    shopStore.failing = false;
    shopStore.records.set('shop_one', { kind: 'corrupt' });
    expect(await decide([tokenOf(one, stamp)])).toEqual({ outcome: 'unauthorized', reason });
  });

  test('of unknown shops costs what a good stamp does: a read for each, one in five seconds, in bounded memory', async () => {
    const strangers = Array.from({ length: 200 }, (_, at) => tokenOf(testShop(`shop_s${at}`), nowSeconds - 90_000));
    for (const token of [...strangers, ...strangers]) await decide([token]);
    expect([shopStore.reads, shops.size]).toEqual([200, 200]);
  });
});

describe('a change that a container does not know of yet', () => {
  const change = (changes: Parameters<typeof testShop>[1]): void => {
    add({ ...one, shop: { ...one.shop, ...changes } });
  };

  test('refuses no token of a new key: a record from before its stamp is read again first', async () => {
    await decide([tokenOf(one)]);
    const rotated = add(testShop());
    now += 1;
    expect((await decide([tokenOf(rotated)])).outcome).toBe('allowed');
  });

  test.each([1, 10, 299])(
    'refuses no token of a new key that the server of a shop stamped by a clock %d s behind',
    async (seconds) => {
      await decide([tokenOf(one)]);
      const rotated = add(testShop());
      now += 2_000;
      expect((await decide([tokenOf(rotated, nowSeconds + 2 - seconds)])).outcome).toBe('allowed');
    },
  );

  test('refuses no page of an origin that has just been added', async () => {
    await decide([tokenOf(one)]);
    change({ origins: ['https://new.example'] });
    now += 1;
    expect((await decide([tokenOf(one)], ['https://new.example'])).outcome).toBe('allowed');
  });

  test.each([1, 4, 6, 60, 299])(
    'refuses no token of a shop that was unknown, %d s later, while the store fails: nobody can say that it still is',
    async (seconds) => {
      const created = testShop('shop_new');
      expect((await decide([tokenOf(created)])).outcome).toBe('unauthorized');
      add(created);
      now += seconds * 1_000;
      shopStore.failing = true;
      await expect(decide([tokenOf(created, nowSeconds + seconds)])).rejects.toThrow('the store is down');
      shopStore.failing = false;
      expect((await decide([tokenOf(created, nowSeconds + seconds)])).outcome).toBe('allowed');
    },
  );

  test('refuses no token of a shop that was unknown a moment ago', async () => {
    const created = testShop('shop_new');
    expect((await decide([tokenOf(created)])).outcome).toBe('unauthorized');
    add(created);
    now += 1;
    expect((await decide([tokenOf(created)])).outcome).toBe('allowed');
  });

  test.each([
    ['of a known shop', () => tokenOf({ ...one, apiKey: testShop().apiKey }, nowSeconds - 600)],
    ['of an unknown shop', () => tokenOf(testShop('shop_two'), nowSeconds - 600)],
  ])('old junk %s costs one read in the life of a record', async (_name, token) => {
    for (const milliseconds of [0, 1_500, 1_500, 900]) {
      now += milliseconds;
      expect((await decide([token()])).outcome).toBe('unauthorized');
    }
    expect(shopStore.reads).toBe(1);
  });

  test.each([
    ['of a known shop', (stamp: number) => tokenOf({ ...one, apiKey: testShop().apiKey }, stamp)],
    ['of an unknown shop', (stamp: number) => tokenOf(testShop('shop_two'), stamp)],
  ])('a flood of forged tokens %s at the same moment costs two reads', async (_name, token) => {
    const flood = () => Promise.all(Array.from({ length: 300 }, () => decide([token(Math.floor(now / 1_000))])));
    await decide([token(nowSeconds)]);
    now += 100;
    for (const { outcome } of await flood()) expect(outcome).toBe('unauthorized');
    expect(shopStore.reads).toBe(1 + 2);
  });

  test.each<[string, Parameters<typeof testShop>[1], string[]]>([
    ['pages of a foreign origin', {}, ['https://evil.example']],
    ['revoked tokens', { tokensNotBefore: nowSeconds + 1 }, []],
  ])('a flood of %s costs one read a second', async (_name, changes, origins) => {
    change(changes);
    await decide([tokenOf(one)]);
    for (let call = 0; call < 300; call += 1) {
      expect((await decide([tokenOf(one)], origins)).outcome).not.toBe('allowed');
      now += 10;
    }
    expect(shopStore.reads).toBe(1 + 3);
  });

  test.each<[string, () => string[]]>([
    ['a forged token', () => [tokenOf({ ...one, apiKey: testShop().apiKey })]],
    ['a foreign page', () => [tokenOf(one)]],
  ])('refuses no token of a new key, though %s was refused for its shop a moment before', async (name, tokens) => {
    const origins = name === 'a foreign page' ? ['https://evil.example'] : [];
    await decide([tokenOf(one)]);
    now += 100;
    expect((await decide(tokens(), origins)).outcome).not.toBe('allowed');
    now += 300;
    const rotated = add(testShop());
    now += 100;
    expect((await decide([tokenOf(rotated)])).outcome).toBe('allowed');
  });

  test('refuses no token of a new shop, though a forged one was refused for its id a moment before', async () => {
    const created = testShop('shop_new');
    const forged = tokenOf({ ...created, apiKey: one.apiKey });
    for (const milliseconds of [0, 100]) {
      now += milliseconds;
      expect((await decide([forged])).outcome).toBe('unauthorized');
    }
    now += 300;
    add(created);
    now += 100;
    expect((await decide([tokenOf(created)])).outcome).toBe('allowed');
  });

  test("refuses no token of a new key by a load that a stranger's call had begun before", async () => {
    const stored = shopStore.read.bind(shopStore);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The store reads at once, and its first answer is slow.
    shopStore.read = async (shopId) => {
      const read = await stored(shopId);
      if (shopStore.reads === 1) await held;
      return read;
    };
    const forged = decide([tokenOf({ ...one, apiKey: testShop().apiKey })]);
    await new Promise((resolve) => setImmediate(resolve));
    now += 50;
    const rotated = add(testShop());
    now += 50;
    const called = decide([tokenOf(rotated)]);
    release();
    expect([(await forged).outcome, (await called).outcome]).toEqual(['unauthorized', 'allowed']);
  });
});

describe('the life of a key', () => {
  const credentialUntil = nowSeconds - 100;
  test.each([
    ['vouches for a token from before its end', { credentialUntil, verifyUntil: nowSeconds + 1 }, -100, 'allowed'],
    [
      'vouches for a token issued by a function that did not know of its end yet',
      { credentialUntil, verifyUntil: nowSeconds + 1 },
      -70,
      'allowed',
    ],
    ['refuses a token from later', { credentialUntil, verifyUntil: nowSeconds + 1 }, -69, 'unauthorized'],
    [
      'refuses everything once it no longer verifies',
      { credentialUntil, verifyUntil: nowSeconds },
      -200,
      'unauthorized',
    ],
  ])('a rotated key %s', async (_name, life, offset, outcome) => {
    const rotated = add(testShop('shop_rotated', {}, life));
    expect((await decide([tokenOf(rotated, nowSeconds + offset)])).outcome).toBe(outcome);
  });
});

describe('refuses a proven token as forbidden', () => {
  test.each([
    ['another origin', ['https://evil.example']],
    ['two origins', ['https://shop.example.com', 'https://shop.example.com']],
    ['null', ['null']],
    ['an empty origin', ['']],
  ])('%s', async (_name, origins) => {
    const refused = { outcome: 'origin_not_allowed', shopId: 'shop_one', origins };
    expect(await decide([tokenOf(one)], origins)).toEqual(refused);
  });

  test('no origin where the shop requires one', async () => {
    const strict = add(testShop('shop_strict', { requireOrigin: true }));
    expect(await decide([tokenOf(strict)])).toMatchObject({ outcome: 'origin_not_allowed', origins: [] });
  });

  test('a disabled shop', async () => {
    const disabled = add(testShop('shop_disabled', { disabled: true }));
    expect((await decide([tokenOf(disabled)])).outcome).toBe('shop_disabled');
    expect((await decide([tokenOf({ ...disabled, apiKey: one.apiKey })])).outcome).toBe('unauthorized');
  });
});

describe('a fault', () => {
  test.each<[string, (created: TestShop) => Partial<TestShop['shop']>]>([
    [
      'a broken ciphertext',
      ({ shop }) => ({ keys: shop.keys.map((key) => ({ ...key, sealed: `${key.sealed.slice(0, -2)}xx` })) }),
    ],
    ['text for a ciphertext', ({ shop }) => ({ keys: shop.keys.map((key) => ({ ...key, sealed: 'x' })) })],
    [
      'the ciphertext of another shop',
      ({ shop }) => ({ keys: shop.keys.map((key) => ({ ...key, sealed: one.shop.keys[0]?.sealed ?? '' })) }),
    ],
    [
      'a key id that is not the sealed one',
      ({ shop }) => ({ keys: shop.keys.map((key) => ({ ...key, keyId: 'other000' })) }),
    ],
  ])('%s makes that shop unavailable and leaves the others alone', async (_name, corrupt) => {
    const broken = testShop('shop_broken');
    add({ ...broken, shop: { ...broken.shop, ...corrupt(broken) } });
    expect(await decide([tokenOf(broken)])).toEqual({ outcome: 'corrupt_record', shopId: 'shop_broken' });
    expect((await decide([tokenOf(one)])).outcome).toBe('allowed');
  });

  test('a store that is down is an error for new shops and harmless for known ones', async () => {
    await decide([tokenOf(one)]);
    shopStore.failing = true;
    now += 60_000;
    expect((await decide([tokenOf(one)])).outcome).toBe('allowed');
    await expect(decide([tokenOf(testShop('shop_two'), nowSeconds)])).rejects.toThrow('the store is down');
  });

  test.each<[string, () => string, string[]]>([
    ['a bad signature', () => tokenOf({ ...one, apiKey: testShop().apiKey }), []],
    ['a foreign origin', () => tokenOf(one), ['https://evil.example']],
    ['a revoked token', () => tokenOf(one, nowSeconds - 10), []],
  ])('while the store is down %s is an error, since the record may have changed', async (_name, token, origins) => {
    one = add(testShop('shop_one', { tokensNotBefore: nowSeconds - 5 }));
    await decide([tokenOf(one)]);
    shopStore.failing = true;
    now += 60_000;
    await expect(decide([token()], origins)).rejects.toThrow('the store is down');
    expect((await decide([tokenOf(one)])).outcome).toBe('allowed');
  });

  test('an unreadable ring is an error, never a refusal', async () => {
    ringStore.failing = true;
    await expect(decide([tokenOf(one)])).rejects.toThrow('out of reach');
  });

  test('a key sealed by a ring key that is newer than our ring is opened after one refresh', async () => {
    await decide([tokenOf(one)]);
    ringStore.text = ringText({ rk_1: 'r'.repeat(64), rk_2: 's'.repeat(64) }, 'rk_2');
    const newer = add(testShop('shop_newer', {}, {}, ringStore.text));
    now += 10_000;
    expect((await decide([tokenOf(newer)])).outcome).toBe('allowed');
  });

  test("a known shop outlives a ring that can't be brought up to date, and is not a corrupt one", async () => {
    await decide([tokenOf(one)]);
    const newer = ringText({ rk_1: 'r'.repeat(64), rk_2: 's'.repeat(64) }, 'rk_2');
    const resealed = testShop('shop_one', {}, {}, newer);
    add(resealed);
    ringStore.failing = true;
    now += 20_000;
    expect((await decide([tokenOf(one)])).outcome).toBe('allowed');
    await expect(decide([tokenOf(add(testShop('shop_new', {}, {}, newer)))])).rejects.toThrow('a ring key is unknown');
  });

  test('an item copied from another deployment does not open', async () => {
    const ring = new RingKeeper({
      store: ringStore,
      derive: sealingKeysFor('shop-key', 'widget-gate:000000000000:prod'),
      now: () => now,
      random: () => 0.5,
    });
    const elsewhere = createVerifiableShops({
      store: shopStore,
      ring,
      deployment: 'widget-gate:000000000000:prod',
      stageOrigins: [],
      now: () => now,
      random: () => 0.5,
    });
    const decision = await authorizeWidgetCall({ tokens: [tokenOf(one)], origins: [] }, elsewhere, nowSeconds);
    expect(decision.outcome).toBe('corrupt_record');
    expect(RING_TEXT).toBe(ringStore.text);
  });
});
