import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { limits } from '#contract/limits.ts';
import { DynamoSessionStore } from '#lambda/admin-login/admin-session.store.ts';
import { DynamoLoginLinkStore } from '#lambda/admin-login/login-link.store.ts';
import { DynamoRevocationStore } from '#lambda/analytics/revocation.store.ts';
import { DynamoTempTokenStore } from '#lambda/analytics/temp-token.store.ts';
import { writeAuditItem } from '#lambda/audit/trail.store.ts';
import { DynamoAuditStore, readAuditItem } from '#lambda/audit/trail-query.store.ts';
import { readSecretText } from '#lambda/platform/secret-text.store.ts';
import { lastRotation, SecretsRingStore, SecretsRingVersions } from '#lambda/ring/ring.store.ts';
import { DynamoKeyUseStore } from '#lambda/service-keys/key-use.store.ts';
import { DynamoServiceKeyStore } from '#lambda/service-keys/service-key.store.ts';
import { DynamoRingReferences } from '#lambda/shops/ring-references.store.ts';
import { DynamoShopStore } from '#lambda/shops/shop.store.ts';
import { DynamoKeyStore } from '#lambda/shops/shop-key.store.ts';
import { closeAll } from '#test/local/aws/support/host.ts';
import { SESSIONS } from '#test/support/session-table.ts';
import { testShop } from '#test/support/shops.ts';
import { KEYS, SHOPS, storeTables } from '#test/support/store-tables.ts';

const NOW = 1_800_000_000;
const HASH = 'a'.repeat(64);
const { shop, keyRecord } = testShop();
const serviceKey = {
  keyId: 'abcdefgh',
  purpose: 'analytics' as const,
  label: 'portal',
  allowedOrigins: ['https://a.example'],
  maxTtlSeconds: 60,
  appIds: ['sales'],
  sha256: HASH,
  version: 1,
  createdAt: NOW,
  credentialUntil: NOW + 1,
  successorId: 'nextnext',
  tokensNotBefore: 7,
};
const session = {
  sessionHash: HASH,
  arn: 'arn:aws:iam::000000000000:user/alice',
  userId: 'AIDAEXAMPLE',
  userName: 'alice',
  createdAt: NOW,
  lastSeenAt: NOW + 1,
  provenAt: NOW + 2,
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
const user = { kind: 'user', id: 'u-17' } as const;

describe('a record is read as it was written, and nothing before:', () => {
  let client: DynamoDBClient;
  beforeAll(async () => {
    client = await storeTables();
    // What is stored does not depend on how busy the machine is.
    jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await closeAll();
  });

  test.each<[string, (own: DynamoDBClient) => Promise<unknown>, (own: DynamoDBClient) => Promise<unknown>, unknown]>([
    [
      'a shop',
      (own) => new DynamoShopStore(own, SHOPS).read(shop.shopId),
      (own) => new DynamoShopStore(own, SHOPS).create(shop),
      shop,
    ],
    [
      'the key of a shop',
      (own) => new DynamoKeyStore(own, KEYS).read(keyRecord.keyId),
      (own) => new DynamoKeyStore(own, KEYS).create(keyRecord),
      keyRecord,
    ],
    [
      'a service key',
      (own) => new DynamoServiceKeyStore(own, KEYS).read(serviceKey.keyId),
      (own) => new DynamoServiceKeyStore(own, KEYS).create(serviceKey),
      serviceKey,
    ],
    [
      "an administrator's session",
      (own) => new DynamoSessionStore(own, SESSIONS).read(HASH),
      (own) => new DynamoSessionStore(own, SESSIONS).create(session),
      session,
    ],
    [
      'a login link',
      (own) => new DynamoLoginLinkStore(own, SESSIONS).read(HASH),
      (own) => new DynamoLoginLinkStore(own, SESSIONS).create(HASH, { askedBy: HASH, expiresAt: NOW }),
      { askedBy: HASH, expiresAt: NOW },
    ],
    [
      'a temp token',
      (own) => new DynamoTempTokenStore(own, SESSIONS).read(HASH),
      (own) => new DynamoTempTokenStore(own, SESSIONS).create(HASH, tempToken),
      tempToken,
    ],
    [
      'a revocation',
      (own) => new DynamoRevocationStore(own, SESSIONS).read(user),
      (own) => new DynamoRevocationStore(own, SESSIONS).put(user, { notBefore: NOW }),
      { notBefore: NOW },
    ],
  ])('%s', async (_name, read, write, value) => {
    expect(await read(client)).toEqual({ kind: 'absent' });
    await write(client);
    expect(await read(client)).toEqual({ kind: 'found', value });
  });

  test('service keys are listed, shop keys are not', async () => {
    expect(await new DynamoServiceKeyStore(client, KEYS).list()).toEqual({ keys: [serviceKey], corruptIds: [] });
    expect(await new DynamoServiceKeyStore(client, KEYS).read(keyRecord.keyId)).toEqual({ kind: 'absent' });
  });
});

describe('what decides is read consistently:', () => {
  test.each<[string, (own: DynamoDBClient) => Promise<unknown>]>([
    ['a shop', (own) => new DynamoShopStore(own, SHOPS).read('s')],
    ['the key of a shop', (own) => new DynamoKeyStore(own, KEYS).read('k')],
    ['a service key', (own) => new DynamoServiceKeyStore(own, KEYS).read('k')],
    ["an administrator's session", (own) => new DynamoSessionStore(own, SESSIONS).read(HASH)],
    ['a login link', (own) => new DynamoLoginLinkStore(own, SESSIONS).read(HASH)],
    ['a temp token', (own) => new DynamoTempTokenStore(own, SESSIONS).read(HASH)],
    ['a revocation', (own) => new DynamoRevocationStore(own, SESSIONS).read(user)],
  ])('%s', async (_name, read) => {
    const asked: object[] = [];
    const send = async (command: object): Promise<object> => {
      expect(command).toBeInstanceOf(GetItemCommand);
      asked.push((command as GetItemCommand).input);
      return {};
    };
    expect(await read({ send } as unknown as DynamoDBClient)).toEqual({ kind: 'absent' });
    expect(asked).toEqual([expect.objectContaining({ ConsistentRead: true })]);
  });
});

describe('an operation', () => {
  const entry = { id: 'e', at: NOW * 1_000, subject: 's', action: 'a', code: 'done' };
  const audit = (own: DynamoDBClient) => new DynamoAuditStore(own, 'audit', 1);
  const ring = (own: DynamoDBClient) => new SecretsRingVersions(own as unknown as SecretsManagerClient, 'arn:ring');
  const operations: [string, (own: DynamoDBClient) => Promise<unknown>][] = [
    ['read shop', (own) => new DynamoShopStore(own, SHOPS).read('s')],
    ['list shops', (own) => new DynamoShopStore(own, SHOPS).list(1)],
    ['create shop', (own) => new DynamoShopStore(own, SHOPS).create(shop)],
    ['replace shop', (own) => new DynamoShopStore(own, SHOPS).replace(shop)],
    ['read key', (own) => new DynamoKeyStore(own, KEYS).read('k')],
    ['create key', (own) => new DynamoKeyStore(own, KEYS).create(keyRecord)],
    ['read service key', (own) => new DynamoServiceKeyStore(own, KEYS).read('k')],
    ['list service keys', (own) => new DynamoServiceKeyStore(own, KEYS).list()],
    ['create service key', (own) => new DynamoServiceKeyStore(own, KEYS).create(serviceKey)],
    ['replace service key', (own) => new DynamoServiceKeyStore(own, KEYS).replace(serviceKey)],
    ['use one-time value', (own) => new DynamoSessionStore(own, SESSIONS).useOnce(HASH, NOW)],
    ['create session', (own) => new DynamoSessionStore(own, SESSIONS).create(session)],
    ['read session', (own) => new DynamoSessionStore(own, SESSIONS).read(HASH)],
    ['touch session', (own) => new DynamoSessionStore(own, SESSIONS).replace(session)],
    ['end session', (own) => new DynamoSessionStore(own, SESSIONS).delete(HASH)],
    [
      'create login link',
      (own) => new DynamoLoginLinkStore(own, SESSIONS).create(HASH, { askedBy: HASH, expiresAt: 1 }),
    ],
    ['read login link', (own) => new DynamoLoginLinkStore(own, SESSIONS).read(HASH)],
    ['create temp token', (own) => new DynamoTempTokenStore(own, SESSIONS).create(HASH, tempToken)],
    ['read temp token', (own) => new DynamoTempTokenStore(own, SESSIONS).read(HASH)],
    ['use temp token', (own) => new DynamoTempTokenStore(own, SESSIONS).useOnce(HASH)],
    ['read revocation', (own) => new DynamoRevocationStore(own, SESSIONS).read(user)],
    ['put revocation', (own) => new DynamoRevocationStore(own, SESSIONS).put(user, { notBefore: 1 })],
    [
      'replace revocation',
      (own) => new DynamoRevocationStore(own, SESSIONS).replace(user, { notBefore: 1 }, undefined),
    ],
    ['note key use', (own) => new DynamoKeyUseStore(own, SESSIONS).note('k', 1)],
    ['read key uses', (own) => new DynamoKeyUseStore(own, SESSIONS).lastUses(['k'])],
    ['append audit', (own) => audit(own).append([entry])],
    ['query audit', (own) => audit(own).query({ from: 0, to: NOW, limit: 1, subject: 's' })],
    ['list ring references', (own) => new DynamoRingReferences(own, SHOPS).page(undefined)],
    ['read ring', (own) => ring(own).readCurrent()],
    ['read other ring', (own) => ring(own).readPending('v')],
    ['add ring version', (own) => ring(own).addPending('v', '{}')],
    ['make ring current', (own) => ring(own).makeCurrent('v', 'w')],
    ['read ring', (own) => new SecretsRingStore(own as unknown as SecretsManagerClient, 'arn:ring').read()],
    ['read secret', (own) => readSecretText(own as unknown as SecretsManagerClient, 'arn:secret')],
    ['describe ring', (own) => lastRotation(own as unknown as SecretsManagerClient, 'arn:ring')],
  ];

  test.each(operations)(
    '%s: a fault is an outage that names the operation and the kind of fault alone',
    async (operation, call) => {
      const send = () => Promise.reject(new RangeError('arn:secret'));
      await expect(call({ send } as unknown as DynamoDBClient)).rejects.toMatchObject({
        name: 'DependencyError',
        message: `${operation} failed: RangeError`,
      });
    },
  );

  test.each(operations)(
    '%s: a call without an answer is given up when its time in all is over',
    async (operation, call) => {
      const timer = new AbortController();
      const limit = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(timer.signal);
      const send = (_command: object, options?: { readonly abortSignal?: AbortSignal }): Promise<never> =>
        new Promise((_, reject) => {
          const giveUp = (): void => reject(Object.assign(new Error(), { name: 'GivenUp' }));
          options?.abortSignal?.addEventListener('abort', giveUp);
          setImmediate(() => {
            timer.abort();
            reject(new RangeError('not given up'));
          });
        });
      await expect(call({ send } as unknown as DynamoDBClient)).rejects.toThrow(`${operation} failed: GivenUp`);
      expect(limit.mock.calls).toEqual([[limits.storeTotalMilliseconds]]);
      limit.mockRestore();
    },
  );
});

describe('an audit entry', () => {
  const entry = {
    id: 'e1',
    at: Date.parse('2026-11-20T08:00:00.123Z'),
    subject: 'shop_one',
    action: 'reset-keys',
    code: 'done',
    requestId: 'r-1',
    actor: { arn: 'arn:aws:iam::1:user/team/alice', userId: 'AIDA' },
    before: { id: 'not ours', at: 1 },
    after: { expiresAt: 'nor this' },
  };

  test('is stored so that it sorts by time, is found by day and by actor, and ends after its days', () => {
    const text = (value: string): AttributeValue => ({ S: value });
    expect(writeAuditItem(entry, 7)).toEqual({
      schemaVersion: { N: '1' },
      id: text('e1'),
      subject: text('shop_one'),
      action: text('reset-keys'),
      code: text('done'),
      requestId: text('r-1'),
      at: text('2026-11-20T08:00:00.123Z#e1'),
      day: text('2026-11-20'),
      expiresAt: { N: String(Date.parse('2026-11-27T08:00:00Z') / 1_000) },
      actor: text('arn:aws:iam::1:user/team/alice'),
      actorId: text('AIDA'),
      actorName: text('alice'),
      before: text('{"id":"not ours","at":1}'),
      after: text('{"expiresAt":"nor this"}'),
    });
  });

  test('is read as it was written, with what it has and nothing else', () => {
    expect(readAuditItem(writeAuditItem(entry, 7))).toStrictEqual(entry);
    const { actor: _actor, before: _before, after: _after, ...bare } = entry;
    expect(readAuditItem(writeAuditItem(bare, 7))).toStrictEqual(bare);
  });

  test.each([
    ['of a newer release', { schemaVersion: { N: '2' } }],
    ['whose "before" is not JSON', { before: { S: '{' } }],
    ['whose "after" is not JSON', { after: { S: 'undefined' } }],
  ])('%s shows where and when it was written, and nothing that could be misread', (_what, members) => {
    expect(readAuditItem({ ...writeAuditItem(entry, 7), ...members } as Record<string, AttributeValue>)).toStrictEqual({
      id: 'e1',
      at: entry.at,
      subject: 'shop_one',
      action: 'unreadable',
      code: 'corrupt_record',
    });
  });
});
