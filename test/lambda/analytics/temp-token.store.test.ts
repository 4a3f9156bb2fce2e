import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { TempToken } from '#lambda/analytics/security-token.ts';
import { DynamoTempTokenStore } from '#lambda/analytics/temp-token.store.ts';
import { NOW } from '#test/support/analytics.ts';

type Item = Record<string, AttributeValue>;

let table: Map<string, Item>;
let store: DynamoTempTokenStore;
let failing: boolean;
beforeEach(() => {
  table = new Map();
  failing = false;
  const send = async (command: object): Promise<object> => {
    if (failing) throw new Error('out of reach');
    if (command instanceof GetItemCommand) {
      expect(command.input.ConsistentRead).toBe(true);
      const found = table.get(command.input.Key?.sessionHash?.S ?? '');
      return found === undefined ? {} : { Item: found };
    }
    const { Item: item = {} } = (command as PutItemCommand).input;
    const name = item.sessionHash?.S ?? '';
    if (table.has(name)) throw new ConditionalCheckFailedException({ $metadata: {}, message: 'exists' });
    table.set(name, item);
    return {};
  };
  store = new DynamoTempTokenStore({ send } as unknown as DynamoDBClient, 'sessions');
});

const token = (changes: Partial<TempToken> = {}): TempToken => ({
  userId: 'u-17',
  appId: 'sales',
  claims: {},
  keyId: 'abcdefgh',
  issuedAt: NOW,
  expiresAt: NOW + 60,
  sessionEndsAt: NOW + 28_800,
  ...changes,
});
const hash = 'a'.repeat(64);

test('what is kept is read back as it was, whatever the claims are called', async () => {
  const claims = fc.dictionary(
    fc
      .oneof(fc.constantFrom('constructor', 'prototype', 'toString', 'hasOwnProperty', 'kind'), fc.string())
      .filter((name) => name !== '__proto__'),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(claims, async (said) => {
      table.clear();
      const kept = token({ clientId: 'acme', orgId: 'org', claims: said });
      await store.create(hash, kept);
      const read = await store.read(hash);
      if (read.kind !== 'found') throw new Error(read.kind);
      const { claims: readClaims, ...rest } = read.value;
      expect(JSON.stringify(readClaims)).toBe(JSON.stringify(said));
      expect(token({ ...rest, claims: said })).toStrictEqual(kept);
    }),
  );
});

test('it is kept under its hash, and leaves with its end', async () => {
  await store.create(hash, token());
  expect([...table.keys()]).toEqual([`temp/${hash}`]);
  expect(table.get(`temp/${hash}`)).toMatchObject({ kind: { S: 'temp-token' }, expiresAt: { N: String(NOW + 60) } });
});

test('only one use counts, and it changes nothing of the token', async () => {
  await store.create(hash, token());
  const before = JSON.stringify(table.get(`temp/${hash}`));
  expect([await store.useOnce(hash), await store.useOnce(hash)]).toEqual([true, false]);
  expect([...table.keys()]).toEqual([`temp/${hash}`, `temp-used/${hash}`]);
  expect(JSON.stringify(table.get(`temp/${hash}`))).toBe(before);
});

test('a hash that is kept already is a fault, and stays as it is', async () => {
  await store.create(hash, token());
  await expect(store.create(hash, token({ userId: 'evil' }))).rejects.toMatchObject({ name: 'DependencyError' });
  expect(await store.read(hash)).toEqual({ kind: 'found', value: token() });
});

test('what is not there is absent, and what we can not have written is corrupt', async () => {
  expect(await store.read(hash)).toEqual({ kind: 'absent' });
  const content = (changes: object): string => JSON.stringify({ ...token(), ...changes });
  const corrupt: Item[] = [
    {},
    { kind: { S: 'used' }, content: { S: content({}) } },
    { kind: { S: 'temp-token' } },
    { kind: { S: 'temp-token' }, content: { S: '{' } },
    { kind: { S: 'temp-token' }, content: { S: 'null' } },
    { kind: { S: 'temp-token' }, content: { M: {} } },
    ...[
      { claims: [] },
      { claims: null },
      { claims: 'x' },
      { userId: '' },
      { appId: 1 },
      { expiresAt: '1' },
      { issuedAt: -1 },
      { sessionEndsAt: 1.5 },
      { keyId: null },
    ].map((changes): Item => ({ kind: { S: 'temp-token' }, content: { S: content(changes) } })),
  ];
  for (const item of corrupt) {
    table.set(`temp/${hash}`, { sessionHash: { S: `temp/${hash}` }, ...item });
    expect(await store.read(hash)).toEqual({ kind: 'corrupt' });
  }
});

test('a table that fails is a fault for each of them', async () => {
  failing = true;
  for (const call of [() => store.read(hash), () => store.create(hash, token()), () => store.useOnce(hash)])
    await expect(call()).rejects.toMatchObject({ name: 'DependencyError' });
});
