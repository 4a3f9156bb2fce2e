import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { readAuditItem, writeAuditItem } from '../../../lambda/stores/audit-item.ts';
import { DynamoKeyStore } from '../../../lambda/stores/dynamo-key-store.ts';
import { DynamoKeyUseStore } from '../../../lambda/stores/dynamo-key-use-store.ts';
import { DynamoLoginLinkStore } from '../../../lambda/stores/dynamo-login-link-store.ts';
import { DynamoRevocationStore } from '../../../lambda/stores/dynamo-revocation-store.ts';
import { DynamoServiceKeyStore } from '../../../lambda/stores/dynamo-service-key-store.ts';
import { DynamoSessionStore } from '../../../lambda/stores/dynamo-session-store.ts';
import { DynamoShopStore } from '../../../lambda/stores/dynamo-shop-store.ts';
import { DynamoTempTokenStore } from '../../../lambda/stores/dynamo-temp-token-store.ts';
import { closeAll } from '../../local/aws/support/host.ts';
import { SESSIONS } from '../../support/session-table.ts';
import { testShop } from '../../support/shops.ts';
import { KEYS, SHOPS, storeTables } from '../../support/store-tables.ts';

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
      'an administrator’s session',
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
    ['an administrator’s session', (own) => new DynamoSessionStore(own, SESSIONS).read(HASH)],
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

describe('a table that fails is an outage that names the operation and the kind of fault alone:', () => {
  const failing = { send: () => Promise.reject(new RangeError('arn:secret')) } as unknown as DynamoDBClient;

  test.each<[string, () => Promise<unknown>]>([
    ['read shop', () => new DynamoShopStore(failing, SHOPS).read('s')],
    ['list shops', () => new DynamoShopStore(failing, SHOPS).list(1)],
    ['create shop', () => new DynamoShopStore(failing, SHOPS).create(shop)],
    ['replace shop', () => new DynamoShopStore(failing, SHOPS).replace(shop)],
    ['read key', () => new DynamoKeyStore(failing, KEYS).read('k')],
    ['create key', () => new DynamoKeyStore(failing, KEYS).create(keyRecord)],
    ['read service key', () => new DynamoServiceKeyStore(failing, KEYS).read('k')],
    ['list service keys', () => new DynamoServiceKeyStore(failing, KEYS).list()],
    ['create service key', () => new DynamoServiceKeyStore(failing, KEYS).create(serviceKey)],
    ['replace service key', () => new DynamoServiceKeyStore(failing, KEYS).replace(serviceKey)],
    ['use one-time value', () => new DynamoSessionStore(failing, SESSIONS).useOnce(HASH, NOW)],
    ['create session', () => new DynamoSessionStore(failing, SESSIONS).create(session)],
    ['read session', () => new DynamoSessionStore(failing, SESSIONS).read(HASH)],
    ['touch session', () => new DynamoSessionStore(failing, SESSIONS).replace(session)],
    ['end session', () => new DynamoSessionStore(failing, SESSIONS).delete(HASH)],
    [
      'create login link',
      () => new DynamoLoginLinkStore(failing, SESSIONS).create(HASH, { askedBy: HASH, expiresAt: 1 }),
    ],
    ['read login link', () => new DynamoLoginLinkStore(failing, SESSIONS).read(HASH)],
    ['create temp token', () => new DynamoTempTokenStore(failing, SESSIONS).create(HASH, tempToken)],
    ['read temp token', () => new DynamoTempTokenStore(failing, SESSIONS).read(HASH)],
    ['use temp token', () => new DynamoTempTokenStore(failing, SESSIONS).useOnce(HASH)],
    ['read revocation', () => new DynamoRevocationStore(failing, SESSIONS).read(user)],
    ['put revocation', () => new DynamoRevocationStore(failing, SESSIONS).put(user, { notBefore: 1 })],
    [
      'replace revocation',
      () => new DynamoRevocationStore(failing, SESSIONS).replace(user, { notBefore: 1 }, undefined),
    ],
    ['note key use', () => new DynamoKeyUseStore(failing, SESSIONS).note('k', 1)],
    ['read key uses', () => new DynamoKeyUseStore(failing, SESSIONS).lastUses(['k'])],
  ])('%s', async (operation, call) => {
    await expect(call()).rejects.toMatchObject({ name: 'DependencyError', message: `${operation} failed: RangeError` });
  });
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

  test('of a newer release shows where and when it was written, and nothing that could be misread', () => {
    expect(readAuditItem({ ...writeAuditItem(entry, 7), schemaVersion: { N: '2' } })).toStrictEqual({
      id: 'e1',
      at: entry.at,
      subject: 'shop_one',
      action: 'unreadable',
      code: 'corrupt_record',
    });
  });
});
