import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { environment } from '#contract/environment.ts';
import { functions, watchers } from '#contract/functions.ts';
import { type AdminClient, adminClient, cookieOf, logIn } from '../support/admin.ts';
import { clientsOf } from '../support/aws-clients.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

/** Those that only administrators and AWS itself reach. */
const trusted: readonly string[] = ['admin-api', 'ring-rotation', ...watchers];
const strangers = Object.keys(functions).filter((name) => !trusted.includes(name));
const prefixOf = (name: string): string => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

let gate: RunningGate;
let call: AdminClient;
let tableName: string;
beforeAll(async () => {
  gate = await startGate();
  call = adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, gate.createUser('alice', true))));
  expect((await call('POST /revocations', { body: { kind: 'user', id: 'u-1' } })).status).toBe(200);
  expect((await call(`PATCH /shops/${gate.shop.shopId}`, { body: { disabled: true } })).status).toBe(200);
  const other = cookieOf(await logIn(gate.host.baseUrl, gate.createUser('bob', true)));
  expect((await adminClient(gate.host.baseUrl, other)('DELETE /session')).status).toBe(204);
  tableName = clientsOf(gate, 'AdminApi').environment[environment.auditTable] as string;
});
afterAll(() => gate.close());

const entriesOf = async (subject: string): Promise<readonly { at: number; id: string }[]> =>
  (await call(`GET /audit?subject=${subject}`)).json.entries as { at: number; id: string }[];
const keyOf = async (subject: string) => {
  const [entry] = await entriesOf(subject);
  const at = `${new Date(entry?.at ?? 0).toISOString()}#${entry?.id}`;
  return { subject: { S: subject }, at: { S: at } };
};
type Key = Awaited<ReturnType<typeof keyOf>>;

const attacks: Record<string, (client: DynamoDBClient, key: Key) => Promise<unknown>> = {
  'writing over it': (client, key) => client.send(new PutItemCommand({ TableName: tableName, Item: key })),
  'deleting it': (client, key) => client.send(new DeleteItemCommand({ TableName: tableName, Key: key })),
  'changing it': (client, key) =>
    client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: key,
        UpdateExpression: 'SET code = :no',
        ExpressionAttributeValues: { ':no': { S: 'no' } },
      }),
    ),
  'writing over it in a batch': (client, key) =>
    client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: [{ PutRequest: { Item: key } }] } })),
  'deleting it in a batch': (client, key) =>
    client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: [{ DeleteRequest: { Key: key } }] } })),
};

/** Entries that functions which strangers reach do write: to write over one takes the function that may write there, which SECURITY.md says. */
const refusing = Object.entries(functions).filter(([name, { environment: names }]) => {
  const isAudited = (names as readonly string[]).includes('auditTable');
  return isAudited && !trusted.includes(name) && name !== 'admin-login';
});
const writtenByStrangers: [subject: string, writers: readonly string[]][] = [
  ['logins', ['admin-login']],
  ['refused/deployment', refusing.map(([name]) => name)],
];

describe.each(strangers)('with the role of %s, which anyone can reach,', (name) => {
  test.each(Object.keys(attacks))('refuses %s: an entry on what administrators did', async (attack) => {
    const { dynamoDb } = clientsOf(gate, prefixOf(name));
    for (const subject of ['deployment', gate.shop.shopId, 'log-outs']) {
      const before = await entriesOf(subject);
      expect(before.length).toBeGreaterThan(0);
      await expect(attacks[attack]?.(dynamoDb, await keyOf(subject))).rejects.toMatchObject({
        name: 'AccessDeniedException',
      });
      expect(await entriesOf(subject)).toEqual(before);
    }
  });

  test.each(writtenByStrangers)('%s can be written over by its own function alone: %s', async (subject, writers) => {
    if (writers.includes(name)) return;
    const { dynamoDb } = clientsOf(gate, prefixOf(name));
    await expect(
      attacks['writing over it']?.(dynamoDb, { subject: { S: subject }, at: { S: '2026-11-27T00:00:00.000Z#a' } }),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('refuses to delete or change what is written there, by whomever', async () => {
    const { dynamoDb } = clientsOf(gate, prefixOf(name));
    for (const subject of ['logins', 'log-outs', 'refused/deployment', `refused/${gate.shop.shopId}`])
      for (const attack of ['deleting it', 'changing it', 'deleting it in a batch', 'writing over it in a batch'])
        await expect(
          attacks[attack]?.(dynamoDb, { subject: { S: subject }, at: { S: '2026-11-27T00:00:00.000Z#a' } }),
        ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('refuses to write about logins, unless it logs in, and about other subjects than refused calls', async () => {
    const { dynamoDb } = clientsOf(gate, prefixOf(name));
    const put = (subject: string) =>
      attacks['writing over it']?.(dynamoDb, { subject: { S: subject }, at: { S: '2026-11-27T00:00:00.000Z#b' } });
    const denied = { name: 'AccessDeniedException' };
    if (name === 'admin-login') await expect(put('refused/deployment')).rejects.toMatchObject(denied);
    else await expect(put('logins')).rejects.toMatchObject(denied);
    for (const subject of ['refused', 'shop_other', 'logins/x', 'log-outs'])
      await expect(put(subject)).rejects.toMatchObject(denied);
  });
});

test('refuses to change or delete an entry even with the role of the function that administrators use', async () => {
  const { dynamoDb } = clientsOf(gate, 'AdminApi');
  for (const attack of ['deleting it', 'changing it', 'deleting it in a batch', 'writing over it in a batch'])
    await expect(attacks[attack]?.(dynamoDb, await keyOf('deployment'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
});
