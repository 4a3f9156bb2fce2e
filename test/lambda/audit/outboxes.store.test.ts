import { type AttributeValue, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { limits } from '#contract/limits.ts';
import { DynamoRevocationStore } from '#lambda/analytics/revocation.store.ts';
import type { AuditEntry } from '#lambda/audit/entry.ts';
import { DynamoKeptEntries } from '#lambda/audit/kept-entries.store.ts';
import { type WaitingRecord, withEntry } from '#lambda/audit/outbox.ts';
import { DynamoAuditOutboxes } from '#lambda/audit/outboxes.store.ts';
import { DynamoServiceKeyStore } from '#lambda/service-keys/service-key.store.ts';
import { DynamoShopStore } from '#lambda/shops/shop.store.ts';
import { table, testDeployment } from '#test/local/aws/support/deployment.ts';
import { clientsOf, closeAll, startTestAws } from '#test/local/aws/support/host.ts';
import { testShop } from '#test/support/shops.ts';

const NOW = 1_800_000_000;
const TABLES = { shops: 'shops', keys: 'keys', sessions: 'sessions' };
const KEYS = { shops: 'shopId', keys: 'keyId', sessions: 'sessionHash' };
const entry: AuditEntry = { id: 'e1', at: NOW * 1_000, subject: 'shop_one', action: 'reset-keys', code: 'done' };
const audited = withEntry(undefined, entry);
const serviceKey = {
  keyId: 'abcdefgh',
  purpose: 'analytics' as const,
  label: 'portal',
  allowedOrigins: [],
  sha256: 'a'.repeat(64),
  version: 1,
  createdAt: NOW,
  tokensNotBefore: 0,
};

let client: DynamoDBClient;
let outboxes: DynamoAuditOutboxes;
beforeEach(async () => {
  const tables = Object.entries(KEYS).map(([name, key]) =>
    table(name, {
      attributeDefinitions: [key, 'auditPending'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      keySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      globalSecondaryIndexes: [
        {
          IndexName: 'auditPending',
          KeySchema: [
            { AttributeName: 'auditPending', KeyType: 'HASH' },
            { AttributeName: key, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['auditOutbox'] },
        },
      ],
    }),
  );
  client = clientsOf(await startTestAws({ deployment: testDeployment({ tables }) })).dynamodb;
  outboxes = new DynamoAuditOutboxes(client, TABLES);
});
afterEach(closeAll);

const waiting = async (): Promise<WaitingRecord[]> => {
  const records: WaitingRecord[] = [];
  for await (const page of outboxes.waiting()) records.push(...page);
  return records;
};
const itemOf = async (tableName: keyof typeof KEYS, key: string): Promise<Record<string, AttributeValue>> => {
  const Key = { [KEYS[tableName]]: { S: key } };
  return (await client.send(new GetItemCommand({ TableName: tableName, Key }))).Item ?? {};
};
const keep = async (): Promise<void> => {
  await new DynamoShopStore(client, 'shops').create({ ...testShop().shop, ...audited });
  await new DynamoServiceKeyStore(client, 'keys').create({ ...serviceKey, ...audited });
  const revocations = new DynamoRevocationStore(client, 'sessions');
  await revocations.replace({ kind: 'user', id: 'u-1' }, { notBefore: NOW, ...audited }, undefined);
};

test('shops, service keys and revocations with entries are found, and no others', async () => {
  await keep();
  await new DynamoShopStore(client, 'shops').create(testShop('shop_two').shop);
  const { auditOutbox } = audited;
  expect(await waiting()).toEqual([
    { kind: 'shop', id: 'shop_one', auditOutbox },
    { kind: 'service-key', id: 'abcdefgh', auditOutbox },
    { kind: 'revocation', id: 'user/u-1', auditOutbox },
  ]);
});

test('a record whose outbox was emptied is as it was, but found no more', async () => {
  await keep();
  const before = await itemOf('shops', 'shop_one');
  for (const record of await waiting()) await outboxes.empty(record);
  expect(await waiting()).toEqual([]);
  const { auditPending: _mark, auditOutbox: _outbox, ...rest } = before;
  expect(await itemOf('shops', 'shop_one')).toEqual({ ...rest, auditOutbox: { S: '[]' } });
});

test('an outbox that got a further entry meanwhile stays as it is', async () => {
  await keep();
  const [seen] = await waiting();
  const store = new DynamoShopStore(client, 'shops');
  const more = withEntry(audited, { ...entry, id: 'e2' });
  await store.replace({ ...testShop().shop, ...more, version: 2 });
  await outboxes.empty(seen as WaitingRecord);
  expect((await waiting())[0]?.auditOutbox).toBe(more.auditOutbox);
});

test('a revocation does not expire before its entry is in the trail, and then it does', async () => {
  await keep();
  expect(await itemOf('sessions', 'revoked/user/u-1')).not.toHaveProperty('expiresAt');
  for (const record of await waiting()) await outboxes.empty(record);
  expect((await itemOf('sessions', 'revoked/user/u-1')).expiresAt).toEqual({
    N: String(NOW + limits.revocationKeptSeconds),
  });
});

test.each([
  ['keptEntry', 'kept-entry', 'kept/e1'],
  ['keptLogin', 'kept-login', 'kept-login/e1'],
] as const)(
  'an entry that is kept as %s is found, and does not expire before it is in the trail',
  async (kind, found, key) => {
    const store = new DynamoKeptEntries(client, 'sessions', kind);
    await store.keep(entry);
    await store.keep(entry);
    expect(await waiting()).toEqual([{ kind: found, id: 'e1', auditOutbox: JSON.stringify([entry]) }]);
    expect(await itemOf('sessions', key)).not.toHaveProperty('expiresAt');
    for (const record of await waiting()) await outboxes.empty(record);
    expect(await waiting()).toEqual([]);
    expect((await itemOf('sessions', key)).expiresAt).toEqual({ N: String(NOW) });
  },
);

test("what strangers' functions keep is found last, so that it keeps nothing else from being copied", async () => {
  await new DynamoKeptEntries(client, 'sessions', 'keptLogin').keep(entry);
  await new DynamoKeptEntries(client, 'sessions', 'keptEntry').keep({ ...entry, id: 'e2' });
  await keep();
  expect((await waiting()).map(({ kind }) => kind)).toEqual([
    'shop',
    'service-key',
    'revocation',
    'kept-entry',
    'kept-login',
  ]);
});

test('a record of the release before, which has no outbox, is marked as copied, unless it was changed meanwhile', async () => {
  const store = new DynamoShopStore(client, 'shops');
  const { lastAudit } = audited;
  await store.create({ ...testShop().shop, lastAudit });
  await outboxes.empty({ kind: 'shop', id: 'shop_one', lastAudit: '{"id":"other"}' });
  expect(await itemOf('shops', 'shop_one')).not.toHaveProperty('auditOutbox');
  await outboxes.empty({ kind: 'shop', id: 'shop_one', lastAudit });
  expect((await itemOf('shops', 'shop_one')).auditOutbox).toEqual({ S: '[]' });
});

test.each(['ended/x', 'temp/x', 'key-use/x', 'a'.repeat(64)])(
  'an item %s, which functions that anyone can reach may write, is never taken for a record with entries',
  async (sessionHash) => {
    const Item = { sessionHash, auditPending: 'pending', auditOutbox: audited.auditOutbox };
    const item = Object.fromEntries(Object.entries(Item).map(([name, S]) => [name, { S }]));
    await client.send(new PutItemCommand({ TableName: 'sessions', Item: item }));
    expect(await waiting()).toEqual([]);
  },
);

test('more records than a page holds are all found, page by page', async () => {
  const store = new DynamoShopStore(client, 'shops');
  for (let at = 0; at < 60; at += 1) await store.create({ ...testShop(`shop_${at}`).shop, ...audited });
  const pages: string[][] = [];
  for await (const page of outboxes.waiting()) pages.push(page.map(({ id }) => id));
  expect(pages.map(({ length }) => length)).toEqual([25, 25, 10]);
  expect(new Set(pages.flat()).size).toBe(60);
});

test('a table that fails is an outage', async () => {
  const send = () => Promise.reject(new Error('out of reach'));
  const failing = new DynamoAuditOutboxes({ send } as unknown as DynamoDBClient, TABLES);
  await expect(failing.empty({ kind: 'shop', id: 'shop_one' })).rejects.toMatchObject({ name: 'DependencyError' });
  await expect(failing.waiting()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ name: 'DependencyError' });
});
