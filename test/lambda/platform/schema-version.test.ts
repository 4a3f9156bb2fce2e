import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoSessionStore } from '#lambda/admin-login/admin-session.store.ts';
import { DynamoLoginLinkStore } from '#lambda/admin-login/login-link.store.ts';
import { DynamoRevocationStore } from '#lambda/analytics/revocation.store.ts';
import { DynamoTempTokenStore } from '#lambda/analytics/temp-token.store.ts';
import { DynamoAuditStore } from '#lambda/audit/trail-query.store.ts';
import { SCHEMA_VERSION } from '#lambda/platform/schema-version.ts';
import { DynamoKeyUseStore } from '#lambda/service-keys/key-use.store.ts';
import { DynamoServiceKeyStore } from '#lambda/service-keys/service-key.store.ts';
import { DynamoShopStore } from '#lambda/shops/shop.store.ts';
import { DynamoKeyStore } from '#lambda/shops/shop-key.store.ts';
import { NOW } from '#test/support/analytics.ts';
import { MemoryTable } from '#test/support/memory-table.ts';
import { testShop } from '#test/support/shops.ts';

const hash = 'a'.repeat(64);
const { shop, keyRecord } = testShop();
const serviceKey = {
  keyId: 'abcdefgh',
  purpose: 'analytics' as const,
  label: 'portal',
  allowedOrigins: [],
  sha256: hash,
  version: 1,
  createdAt: NOW,
  tokensNotBefore: 0,
};
const adminSession = {
  sessionHash: hash,
  arn: 'arn:aws:iam::000000000000:user/alice',
  userId: 'AIDAEXAMPLE',
  userName: 'alice',
  createdAt: NOW,
  lastSeenAt: NOW,
  provenAt: NOW,
};
const tempToken = {
  userId: 'u-17',
  appId: 'sales',
  claims: {},
  keyId: 'abcdefgh',
  issuedAt: NOW,
  expiresAt: NOW + 60,
  sessionEndsAt: NOW + 28_800,
};
const loginLink = { askedBy: hash, expiresAt: NOW + 60 };
const subject = { kind: 'user', id: 'u-17' } as const;
const revocation = { notBefore: NOW };
const entry = { id: 'e1', at: NOW * 1_000, subject: shop.shopId, action: 'reset-keys', code: 'done', after: { a: 1 } };

interface Kind {
  readonly name: string;
  readonly write: (client: DynamoDBClient) => Promise<unknown>;
  readonly read: (client: DynamoDBClient) => Promise<unknown>;
  readonly found: unknown;
  readonly corrupt: unknown;
  /** What an item without a version is read as; those of 0.1.0 had one from the beginning, or not. */
  readonly unversioned: 'found' | 'corrupt';
}
const stored = (value: unknown) => ({ found: { kind: 'found', value }, corrupt: { kind: 'corrupt' } });

const kinds: Kind[] = [
  {
    name: 'a shop',
    write: (client) => new DynamoShopStore(client, 'table').create(shop),
    read: (client) => new DynamoShopStore(client, 'table').read(shop.shopId),
    ...stored(shop),
    unversioned: 'corrupt',
  },
  {
    name: 'a listed shop',
    write: (client) => new DynamoShopStore(client, 'table').create(shop),
    read: async (client) => (await new DynamoShopStore(client, 'table').list(1)).shops[0]?.stored,
    ...stored(shop),
    unversioned: 'corrupt',
  },
  {
    name: 'a key record',
    write: (client) => new DynamoKeyStore(client, 'table').create(keyRecord),
    read: (client) => new DynamoKeyStore(client, 'table').read(keyRecord.keyId),
    ...stored(keyRecord),
    unversioned: 'corrupt',
  },
  {
    name: 'a service key',
    write: (client) => new DynamoServiceKeyStore(client, 'table').create(serviceKey),
    read: (client) => new DynamoServiceKeyStore(client, 'table').read(serviceKey.keyId),
    ...stored(serviceKey),
    unversioned: 'corrupt',
  },
  {
    name: 'a listed service key',
    write: (client) => new DynamoServiceKeyStore(client, 'table').create(serviceKey),
    read: (client) => new DynamoServiceKeyStore(client, 'table').list(),
    found: { keys: [serviceKey], corruptIds: [] },
    corrupt: { keys: [], corruptIds: [serviceKey.keyId] },
    unversioned: 'corrupt',
  },
  {
    name: "an administrator's session",
    write: (client) => new DynamoSessionStore(client, 'table').create(adminSession),
    read: (client) => new DynamoSessionStore(client, 'table').read(hash),
    ...stored(adminSession),
    unversioned: 'found',
  },
  {
    name: 'a login link',
    write: (client) => new DynamoLoginLinkStore(client, 'table').create(hash, loginLink),
    read: (client) => new DynamoLoginLinkStore(client, 'table').read(hash),
    ...stored(loginLink),
    unversioned: 'corrupt',
  },
  {
    name: 'a temp token',
    write: (client) => new DynamoTempTokenStore(client, 'table').create(hash, tempToken),
    read: (client) => new DynamoTempTokenStore(client, 'table').read(hash),
    ...stored(tempToken),
    unversioned: 'found',
  },
  {
    name: 'a revocation',
    write: (client) => new DynamoRevocationStore(client, 'table').put(subject, revocation),
    read: (client) => new DynamoRevocationStore(client, 'table').read(subject),
    ...stored(revocation),
    unversioned: 'found',
  },
  {
    name: "the use of a key, which says nothing about the key's life",
    write: (client) => new DynamoKeyUseStore(client, 'table').note('abcdefgh', NOW),
    read: (client) => new DynamoKeyUseStore(client, 'table').lastUses(['abcdefgh']),
    found: new Map([['abcdefgh', NOW]]),
    corrupt: new Map(),
    unversioned: 'found',
  },
  {
    name: 'an entry of the trail, which still shows where and when',
    write: (client) => new DynamoAuditStore(client, 'table', 400).append([entry]),
    read: async (client) => {
      const query = { subject: shop.shopId, from: entry.at, to: entry.at, limit: 1 };
      return (await new DynamoAuditStore(client, 'table', 400).query(query))?.entries[0];
    },
    found: entry,
    corrupt: { id: 'e1', at: entry.at, subject: shop.shopId, action: 'unreadable', code: 'corrupt_record' },
    unversioned: 'found',
  },
];

let table: MemoryTable;
beforeEach(() => {
  table = new MemoryTable();
});

describe.each(kinds)('$name', ({ write, read, found, corrupt, unversioned }) => {
  const change = (version: AttributeValue | undefined): void => {
    const { schemaVersion: _, ...item } = table.last;
    table.items.push(version === undefined ? item : { ...item, schemaVersion: version });
  };

  test('is written with its schema version and read as it was', async () => {
    await write(table.client);
    expect(table.last.schemaVersion).toEqual({ N: String(SCHEMA_VERSION) });
    expect(await read(table.client)).toEqual(found);
  });

  test.each<[string, AttributeValue]>([
    ['a later one', { N: String(SCHEMA_VERSION + 1) }],
    ['one of no use', { N: '0' }],
    ['a text', { S: String(SCHEMA_VERSION) }],
    ['nothing', { NULL: true }],
  ])('is not believed when its version is %s', async (_name, version) => {
    await write(table.client);
    change(version);
    expect(await read(table.client)).toEqual(corrupt);
  });

  test(`is ${unversioned} without a version`, async () => {
    await write(table.client);
    change(undefined);
    expect(await read(table.client)).toEqual(unversioned === 'found' ? found : corrupt);
  });
});

test.each<[string, (client: DynamoDBClient) => Promise<unknown>]>([
  ['a login challenge', (client) => new DynamoSessionStore(client, 'table').useOnce(hash, NOW)],
  ['a temp token', (client) => new DynamoTempTokenStore(client, 'table').useOnce(hash)],
])('that %s was used is written with the schema version, too', async (_name, write) => {
  await write(table.client);
  expect(table.last).toMatchObject({ schemaVersion: { N: String(SCHEMA_VERSION) }, kind: { S: 'used' } });
});
