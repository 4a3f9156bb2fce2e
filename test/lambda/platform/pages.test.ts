import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { IAMClient } from '@aws-sdk/client-iam';
import { IamAdminGroup } from '#lambda/admin-login/admin-group.store.ts';
import { DynamoAuditStore } from '#lambda/audit/trail-query.store.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import { DynamoKeyUseStore } from '#lambda/service-keys/key-use.store.ts';
import { DynamoServiceKeyStore } from '#lambda/service-keys/service-key.store.ts';
import { DynamoRingReferences } from '#lambda/shops/ring-references.store.ts';
import { DynamoShopStore } from '#lambda/shops/shop.store.ts';
import { MemoryTable } from '#test/support/memory-table.ts';
import { testShop } from '#test/support/shops.ts';

type Item = Record<string, AttributeValue>;

/** A client that gives these answers in turn, the last one again and again, and keeps what it was asked. */
function answering<Client>(...answers: object[]): { client: Client; asked: Record<string, unknown>[] } {
  const asked: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }): Promise<object> => {
    asked.push(input);
    return answers[Math.min(asked.length, answers.length) - 1] ?? {};
  };
  return { client: { send } as Client, asked };
}

const NOW = 1_800_000_000;

async function written(write: (client: DynamoDBClient) => Promise<unknown>): Promise<Item> {
  const table = new MemoryTable();
  await write(table.client);
  return table.last;
}

const serviceKeyItem = (keyId: string): Promise<Item> =>
  written((client) =>
    new DynamoServiceKeyStore(client, 'keys').create({
      keyId,
      purpose: 'analytics',
      label: 'portal',
      allowedOrigins: [],
      sha256: 'a'.repeat(64),
      version: 1,
      createdAt: NOW,
      tokensNotBefore: 0,
    }),
  );
const shopItem = (shopId: string): Promise<Item> =>
  written((client) => new DynamoShopStore(client, 'shops').create(testShop(shopId).shop));
const entryItem = (id: string): Promise<Item> =>
  written((client) =>
    new DynamoAuditStore(client, 'table', 1).append([
      { id, at: NOW * 1_000, subject: 'shop_one', action: 'reset-keys', code: 'done' },
    ]),
  );

test('every page of the service keys is read, also behind an empty one, and what is corrupt on each is named', async () => {
  const after = { keyId: { S: 'bbbbbbbb' } };
  const { client, asked } = answering<DynamoDBClient>(
    { Items: [await serviceKeyItem('aaaaaaaa'), { keyId: { S: 'bbbbbbbb' } }], LastEvaluatedKey: after },
    { Items: [], LastEvaluatedKey: { keyId: { S: 'cccccccc' } } },
    { Items: [await serviceKeyItem('dddddddd'), {}] },
  );
  const { keys, corruptIds } = await new DynamoServiceKeyStore(client, 'keys').list();
  expect(keys.map(({ keyId }) => keyId)).toEqual(['aaaaaaaa', 'dddddddd']);
  expect(corruptIds).toEqual(['bbbbbbbb', '']);
  expect(asked.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
    undefined,
    after,
    { keyId: { S: 'cccccccc' } },
  ]);
  for (const query of asked)
    expect(query).toMatchObject({
      TableName: 'keys',
      IndexName: 'serviceKeys',
      KeyConditionExpression: 'listed = :listed',
      ExpressionAttributeValues: { ':listed': { S: 'service-keys' } },
    });
});

describe('a page of shops', () => {
  test('begins after the shop that it is asked for, and says where the next one begins', async () => {
    const Items = [await shopItem('shop_b'), await shopItem('shop_c')];
    const { client, asked } = answering<DynamoDBClient>({ Items, LastEvaluatedKey: { shopId: { S: 'shop_c' } } });
    const page = await new DynamoShopStore(client, 'shops').list(2, 'shop_a');
    expect(page.shops.map(({ shopId, stored }) => [shopId, stored.kind])).toEqual([
      ['shop_b', 'found'],
      ['shop_c', 'found'],
    ]);
    expect(page.after).toBe('shop_c');
    expect(asked).toEqual([{ TableName: 'shops', Limit: 2, ExclusiveStartKey: { shopId: { S: 'shop_a' } } }]);
  });

  test('is the last one when nothing follows', async () => {
    const { client, asked } = answering<DynamoDBClient>({ Items: [await shopItem('shop_b')] });
    expect(await new DynamoShopStore(client, 'shops').list(5)).not.toHaveProperty('after');
    expect(asked).toEqual([{ TableName: 'shops', Limit: 5 }]);
  });

  test('goes on where it would end at an item that is not a shop', async () => {
    const { client, asked } = answering<DynamoDBClient>(
      {
        Items: [await shopItem('shop_a'), { shopId: { S: 'no shop' } }],
        LastEvaluatedKey: { shopId: { S: 'no shop' } },
      },
      { Items: [await shopItem('shop_b')], LastEvaluatedKey: { shopId: { S: 'shop_b' } } },
    );
    const page = await new DynamoShopStore(client, 'shops').list(2);
    expect(page.shops.map(({ shopId, stored }) => [shopId, stored.kind])).toEqual([
      ['shop_a', 'found'],
      ['no shop', 'corrupt'],
      ['shop_b', 'found'],
    ]);
    expect(page.after).toBe('shop_b');
    expect(asked[1]).toEqual({ TableName: 'shops', Limit: 1, ExclusiveStartKey: { shopId: { S: 'no shop' } } });
  });
});

describe('ring references', () => {
  const sealed = (text: string): Item => ({ shopId: { S: 'shop_a' }, keys: { L: [{ M: { sealed: { S: text } } }] } });

  test('come in pages, each read as the table is now, of which the last names no next', async () => {
    const header = Buffer.from('{"alg":"dir","enc":"A256GCM","kid":"rk_7"}').toString('base64url');
    const { client, asked } = answering<DynamoDBClient>(
      {
        Items: [sealed(`${header}..aaaaaaaaaaaaaaaa.b.cccccccccccccccccccccc`)],
        LastEvaluatedKey: { shopId: { S: 'shop_a' } },
      },
      { Items: [sealed('junk'), { shopId: { S: 'shop_b' } }, {}] },
    );
    const store = new DynamoRingReferences(client, 'shops');
    expect(await store.page(undefined)).toEqual({
      shops: [{ shopId: 'shop_a', ringKeyIds: ['rk_7'] }],
      next: 'shop_a',
    });
    expect(await store.page('shop_a')).toEqual({
      shops: [
        { shopId: 'shop_a', ringKeyIds: [undefined] },
        { shopId: 'shop_b', ringKeyIds: [undefined] },
        { shopId: '', ringKeyIds: [undefined] },
      ],
    });
    const each = {
      TableName: 'shops',
      ConsistentRead: true,
      Limit: 100,
      ProjectionExpression: 'shopId, #keys',
      ExpressionAttributeNames: { '#keys': 'keys' },
    };
    expect(asked).toEqual([each, { ...each, ExclusiveStartKey: { shopId: { S: 'shop_a' } } }]);
  });
});

describe("the administrators' group", () => {
  const groupOf = (...answers: object[]) => {
    const { client, asked } = answering<IAMClient>(...answers);
    return { group: new IamAdminGroup('Admins', client), asked };
  };

  test('is read to its last page', async () => {
    const { group, asked } = groupOf(
      { Users: [{ UserId: 'AIDAONE' }, {}], IsTruncated: true, Marker: 'm1' },
      { IsTruncated: true, Marker: 'm2' },
      { Users: [{ UserId: 'AIDATWO' }], IsTruncated: false },
    );
    expect([...(await group.memberIds())]).toEqual(['AIDAONE', 'AIDATWO']);
    expect(asked).toEqual([
      { GroupName: 'Admins', MaxItems: 1_000 },
      { GroupName: 'Admins', MaxItems: 1_000, Marker: 'm1' },
      { GroupName: 'Admins', MaxItems: 1_000, Marker: 'm2' },
    ]);
  });

  test('that has no end is an outage, after twenty pages', async () => {
    const { group, asked } = groupOf({ Users: [{ UserId: 'AIDAONE' }], IsTruncated: true, Marker: 'again' });
    await expect(group.memberIds()).rejects.toBeInstanceOf(DependencyError);
    expect(asked).toHaveLength(20);
  });

  test("that cannot be read is an outage that names the fault's kind alone", async () => {
    const failing = { send: () => Promise.reject(Object.assign(new Error('arn:aws:iam'), { name: 'NoSuchEntity' })) };
    await expect(new IamAdminGroup('Admins', failing as unknown as IAMClient).memberIds()).rejects.toMatchObject({
      name: 'DependencyError',
      message: 'read admin group failed: NoSuchEntity',
    });
  });
});

describe('the audit trail', () => {
  const query = { from: (NOW - 86_400) * 1_000, to: (NOW + 60) * 1_000, limit: 2 };
  const key = { subject: { S: 'shop_one' }, at: { S: `${new Date(NOW * 1_000).toISOString()}#e1` } };

  test('of a subject goes on behind the last entry of a page, with the times of the first page', async () => {
    const { client, asked } = answering<DynamoDBClient>(
      { Items: [await entryItem('e1')], LastEvaluatedKey: key },
      { Items: [await entryItem('e2')], LastEvaluatedKey: key },
      { Items: [await entryItem('e3')] },
    );
    const store = new DynamoAuditStore(client, 'audit', 1);
    const first = await store.query({ ...query, subject: 'shop_one' });
    expect(first?.entries.map(({ id }) => id)).toEqual(['e1', 'e2']);
    const second = await store.query({ ...query, to: query.to + 5, subject: 'shop_one', cursor: first?.cursor ?? '' });
    expect(second).toEqual({ entries: [expect.objectContaining({ id: 'e3' })] });
    expect(asked.map(({ ExclusiveStartKey, Limit }) => [ExclusiveStartKey, Limit])).toEqual([
      [undefined, 2],
      [key, 1],
      [key, 2],
    ]);
    for (const one of asked) {
      expect(one).toMatchObject({ TableName: 'audit', ConsistentRead: true, ScanIndexForward: false });
      expect(one).not.toHaveProperty('IndexName');
    }
    expect(asked[2]?.ExpressionAttributeValues).toEqual(asked[0]?.ExpressionAttributeValues);
  });

  test('of all subjects goes from day to day to the day of its beginning, and through every page of a day', async () => {
    const dayKey = { ...key, day: { S: new Date(NOW * 1_000).toISOString().slice(0, 10) } };
    const { client, asked } = answering<DynamoDBClient>(
      { Items: [await entryItem('e1')], LastEvaluatedKey: dayKey },
      { Items: [] },
      { Items: [await entryItem('e2')] },
    );
    const page = await new DynamoAuditStore(client, 'audit', 1).query({ ...query, limit: 10 });
    expect(page).toEqual({
      entries: [expect.objectContaining({ id: 'e1' }), expect.objectContaining({ id: 'e2' })],
    });
    const days = asked.map(({ ExpressionAttributeValues }) => (ExpressionAttributeValues as Item)[':partition']?.S);
    expect(days).toEqual(['2027-01-15', '2027-01-15', '2027-01-14']);
    expect(asked.map(({ ExclusiveStartKey, IndexName }) => [ExclusiveStartKey, IndexName])).toEqual([
      [undefined, 'byDay'],
      [dayKey, 'byDay'],
      [undefined, 'byDay'],
    ]);
    for (const one of asked) expect(one).not.toHaveProperty('ConsistentRead');
  });

  test('looks at ten days at most for one answer, and says where to go on', async () => {
    const { client, asked } = answering<DynamoDBClient>({ Items: [] });
    const store = new DynamoAuditStore(client, 'audit', 1);
    const month = { ...query, from: (NOW - 30 * 86_400) * 1_000 };
    const first = await store.query(month);
    expect([first?.entries, asked.length]).toEqual([[], 10]);
    await store.query({ ...month, cursor: first?.cursor ?? '' });
    expect(asked[10]).toMatchObject({ ExpressionAttributeValues: { ':partition': { S: '2027-01-05' } } });
  });
});

describe('uses of keys', () => {
  const use = (keyId: string): Item => ({
    schemaVersion: { N: '1' },
    sessionHash: { S: `key-use/${keyId}` },
    kind: { S: 'key-use' },
    usedAt: { N: String(NOW) },
  });

  test('that DynamoDB left out of a batch are asked for again, and only those', async () => {
    const left = { session: { Keys: [{ sessionHash: { S: 'key-use/b' } }] } };
    const { client, asked } = answering<DynamoDBClient>(
      { Responses: { session: [use('a')] }, UnprocessedKeys: left },
      { Responses: { session: [use('b')] } },
    );
    const uses = await new DynamoKeyUseStore(client, 'session').lastUses(['a', 'b', 'a']);
    expect([...uses]).toEqual([
      ['a', NOW],
      ['b', NOW],
    ]);
    expect(asked.map(({ RequestItems }) => RequestItems)).toEqual([
      { session: { Keys: [{ sessionHash: { S: 'key-use/a' } }, { sessionHash: { S: 'key-use/b' } }] } },
      left,
    ]);
  });

  test('that DynamoDB leaves out three times are an outage', async () => {
    const left = { session: { Keys: [{ sessionHash: { S: 'key-use/b' } }] } };
    const { client, asked } = answering<DynamoDBClient>({ UnprocessedKeys: left });
    await expect(new DynamoKeyUseStore(client, 'session').lastUses(['b'])).rejects.toBeInstanceOf(DependencyError);
    expect(asked).toHaveLength(3);
  });
});
