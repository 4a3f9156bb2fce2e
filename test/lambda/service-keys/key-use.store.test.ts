import {
  type BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DependencyError } from '#lambda/platform/stored.ts';
import { DynamoKeyUseStore } from '#lambda/service-keys/key-use.store.ts';
import { closeAll } from '#test/local/aws/support/host.ts';
import { SESSIONS, sessionTable } from '#test/support/session-table.ts';

const HOUR = 1_800_000_000;
const KEY_IDS = Array.from({ length: 250 }, (_, index) => `key${String(index).padStart(5, '0')}`);

afterEach(closeAll);

test('a use is read as it was noted last; a key that was never used has none', async () => {
  const client = await sessionTable();
  const store = new DynamoKeyUseStore(client, SESSIONS);
  for (const usedAt of [HOUR, HOUR + 3_600]) await store.note('AAAAAAAA', usedAt);
  expect([...(await store.lastUses(['AAAAAAAA', 'BBBBBBBB', 'AAAAAAAA']))]).toEqual([['AAAAAAAA', HOUR + 3_600]]);
  expect([...(await store.lastUses([]))]).toEqual([]);
  const Key = { sessionHash: { S: 'key-use/AAAAAAAA' } };
  // Nothing in it ends it.
  expect((await client.send(new GetItemCommand({ TableName: SESSIONS, Key }))).Item).toEqual({
    ...Key,
    schemaVersion: { N: '1' },
    kind: { S: 'key-use' },
    usedAt: { N: String(HOUR + 3_600) },
  });
});

test('uses of more keys than one call takes are read by several', async () => {
  const client = await sessionTable();
  const store = new DynamoKeyUseStore(client, SESSIONS);
  for (const keyId of KEY_IDS) await store.note(keyId, HOUR);
  const send = jest.spyOn(client, 'send');
  expect([...(await store.lastUses(KEY_IDS)).keys()].sort()).toEqual(KEY_IDS);
  expect(send).toHaveBeenCalledTimes(3);
});

test('an item that is not ours is not a use, and hides no other', async () => {
  const client = await sessionTable();
  const store = new DynamoKeyUseStore(client, SESSIONS);
  await store.note('AAAAAAAA', HOUR);
  for (const [keyId, usedAt] of [
    ['BBBBBBBB', { S: 'x' }],
    ['CCCCCCCC', { N: '-1' }],
  ] as const) {
    const Item = { sessionHash: { S: `key-use/${keyId}` }, kind: { S: 'key-use' }, usedAt };
    await client.send(new PutItemCommand({ TableName: SESSIONS, Item }));
  }
  expect([...(await store.lastUses(['AAAAAAAA', 'BBBBBBBB', 'CCCCCCCC']))]).toEqual([['AAAAAAAA', HOUR]]);
});

/** Answers each call with the first `perCall` of the items that it asks for, as DynamoDB does when it is busy. */
const busyClient = (perCall: number): DynamoDBClient => {
  const send = async (command: object): Promise<object> => {
    const { Keys = [] } = (command as BatchGetItemCommand).input.RequestItems?.[SESSIONS] ?? {};
    const items = Keys.slice(0, perCall).map((key) => ({ ...key, kind: { S: 'key-use' }, usedAt: { N: '7' } }));
    const left = Keys.slice(perCall);
    return {
      Responses: { [SESSIONS]: items },
      UnprocessedKeys: left.length === 0 ? {} : { [SESSIONS]: { Keys: left } },
    };
  };
  return { send } as unknown as DynamoDBClient;
};

test('what a busy table left out is asked for again', async () => {
  const uses = await new DynamoKeyUseStore(busyClient(40), SESSIONS).lastUses(KEY_IDS);
  expect(uses.size).toBe(KEY_IDS.length);
});

test('a table that goes on leaving keys out is a fault, not a list of keys that nobody uses', async () => {
  await expect(new DynamoKeyUseStore(busyClient(0), SESSIONS).lastUses(KEY_IDS)).rejects.toThrow(DependencyError);
});

test('a table that fails is a fault for each of them', async () => {
  const send = () => Promise.reject(new Error('out of reach'));
  const failing = new DynamoKeyUseStore({ send } as unknown as DynamoDBClient, SESSIONS);
  await expect(failing.note('AAAAAAAA', HOUR)).rejects.toThrow(DependencyError);
  await expect(failing.lastUses(['AAAAAAAA'])).rejects.toThrow(DependencyError);
});
