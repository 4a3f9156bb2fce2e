import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoCallCounter } from '#lambda/platform/call-counter.store.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import { closeAll } from '#test/local/aws/support/host.ts';
import { SESSIONS, sessionTable } from '#test/support/session-table.ts';

beforeEach(() => {
  // However long a busy machine takes.
  jest.spyOn(AbortSignal, 'timeout').mockReturnValue(new AbortController().signal);
});
afterEach(() => {
  jest.restoreAllMocks();
  return closeAll();
});

test('a hundred calls that two containers count at once are a hundred, each with a number of its own', async () => {
  const client = await sessionTable();
  const containers = [new DynamoCallCounter(client, SESSIONS), new DynamoCallCounter(client, SESSIONS)];
  const counted = await Promise.all(
    Array.from({ length: 100 }, (_, call) => containers[call % 2]?.count('digest', 1_800_000_120)),
  );
  expect(counted.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  const Key = { sessionHash: { S: 'rate/digest' } };
  expect((await client.send(new GetItemCommand({ TableName: SESSIONS, Key }))).Item).toEqual({
    ...Key,
    kind: { S: 'rate' },
    schemaVersion: { N: '1' },
    calls: { N: '100' },
    expiresAt: { N: '1800000120' },
  });
});

test('other digests have counts of their own', async () => {
  const counter = new DynamoCallCounter(await sessionTable(), SESSIONS);
  expect([await counter.count('a', 1), await counter.count('b', 1), await counter.count('a', 1)]).toEqual([1, 1, 2]);
});

test('a count that is not a number is a fault, as is a table that fails', async () => {
  const client = await sessionTable();
  const Item = { sessionHash: { S: 'rate/digest' }, calls: { S: 'many' } };
  await client.send(new PutItemCommand({ TableName: SESSIONS, Item }));
  await expect(new DynamoCallCounter(client, SESSIONS).count('digest', 1)).rejects.toThrow(DependencyError);
  await expect(new DynamoCallCounter(client, 'nowhere').count('digest', 1)).rejects.toThrow(DependencyError);
});
