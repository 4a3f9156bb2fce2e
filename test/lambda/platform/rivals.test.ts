// Long because it is one list: every two writes that may meet at one record.
import { randomBytes } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoSessionStore } from '#lambda/admin-login/admin-session.store.ts';
import { DynamoLoginLinkStore } from '#lambda/admin-login/login-link.store.ts';
import type { AdminSession } from '#lambda/admin-login/session.ts';
import { DynamoRevocationStore } from '#lambda/analytics/revocation.store.ts';
import type { RevocationSubject, TempToken } from '#lambda/analytics/security-token.ts';
import { DynamoTempTokenStore } from '#lambda/analytics/temp-token.store.ts';
import type { AuditEntry } from '#lambda/audit/entry.ts';
import { withEntry } from '#lambda/audit/outbox.ts';
import { DynamoAuditOutboxes } from '#lambda/audit/outboxes.store.ts';
import { DynamoAuditTrail, sortKeyOf } from '#lambda/audit/trail.store.ts';
import { DynamoKeyUseStore } from '#lambda/service-keys/key-use.store.ts';
import { DynamoServiceKeyStore } from '#lambda/service-keys/service-key.store.ts';
import type { ServiceKey } from '#lambda/service-keys/service-key.ts';
import { DynamoShopStore } from '#lambda/shops/shop.store.ts';
import type { Shop } from '#lambda/shops/shop.ts';
import { DynamoKeyStore } from '#lambda/shops/shop-key.store.ts';
import { closeAll } from '#test/local/aws/support/host.ts';
import { SESSIONS } from '#test/support/session-table.ts';
import { testShop } from '#test/support/shops.ts';
import { KEYS, SHOPS, storeTables, TRAIL } from '#test/support/store-tables.ts';

const NOW = 1_800_000_000;

let client: DynamoDBClient;
beforeAll(async () => {
  client = await storeTables();
  // Races end as they end, however busy the machine is.
  jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await closeAll();
});

/** A write as a function's client makes it; its answer is a word for what the caller learns. */
type Write = (client: DynamoDBClient) => Promise<string>;

/** Two writes of one record, each of which may find the other's work, or not. */
interface Rivals {
  readonly before: Write;
  readonly one: Write;
  readonly other: Write;
  /** What the record is afterwards. */
  readonly state: Write;
}

/** Each call makes rivals over a record of its own. */
type MakeRivals = (id: string) => Rivals;

const answered = async (answer: Promise<unknown>): Promise<string> => JSON.stringify((await answer) ?? 'done');
const answeredOrRefused = (answer: Promise<unknown>): Promise<string> =>
  answered(answer).catch(({ name }: Error) => name);

const sessionOf = (id: string, changes: Partial<AdminSession> = {}): AdminSession => ({
  sessionHash: id,
  arn: 'arn:aws:iam::000000000000:user/alice',
  userId: 'AIDAEXAMPLE',
  userName: 'alice',
  createdAt: NOW,
  lastSeenAt: NOW,
  provenAt: NOW,
  ...changes,
});
const sessions = (own: DynamoDBClient) => new DynamoSessionStore(own, SESSIONS);
const serviceKeyOf = (keyId: string, changes: Partial<ServiceKey> = {}): ServiceKey => ({
  keyId,
  purpose: 'analytics',
  label: 'portal',
  allowedOrigins: [],
  sha256: 'a'.repeat(64),
  version: 1,
  createdAt: NOW,
  tokensNotBefore: 0,
  ...changes,
});
const serviceKeys = (own: DynamoDBClient) => new DynamoServiceKeyStore(own, KEYS);
const { shop, keyRecord } = testShop();
const shopOf = (shopId: string, changes: Partial<Shop> = {}): Shop => ({ ...shop, shopId, ...changes });
const shops = (own: DynamoDBClient) => new DynamoShopStore(own, SHOPS);
const keys = (own: DynamoDBClient) => new DynamoKeyStore(own, KEYS);
const keyUses = (own: DynamoDBClient) => new DynamoKeyUseStore(own, SESSIONS);
const links = (own: DynamoDBClient) => new DynamoLoginLinkStore(own, SESSIONS);
const tempTokens = (own: DynamoDBClient) => new DynamoTempTokenStore(own, SESSIONS);
const tempTokenOf = (userId: string): TempToken => ({
  userId,
  appId: 'sales',
  claims: {},
  keyId: 'abcdefgh',
  issuedAt: NOW,
  expiresAt: NOW + 60,
  sessionEndsAt: NOW + 28_800,
});
const revocations = (own: DynamoDBClient) => new DynamoRevocationStore(own, SESSIONS);
const ended = (id: string): RevocationSubject => ({ kind: 'session', id });
const user = (id: string): RevocationSubject => ({ kind: 'user', id });
const nothing: Write = async () => '';
const outboxes = (own: DynamoDBClient) =>
  new DynamoAuditOutboxes(own, { shops: SHOPS, keys: KEYS, sessions: SESSIONS });
const entryOf = (id: string, subject = 's'): AuditEntry => ({
  id,
  at: NOW * 1_000,
  subject,
  action: 'change',
  code: 'done',
});
const first = withEntry(undefined, entryOf('entry-1'));
const second = withEntry(first, entryOf('entry-2'));
const trail = (own: DynamoDBClient) => new DynamoAuditTrail(own, TRAIL, 400);
const copied = (own: DynamoDBClient, subject: string, action: string) =>
  answered(trail(own).append([{ ...entryOf('entry-1', subject), action }]));

const rows: Record<string, MakeRivals> = {
  'the touch of a session and its log-out': (id) => ({
    before: (own) => answered(sessions(own).create(sessionOf(id))),
    one: (own) => answered(sessions(own).replace(sessionOf(id, { lastSeenAt: NOW + 61 }))),
    other: (own) => answered(sessions(own).delete(id)),
    state: (own) => answered(sessions(own).read(id)),
  }),
  'two touches of a session': (id) => ({
    before: (own) => answered(sessions(own).create(sessionOf(id))),
    one: (own) => answered(sessions(own).replace(sessionOf(id, { lastSeenAt: NOW + 61 }))),
    other: (own) => answered(sessions(own).replace(sessionOf(id, { lastSeenAt: NOW + 62 }))),
    state: (own) => answered(sessions(own).read(id)),
  }),
  'two sessions of one hash': (id) => ({
    before: nothing,
    one: (own) => answered(sessions(own).create(sessionOf(id, { userName: 'alice' }))),
    other: (own) => answered(sessions(own).create(sessionOf(id, { userName: 'bob' }))),
    state: (own) => answered(sessions(own).read(id)),
  }),
  'two uses of a one-time value': (id) => ({
    before: nothing,
    one: (own) => answered(sessions(own).useOnce(id, NOW + 1)),
    other: (own) => answered(sessions(own).useOnce(id, NOW + 2)),
    state: nothing,
  }),
  'two ends of a session': (id) => ({
    before: nothing,
    one: (own) => answered(revocations(own).put(ended(id), { notBefore: NOW })),
    other: (own) => answered(revocations(own).put(ended(id), { notBefore: NOW + 5 })),
    state: (own) => answered(revocations(own).read(ended(id))),
  }),
  'two first revocations of a user': (id) => ({
    before: nothing,
    one: (own) => answered(revocations(own).replace(user(id), { notBefore: NOW, lastAudit: '{"id":"1"}' }, undefined)),
    other: (own) =>
      answered(revocations(own).replace(user(id), { notBefore: NOW, lastAudit: '{"id":"2"}' }, undefined)),
    state: (own) => answered(revocations(own).read(user(id))),
  }),
  'two later revocations of a user': (id) => {
    const earlier = { notBefore: NOW, lastAudit: '{"id":"0"}' };
    return {
      before: (own) => answered(revocations(own).replace(user(id), earlier, undefined)),
      one: (own) =>
        answered(revocations(own).replace(user(id), { notBefore: NOW + 1, lastAudit: '{"id":"1"}' }, earlier)),
      other: (own) =>
        answered(revocations(own).replace(user(id), { notBefore: NOW + 2, lastAudit: '{"id":"2"}' }, earlier)),
      state: (own) => answered(revocations(own).read(user(id))),
    };
  },
  'two shops of one id': (id) => ({
    before: nothing,
    one: (own) => answered(shops(own).create(shopOf(id, { disabled: false }))),
    other: (own) => answered(shops(own).create(shopOf(id, { disabled: true }))),
    state: (own) => answered(shops(own).read(id)),
  }),
  'two changes of a shop': (id) => ({
    before: (own) => answered(shops(own).create(shopOf(id))),
    one: (own) => answered(shops(own).replace(shopOf(id, { version: 2, disabled: true }))),
    other: (own) => answered(shops(own).replace(shopOf(id, { version: 2, requireOrigin: true }))),
    state: (own) => answered(shops(own).read(id)),
  }),
  'a change of a shop and one of a shop that is not there': (id) => ({
    before: nothing,
    one: (own) => answered(shops(own).replace(shopOf(id, { version: 2 }))),
    other: (own) => answered(shops(own).create(shopOf(id))),
    state: (own) => answered(shops(own).read(id)),
  }),
  'two keys of one id': (id) => ({
    before: nothing,
    one: (own) => answered(keys(own).create({ ...keyRecord, keyId: id, owner: 'shop_one' })),
    other: (own) => answered(keys(own).create({ ...keyRecord, keyId: id, owner: 'shop_two' })),
    state: (own) => answered(keys(own).read(id)),
  }),
  'two service keys of one id': (id) => ({
    before: nothing,
    one: (own) => answered(serviceKeys(own).create(serviceKeyOf(id, { label: 'one' }))),
    other: (own) => answered(serviceKeys(own).create(serviceKeyOf(id, { label: 'two' }))),
    state: (own) => answered(serviceKeys(own).read(id)),
  }),
  "a service key and a shop's key of one id": (id) => ({
    before: nothing,
    one: (own) => answered(serviceKeys(own).create(serviceKeyOf(id))),
    other: (own) => answered(keys(own).create({ ...keyRecord, keyId: id })),
    state: (own) => answered(keys(own).read(id)),
  }),
  'two changes of a service key': (id) => ({
    before: (own) => answered(serviceKeys(own).create(serviceKeyOf(id))),
    one: (own) => answered(serviceKeys(own).replace(serviceKeyOf(id, { version: 2, credentialUntil: NOW }))),
    other: (own) => answered(serviceKeys(own).replace(serviceKeyOf(id, { version: 2, successorId: 'next0000' }))),
    state: (own) => answered(serviceKeys(own).read(id)),
  }),
  'two login links of one hash': (id) => ({
    before: nothing,
    one: (own) => answeredOrRefused(links(own).create(id, { askedBy: 'a'.repeat(64), expiresAt: NOW })),
    other: (own) => answeredOrRefused(links(own).create(id, { askedBy: 'b'.repeat(64), expiresAt: NOW })),
    state: (own) => answered(links(own).read(id)),
  }),
  'two temp tokens of one hash': (id) => ({
    before: nothing,
    one: (own) => answeredOrRefused(tempTokens(own).create(id, tempTokenOf('u-1'))),
    other: (own) => answeredOrRefused(tempTokens(own).create(id, tempTokenOf('u-2'))),
    state: (own) => answered(tempTokens(own).read(id)),
  }),
  'two exchanges of a temp token': (id) => ({
    before: (own) => answered(tempTokens(own).create(id, tempTokenOf('u-1'))),
    one: (own) => answered(tempTokens(own).useOnce(id)),
    other: (own) => answered(tempTokens(own).useOnce(id)),
    state: (own) => answered(tempTokens(own).read(id)),
  }),
  'the deletion of a shop and a change of it': (id) => ({
    before: (own) => answered(shops(own).create(shopOf(id))),
    one: (own) => answered(shops(own).delete(shopOf(id))),
    other: (own) => answered(shops(own).replace(shopOf(id, { version: 2, disabled: false }))),
    state: (own) => answered(shops(own).read(id)),
  }),
  'two deletions of a shop': (id) => ({
    before: (own) => answered(shops(own).create(shopOf(id))),
    one: (own) => answered(shops(own).delete(shopOf(id))),
    other: (own) => answered(shops(own).delete(shopOf(id))),
    state: (own) => answered(shops(own).read(id)),
  }),
  "the emptying of a shop's outbox and a change of the shop": (id) => ({
    before: (own) => answered(shops(own).create(shopOf(id, first))),
    one: (own) => answered(outboxes(own).empty({ kind: 'shop', id, ...first })),
    other: (own) => answered(shops(own).replace(shopOf(id, { version: 2, ...second }))),
    state: (own) => answered(shops(own).read(id)),
  }),
  "the emptying of a service key's outbox and a change of the key": (id) => ({
    before: (own) => answered(serviceKeys(own).create(serviceKeyOf(id, first))),
    one: (own) => answered(outboxes(own).empty({ kind: 'service-key', id, ...first })),
    other: (own) => answered(serviceKeys(own).replace(serviceKeyOf(id, { version: 2, ...second }))),
    state: (own) => answered(serviceKeys(own).read(id)),
  }),
  "the emptying of a revocation's outbox and a later revocation": (id) => ({
    before: (own) => answered(revocations(own).replace(user(id), { notBefore: NOW, ...first }, undefined)),
    one: (own) => answered(outboxes(own).empty({ kind: 'revocation', id: `user/${id}`, ...first })),
    other: (own) =>
      answered(revocations(own).replace(user(id), { notBefore: NOW + 1, ...second }, { notBefore: NOW, ...first })),
    state: (own) => answered(revocations(own).read(user(id))),
  }),
  'two copies of an entry to the trail': (id) => ({
    before: nothing,
    one: (own) => copied(own, id, 'one'),
    other: (own) => copied(own, id, 'other'),
    state: async (own) => {
      const Key = { subject: { S: id }, at: { S: sortKeyOf(NOW * 1_000, 'entry-1') } };
      const { Item } = await own.send(new GetItemCommand({ TableName: TRAIL, Key }));
      return JSON.stringify(Item);
    },
  }),
  "two notes of a key's use": (id) => ({
    before: nothing,
    one: (own) => answered(keyUses(own).note(id, NOW)),
    other: (own) => answered(keyUses(own).note(id, NOW + 3_600)),
    state: async (own) => JSON.stringify([...(await keyUses(own).lastUses([id]))]),
  }),
};

/** The answers and the record after both, apart from the id that every trial has of its own. */
interface Outcome {
  readonly one: string;
  readonly other: string;
  readonly state: string;
}

async function outcomeOf(make: MakeRivals, run: (rivals: Rivals) => Promise<[string, string]>): Promise<Outcome> {
  const id = randomBytes(32).toString('hex');
  const rivals = make(id);
  await rivals.before(client);
  const [one, other] = await run(rivals);
  return { one, other, state: (await rivals.state(client)).replaceAll(id, 'id') };
}

/** The two orders that there are. */
const inTurn = (make: MakeRivals): Promise<Outcome[]> =>
  Promise.all([
    outcomeOf(make, async ({ one, other }) => [await one(client), await other(client)]),
    outcomeOf(make, async ({ one, other }) => {
      const second = await other(client);
      return [await one(client), second];
    }),
  ]);

/** A client whose first answer gets lost: the SDK sends the same write again, after the rival's. */
const withLostAnswer = (rival: () => Promise<unknown>): DynamoDBClient =>
  ({
    send: async (command: never, options: never) => {
      await client.send(command, options).catch(() => undefined);
      await rival();
      return client.send(command, options);
    },
  }) as unknown as DynamoDBClient;

describe.each(Object.entries(rows))('%s', (_name, make) => {
  test('at the same time end as one after the other', async () => {
    const orders = await inTurn(make);
    const runs = Array.from({ length: 8 }, (_, run) =>
      outcomeOf(make, async ({ one, other }) => {
        if (run % 2 === 0) return Promise.all([one(client), other(client)]);
        const [second, first] = await Promise.all([other(client), one(client)]);
        return [first, second];
      }),
    );
    for (const outcome of await Promise.all(runs)) expect(orders).toContainEqual(outcome);
  });

  test('leave what some order leaves, also if the first is repeated after the second because its answer got lost', async () => {
    const states = (await inTurn(make)).map(({ state }) => state);
    const { state } = await outcomeOf(make, async ({ one, other }) => {
      let second = '';
      const first = await one(
        withLostAnswer(async () => {
          second = await other(client);
        }),
      );
      return [first, second];
    });
    expect(states).toContain(state);
  });
});

const NONE = '{"kind":"absent"}';

test('a session that was ended stays ended, whatever touches it late', async () => {
  for (const { state } of await inTurn(rows['the touch of a session and its log-out'] as MakeRivals))
    expect(state).toBe(NONE);
});

test('an older end of a session never takes the place of a newer one', async () => {
  for (const { state } of await inTurn(rows['two ends of a session'] as MakeRivals))
    expect(JSON.parse(state)).toMatchObject({ value: { notBefore: NOW + 5 } });
});

test('an older use of a key never takes the place of a newer one', async () => {
  for (const { state } of await inTurn(rows["two notes of a key's use"] as MakeRivals))
    expect(state).toBe(`[["id",${NOW + 3_600}]]`);
});

test.each([
  "the emptying of a shop's outbox and a change of the shop",
  "the emptying of a service key's outbox and a change of the key",
  "the emptying of a revocation's outbox and a later revocation",
])('%s lose no entry that the trail may not have', async (name) => {
  for (const { other, state } of await inTurn(rows[name] as MakeRivals)) {
    expect(other).toBe('true');
    expect(state).toContain('entry-2');
  }
});

test('of two copies of an entry to the trail the first stays as it is, and both are content', async () => {
  const [oneFirst, otherFirst] = await inTurn(rows['two copies of an entry to the trail'] as MakeRivals);
  expect([oneFirst?.state, otherFirst?.state].map((state) => state?.match(/"action":\{"S":"(\w+)"/)?.[1])).toEqual([
    'one',
    'other',
  ]);
  for (const outcome of [oneFirst, otherFirst]) expect([outcome?.one, outcome?.other]).toEqual(['"done"', '"done"']);
});

test('a shop that changed since it was read is not deleted, and one that was deleted is not changed', async () => {
  const [deletedFirst, changedFirst] = await inTurn(rows['the deletion of a shop and a change of it'] as MakeRivals);
  expect(deletedFirst?.state).toBe(NONE);
  expect(JSON.parse(changedFirst?.state ?? '')).toMatchObject({ kind: 'found', value: { version: 2 } });
});

test.each([
  'the deletion of a shop and a change of it',
  'two uses of a one-time value',
  'two exchanges of a temp token',
  'two first revocations of a user',
  'two later revocations of a user',
  'two shops of one id',
  'two changes of a shop',
  'two keys of one id',
  'two service keys of one id',
  "a service key and a shop's key of one id",
  'two changes of a service key',
])('of %s only the first one succeeds', async (name) => {
  const [oneFirst, otherFirst] = await inTurn(rows[name] as MakeRivals);
  expect([oneFirst?.one, oneFirst?.other]).toEqual(['true', 'false']);
  expect([otherFirst?.one, otherFirst?.other]).toEqual(['false', 'true']);
});

test.each(['two login links of one hash', 'two temp tokens of one hash'])(
  'of %s the first stays, and the second is a fault',
  async (name) => {
    const [oneFirst, otherFirst] = await inTurn(rows[name] as MakeRivals);
    expect([oneFirst?.one, oneFirst?.other]).toEqual(['"done"', 'DependencyError']);
    expect([otherFirst?.one, otherFirst?.other]).toEqual(['DependencyError', '"done"']);
    expect(oneFirst?.state).not.toBe(otherFirst?.state);
  },
);

test('of two sessions of one hash the first stays', async () => {
  const [oneFirst, otherFirst] = await inTurn(rows['two sessions of one hash'] as MakeRivals);
  expect(oneFirst?.state).toContain('alice');
  expect(otherFirst?.state).toContain('bob');
});
