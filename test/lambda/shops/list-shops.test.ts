import type { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import * as v from 'valibot';
import { adminApi } from '#contract/admin-api.ts';
import { checkOf } from '#lambda/admin-api/check-members.ts';
import { listShops } from '#lambda/shops/list-shops.ts';
import { DynamoShopStore, writeShopItem } from '#lambda/shops/shop.store.ts';
import { isShopId, readShopCursor, writeShopCursor } from '#lambda/shops/shop-id.ts';
import { testOrigin } from '#lambda/shops/test-origin.ts';
import { MemoryShopStore, testShop } from '#test/support/shops.ts';

const shops = ['shop_a', 'shop_b', 'shop_c'].map((shopId) => testShop(shopId).shop);
const memoryStore = (): MemoryShopStore => {
  const store = new MemoryShopStore();
  for (const shop of shops) store.put(shop.shopId, shop);
  return store;
};

test('a list goes on where it ended, and ends without a cursor', async () => {
  const store = memoryStore();
  const first = await listShops({ limit: 2 }, store);
  expect(first).toEqual({ shops: shops.slice(0, 2), cursor: writeShopCursor('shop_b') });
  expect(await listShops({ limit: 2, after: 'shop_b' }, store)).toEqual({ shops: shops.slice(2) });
});

test('a corrupt record has its place in the list and harms no other', async () => {
  const store = memoryStore();
  store.records.set('shop_b', { kind: 'corrupt' });
  expect((await listShops({ limit: 50 }, store)).shops).toEqual([
    shops[0],
    { shopId: 'shop_b', corrupt: true },
    shops[2],
  ]);
});

test('a cursor is read as it was written, and no other text is', () => {
  const shopId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
  fc.assert(fc.property(shopId, (id) => readShopCursor(writeShopCursor(id)) === id));
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = readShopCursor(text);
      return read === undefined || (isShopId(read) && writeShopCursor(read) === text);
    }),
  );
});

const check = checkOf(adminApi['list-shops'].request.members, [], true);
const parse = (members: object) => v.safeParse(check, members);

test.each<[string, object, string]>([
  ['a limit of 0', { limit: '0' }, 'limit'],
  ['a limit over 100', { limit: '101' }, 'limit'],
  ['a fraction', { limit: '1.5' }, 'limit'],
  ['a limit that is not a text of a query', { limit: 5 }, 'limit'],
  ['an invalid cursor', { cursor: 'x' }, 'cursor'],
  ['a cursor of something else', { cursor: writeShopCursor('../x') }, 'cursor'],
  ['an unknown member', { after: 'shop_a' }, 'after'],
])('refuses %s and names the member', (_what, members, member) => {
  const parsed = parse(members);
  expect(parsed.success ? 'accepted' : v.getDotPath(parsed.issues[0])).toBe(member);
});

test('a request to list is read with its default, and its cursor as the shop id that it represents', () => {
  expect(parse({}).output).toEqual({ limit: 50 });
  const cursor = writeShopCursor('shop_b');
  expect(parse({ limit: '7', cursor }).output).toEqual({ limit: 7, cursor: 'shop_b' });
});

describe('the table', () => {
  const sent: object[] = [];
  const storeAnswering = (...pages: object[]): DynamoShopStore => {
    sent.length = 0;
    const send = async ({ input }: ScanCommand): Promise<object> => {
      sent.push(input);
      return pages[sent.length - 1] ?? {};
    };
    return new DynamoShopStore({ send } as unknown as DynamoDBClient, 'shops');
  };
  const [one, two] = shops.map(writeShopItem);

  test('is scanned by pages', async () => {
    const store = storeAnswering({ Items: [one], LastEvaluatedKey: { shopId: { S: 'shop_a' } } }, { Items: [two] });
    expect(await store.list(1)).toEqual({
      shops: [{ shopId: 'shop_a', stored: { kind: 'found', value: shops[0] } }],
      after: 'shop_a',
    });
    expect(await store.list(1, 'shop_a')).toEqual({
      shops: [{ shopId: 'shop_b', stored: { kind: 'found', value: shops[1] } }],
    });
    expect(sent).toEqual([
      { TableName: 'shops', Limit: 1 },
      { TableName: 'shops', Limit: 1, ExclusiveStartKey: { shopId: { S: 'shop_a' } } },
    ]);
  });

  test('may hold an item that is not ours, even last on a page', async () => {
    const odd = { shopId: { S: '../odd' }, url: { N: '1' } };
    const store = storeAnswering(
      { Items: [one, odd], LastEvaluatedKey: { shopId: { S: '../odd' } } },
      { Items: [two], LastEvaluatedKey: { shopId: { S: 'shop_b' } } },
    );
    const page = await store.list(2);
    expect(page.shops.map(({ shopId, stored }) => [shopId, stored.kind])).toEqual([
      ['shop_a', 'found'],
      ['../odd', 'corrupt'],
      ['shop_b', 'found'],
    ]);
    expect(page.after).toBe('shop_b');
  });
});

describe('an origin is tested', () => {
  const ask = (origin: string, shopId = 'shop_a') =>
    testOrigin({ shopId, origin }, memoryStore(), ['https://*.stage.example.com']);

  test.each([
    ['https://shop.example.com', true],
    ['https://x.stage.example.com', true],
    ['https://evil.example', false],
    ['null', false],
  ])("%s: %s, by the shop's list or the stage's", async (origin, allowed) => {
    expect(await ask(origin)).toEqual({ ok: true, allowed, origin });
  });

  test.each([
    ['https://shop.example.com/en/?x#y', 'https://shop.example.com', true],
    ['SHOP.example.com', 'https://shop.example.com', true],
    ['shop.example.com:443/en', 'https://shop.example.com', true],
    [' https://shop.example.com:443 ', 'https://shop.example.com', true],
    ['https://user@shop.example.com', 'https://shop.example.com', true],
    ['https://shop.example.com@evil.example/', 'https://evil.example', false],
    ['https://evil.example/.stage.example.com', 'https://evil.example', false],
    ['http://shop.example.com', 'http://shop.example.com', false],
    ['https://192.0.2.1/x', 'https://192.0.2.1', false],
    ['https://*.stage.example.com', 'https://*.stage.example.com', false],
    ['capacitor://localhost', 'capacitor://localhost', false],
    ['shop', 'shop', false],
    ['', '', false],
  ])('%j: as a browser there sends it, %s', async (given, origin, allowed) => {
    expect(await ask(given)).toEqual({ ok: true, allowed, origin });
  });

  test('and refused for a shop that is not there', async () => {
    expect(await ask('https://shop.example.com', 'shop_none')).toEqual({ ok: false, reason: 'shop_not_found' });
  });

  test('and an error for a corrupt one', async () => {
    const store = memoryStore();
    store.records.set('shop_a', { kind: 'corrupt' });
    await expect(testOrigin({ shopId: 'shop_a', origin: 'x' }, store, [])).rejects.toThrow('corrupt');
  });
});
