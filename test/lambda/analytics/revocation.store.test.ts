import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { limits } from '#contract/limits.ts';
import { DynamoRevocationStore } from '#lambda/analytics/revocation.store.ts';
import type { Revocation, RevocationSubject } from '#lambda/analytics/security-token.ts';
import { closeAll } from '#test/local/aws/support/host.ts';
import { SESSIONS, sessionTable } from '#test/support/session-table.ts';

const NOW = 1_800_000_000;
const USER: RevocationSubject = { kind: 'user', id: 'u-1' };
const SESSION: RevocationSubject = { kind: 'session', id: 'a'.repeat(64) };

let client: DynamoDBClient;
let store: DynamoRevocationStore;
beforeEach(async () => {
  client = await sessionTable();
  store = new DynamoRevocationStore(client, SESSIONS);
});
afterEach(closeAll);

const itemOf = async (sessionHash: string): Promise<Record<string, AttributeValue> | undefined> =>
  (await client.send(new GetItemCommand({ TableName: SESSIONS, Key: { sessionHash: { S: sessionHash } } }))).Item;

test.each<[RevocationSubject, string]>([
  [USER, 'revoked/user/u-1'],
  [{ kind: 'client', id: 'u-1' }, 'revoked/client/u-1'],
  [{ kind: 'app', id: 'a/../b' }, 'revoked/app/a/../b'],
  [SESSION, `ended/${SESSION.id}`],
])(
  '%j has the name %s, on which rights are granted, and ends when nothing that it revokes can live',
  async (subject, name) => {
    await store.put(subject, { notBefore: NOW });
    expect(await itemOf(name)).toEqual({
      sessionHash: { S: name },
      schemaVersion: { N: '1' },
      kind: { S: 'revocation' },
      notBefore: { N: String(NOW) },
      expiresAt: { N: String(NOW + limits.revocationKeptSeconds) },
    });
    expect(await store.read(subject)).toEqual({ kind: 'found', value: { notBefore: NOW } });
  },
);

test('no two subjects share a record, whatever their ids are', async () => {
  const kind = fc.constantFrom('user', 'client', 'app', 'session' as const) as fc.Arbitrary<RevocationSubject['kind']>;
  const id = fc.stringMatching(/^[!-~]{1,20}$/);
  const subject = fc.record({ kind, id });
  await fc.assert(
    fc.asyncProperty(subject, subject, async (one, two) => {
      fc.pre(one.kind !== two.kind || one.id !== two.id);
      const own = new DynamoRevocationStore(await sessionTable(), SESSIONS);
      await own.put(one, { notBefore: NOW });
      expect(await own.read(two)).toEqual({ kind: 'absent' });
      await closeAll();
    }),
    { numRuns: 25 },
  );
});

test('a put never moves a revocation backwards', async () => {
  for (const notBefore of [NOW, NOW - 1, NOW + 5, NOW, NOW + 5]) await store.put(SESSION, { notBefore });
  expect(await store.read(SESSION)).toEqual({ kind: 'found', value: { notBefore: NOW + 5 } });
});

test('of many who replace what they read at once, one does', async () => {
  const replace = (id: number, before?: Revocation) =>
    store.replace(USER, { notBefore: NOW, lastAudit: `{"id":"${id}"}` }, before);
  const first = await Promise.all(Array.from({ length: 10 }, (_, id) => replace(id)));
  expect(first.filter(Boolean)).toHaveLength(1);
  const stored = await store.read(USER);
  const before = stored.kind === 'found' ? stored.value : undefined;
  // The same moment, so only the entry distinguishes the two.
  const second = await Promise.all(Array.from({ length: 10 }, (_, id) => replace(100 + id, before)));
  expect(second.filter(Boolean)).toHaveLength(1);
  expect(await replace(200, before)).toBe(false);
  expect((await client.send(new ScanCommand({ TableName: SESSIONS }))).Count).toBe(1);
});

test('a revocation counts as long as its item is there, however long past its end', async () => {
  const sessionHash = { S: 'revoked/user/u-1' };
  const Item = { sessionHash, kind: { S: 'revocation' }, notBefore: { N: '5' }, expiresAt: { N: '6' } };
  await client.send(new PutItemCommand({ TableName: SESSIONS, Item }));
  expect(await store.read(USER)).toEqual({ kind: 'found', value: { notBefore: 5 } });
});

test.each<[string, Record<string, AttributeValue>]>([
  ['of another kind', { kind: { S: 'used' }, notBefore: { N: '5' } }],
  ['without a moment', { kind: { S: 'revocation' } }],
  ['of a moment that is text', { kind: { S: 'revocation' }, notBefore: { S: '5' } }],
  ['of a negative moment', { kind: { S: 'revocation' }, notBefore: { N: '-5' } }],
  ['of a fraction', { kind: { S: 'revocation' }, notBefore: { N: '5.5' } }],
  ['of an entry that is not a text', { kind: { S: 'revocation' }, notBefore: { N: '5' }, lastAudit: { N: '1' } }],
])('an item %s is corrupt, which is neither revoked nor not', async (_name, members) => {
  const Item = { sessionHash: { S: 'revoked/user/u-1' }, ...members };
  await client.send(new PutItemCommand({ TableName: SESSIONS, Item }));
  expect(await store.read(USER)).toEqual({ kind: 'corrupt' });
});

test('a table that fails is a fault for each of them', async () => {
  const send = () => Promise.reject(new Error('out of reach'));
  const failing = new DynamoRevocationStore({ send } as unknown as DynamoDBClient, SESSIONS);
  for (const call of [
    () => failing.read(USER),
    () => failing.put(USER, { notBefore: NOW }),
    () => failing.replace(USER, { notBefore: NOW }, undefined),
  ])
    await expect(call()).rejects.toMatchObject({ name: 'DependencyError' });
});
