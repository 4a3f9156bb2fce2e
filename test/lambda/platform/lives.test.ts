import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { limits } from '#contract/limits.ts';
import { DynamoSessionStore } from '#lambda/admin-login/admin-session.store.ts';
import { DynamoLoginLinkStore } from '#lambda/admin-login/login-link.store.ts';
import { DynamoRevocationStore } from '#lambda/analytics/revocation.store.ts';
import { DynamoTempTokenStore } from '#lambda/analytics/temp-token.store.ts';
import type { AuditEntry } from '#lambda/audit/entry.ts';
import { DynamoAuditStore } from '#lambda/audit/trail-query.store.ts';
import { DynamoKeyUseStore } from '#lambda/service-keys/key-use.store.ts';
import { DynamoServiceKeyStore } from '#lambda/service-keys/service-key.store.ts';
import { DynamoShopStore } from '#lambda/shops/shop.store.ts';
import { DynamoKeyStore } from '#lambda/shops/shop-key.store.ts';
import { MemoryTable } from '#test/support/memory-table.ts';
import { testShop } from '#test/support/shops.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const HASH = 'a'.repeat(64);

beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(NOW * 1_000 + 999));
afterEach(() => jest.restoreAllMocks());

async function itemOf(write: (client: DynamoDBClient) => Promise<unknown>): Promise<Record<string, AttributeValue>> {
  const table = new MemoryTable();
  await write(table.client);
  return table.last;
}

const session = {
  sessionHash: HASH,
  arn: 'arn:aws:iam::000000000000:user/alice',
  userId: 'AIDAEXAMPLE',
  userName: 'alice',
  createdAt: NOW,
  lastSeenAt: NOW + 600,
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
const serviceKey = {
  keyId: 'abcdefgh',
  purpose: 'analytics' as const,
  label: 'portal',
  allowedOrigins: [],
  sha256: HASH,
  version: 1,
  createdAt: NOW,
  tokensNotBefore: 0,
};
const user = { kind: 'user', id: 'u-17' } as const;
const entry: AuditEntry = { id: 'e1', at: NOW * 1_000 + 999, subject: 's', action: 'a', code: 'done' };

type Write = (client: DynamoDBClient) => Promise<unknown>;

describe('DynamoDB deletes', () => {
  test.each<[string, Write, number]>([
    [
      "an administrator's session at its latest end",
      (client) => new DynamoSessionStore(client, 'table').create(session),
      NOW + limits.adminSessionSeconds,
    ],
    [
      'a touched session at the same moment',
      (client) => new DynamoSessionStore(client, 'table').replace(session),
      NOW + limits.adminSessionSeconds,
    ],
    [
      'a used one-time value when its caller says',
      (client) => new DynamoSessionStore(client, 'table').useOnce(HASH, NOW + 7),
      NOW + 7,
    ],
    [
      'a temp token at its end',
      (client) => new DynamoTempTokenStore(client, 'table').create(HASH, tempToken),
      NOW + limits.tempTokenSeconds,
    ],
    [
      'the mark of a used temp token after twice its life',
      (client) => new DynamoTempTokenStore(client, 'table').useOnce(HASH),
      NOW + 2 * limits.tempTokenSeconds,
    ],
    [
      'a login link at its end',
      (client) => new DynamoLoginLinkStore(client, 'table').create(HASH, { askedBy: HASH, expiresAt: NOW + 60 }),
      NOW + limits.loginLinkSeconds,
    ],
    [
      'the end of a session after all that it ends',
      (client) => new DynamoRevocationStore(client, 'table').put({ kind: 'session', id: HASH }, { notBefore: NOW }),
      NOW + limits.revocationKeptSeconds,
    ],
    [
      'a revocation after all that it revokes',
      (client) => new DynamoRevocationStore(client, 'table').replace(user, { notBefore: NOW }, undefined),
      NOW + limits.revocationKeptSeconds,
    ],
    [
      'an audit entry after the days that the stage keeps it',
      (client) => new DynamoAuditStore(client, 'table', 400).append([entry]),
      NOW + 400 * DAY,
    ],
  ])('%s', async (_name, write, expiresAt) => {
    expect((await itemOf(write)).expiresAt).toEqual({ N: String(expiresAt) });
  });

  test.each<[string, Write]>([
    ['shop', (client) => new DynamoShopStore(client, 'table').create(testShop().shop)],
    ['key of a shop', (client) => new DynamoKeyStore(client, 'table').create(testShop().keyRecord)],
    ['service key', (client) => new DynamoServiceKeyStore(client, 'table').create(serviceKey)],
    ['use of a key', (client) => new DynamoKeyUseStore(client, 'table').note('abcdefgh', NOW)],
  ])('no %s', async (_name, write) => {
    expect(await itemOf(write)).not.toHaveProperty('expiresAt');
  });
});

describe('what guards a credential outlives it:', () => {
  test.each<[string, number, number]>([
    [
      'a revocation and the longest security token, of a clock that is ahead',
      limits.revocationKeptSeconds,
      limits.maxSecurityTokenTtlSeconds + limits.maxClockSkewSeconds,
    ],
    ['a revocation and the longest session', limits.revocationKeptSeconds, limits.sessionSeconds],
  ])('%s', (_name, guard, credential) => {
    expect(guard).toBeGreaterThanOrEqual(credential);
  });
});
