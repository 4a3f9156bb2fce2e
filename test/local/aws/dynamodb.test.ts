import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ACCOUNT, allow, REGION, role, table, tableArn, testDeployment } from './support/deployment.ts';
import { clientsAs, clientsOf, closeAll, startTestAws, temporaryDirectory } from './support/host.ts';
import { sendSigned } from './support/sign.ts';

afterEach(closeAll);

const item = (id: string, more = {}) => ({ TableName: 'open', Item: { id: { S: id }, ...more } });
const keyOf = (id: string, TableName = 'open') => ({ TableName, Key: { id: { S: id } } });

test('an item that was put is got back by a stock client', async () => {
  const { dynamodb } = clientsOf(await startTestAws());
  await dynamodb.send(new PutItemCommand(item('one', { n: { N: '1' } })));
  const { Item } = await dynamodb.send(new GetItemCommand({ ...keyOf('one'), ConsistentRead: true }));
  expect(Item).toEqual({ id: { S: 'one' }, n: { N: '1' } });
  expect((await dynamodb.send(new GetItemCommand(keyOf('two')))).Item).toBeUndefined();
});

test('a condition decides over a write, and the old and new values are returned', async () => {
  const { dynamodb } = clientsOf(await startTestAws());
  const put = new PutItemCommand({ ...item('one'), ConditionExpression: 'attribute_not_exists(id)' });
  await dynamodb.send(put);
  await expect(dynamodb.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  const updated = await dynamodb.send(
    new UpdateItemCommand({
      ...keyOf('one'),
      UpdateExpression: 'SET #n = :n',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':n': { N: '7' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  expect(updated.Attributes).toEqual({ id: { S: 'one' }, n: { N: '7' } });
  const deleted = await dynamodb.send(new DeleteItemCommand({ ...keyOf('one'), ReturnValues: 'ALL_OLD' }));
  expect(deleted.Attributes).toEqual({ id: { S: 'one' }, n: { N: '7' } });
});

test('items are queried and got in batches', async () => {
  const { dynamodb } = clientsOf(await startTestAws());
  for (const id of ['one', 'two']) await dynamodb.send(new PutItemCommand(item(id)));
  const { Items } = await dynamodb.send(
    new QueryCommand({
      TableName: 'open',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': { S: 'two' } },
    }),
  );
  expect(Items).toEqual([{ id: { S: 'two' } }]);
  const Keys = ['one', 'two'].map((id) => ({ id: { S: id } }));
  const batch = await dynamodb.send(
    new BatchGetItemCommand({ RequestItems: { open: { Keys, ConsistentRead: true } } }),
  );
  expect(batch.Responses?.open).toHaveLength(2);
});

test.each([
  ['PutItem', new PutItemCommand(item('one'))],
  ['DeleteItem', new DeleteItemCommand(keyOf('one'))],
])('refuses %s to a role that may only GetItem, in the words of AWS', async (operation, command) => {
  const aws = await startTestAws();
  const { dynamodb } = clientsAs(aws, 'Reader');
  await dynamodb.send(new GetItemCommand(keyOf('one')));
  await expect(dynamodb.send(command as PutItemCommand)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 400 },
    message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/Reader/local is not authorized to perform: dynamodb:${operation} on resource: ${tableArn('open')} because no identity-based policy allows the dynamodb:${operation} action`,
  });
});

test('refuses a batch that names one table too many', async () => {
  const { dynamodb } = clientsAs(await startTestAws(), 'Reader');
  const Keys = [{ id: { S: 'one' } }];
  const command = new BatchGetItemCommand({ RequestItems: { open: { Keys }, sealed: { Keys } } });
  await expect(dynamodb.send(command)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

describe('a role that may touch only some partition keys', () => {
  const condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['own/*'] } };
  const actions = ['GetItem', 'PutItem', 'DeleteItem', 'BatchGetItem', 'BatchWriteItem'];
  const limited = role(
    'Limited',
    allow(
      actions.map((name) => `dynamodb:${name}`),
      tableArn('open'),
      condition,
    ),
  );
  const names = (...ids: string[]) => ids.map((id) => ({ id: { S: id } }));
  const batchGet = (...ids: string[]) => new BatchGetItemCommand({ RequestItems: { open: { Keys: names(...ids) } } });
  const batchPut = (...ids: string[]) =>
    new BatchWriteItemCommand({ RequestItems: { open: names(...ids).map((Item) => ({ PutRequest: { Item } })) } });

  const commands: [string, (id: string) => object][] = [
    ['GetItem', (id) => new GetItemCommand(keyOf(id))],
    ['PutItem', (id) => new PutItemCommand(item(id))],
    ['DeleteItem', (id) => new DeleteItemCommand(keyOf(id))],
    ['BatchGetItem', (id) => batchGet('own/one', id)],
    ['BatchWriteItem', (id) => batchPut('own/one', id)],
  ];
  test.each(commands)('does %s on its own and is refused it on any other', async (_operation, command) => {
    const aws = await startTestAws({ deployment: testDeployment({ roles: [limited] }) });
    const { dynamodb } = clientsAs(aws, 'Limited');
    const send = (id: string) => dynamodb.send(command(id) as GetItemCommand);
    await send('own/two');
    for (const id of ['other/two', 'own', 'x/own/two'])
      await expect(send(id)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

test('items under a customer-managed key take kms:Decrypt through DynamoDB, and nothing else of KMS', async () => {
  const aws = await startTestAws();
  await clientsAs(aws, 'SealedReader').dynamodb.send(new PutItemCommand({ ...item('one'), TableName: 'sealed' }));
  await clientsAs(aws, 'SealedReader').dynamodb.send(new GetItemCommand(keyOf('one', 'sealed')));
  const read = clientsAs(aws, 'KeylessReader').dynamodb.send(new GetItemCommand(keyOf('one', 'sealed')));
  await expect(read).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('kms:Decrypt'),
  });
  const kmsCalls = aws.calls.list().filter(({ service, allowed }) => service === 'kms' && allowed);
  expect(kmsCalls.map(({ action, via, times }) => ({ action, via, times }))).toEqual([
    { action: 'kms:Decrypt', via: `dynamodb.${REGION}.amazonaws.com`, times: 2 },
  ]);
});

test.each(['ReturnValuesOnConditionCheckFailure', 'SomethingNew'])(
  'refuses the member %s, which dynalite would ignore',
  async (member) => {
    const aws = await startTestAws();
    const body = JSON.stringify({ ...item('one'), [member]: 'ALL_OLD' });
    const { status, json } = await sendSigned(aws, { body, target: 'DynamoDB_20120810.PutItem' });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      __type: expect.stringContaining('#ValidationException'),
      message: expect.stringContaining(member),
    });
  },
);

test.each(['TransactWriteItems', 'CreateTable', 'DeleteTable'])('refuses the operation %s', async (operation) => {
  const aws = await startTestAws();
  const { json } = await sendSigned(aws, { body: '{}', target: `DynamoDB_20120810.${operation}` });
  expect(json).toMatchObject({ __type: expect.stringContaining('#UnknownOperationException') });
});

test('a new index is built from the items that are there', async () => {
  const dataDirectory = temporaryDirectory();
  const before = await startTestAws({ dataDirectory });
  await clientsOf(before).dynamodb.send(new PutItemCommand(item('one', { owner: { S: 'me' } })));
  await before.close();
  const indexed = table('open', {
    attributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'owner', AttributeType: 'S' },
    ],
    globalSecondaryIndexes: [
      {
        IndexName: 'byOwner',
        KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  const after = await startTestAws({ dataDirectory, deployment: testDeployment({ tables: [indexed] }) });
  const query = new QueryCommand({
    TableName: 'open',
    IndexName: 'byOwner',
    KeyConditionExpression: '#o = :o',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': { S: 'me' } },
  });
  const { dynamodb } = clientsOf(after);
  expect((await dynamodb.send(query)).Items).toHaveLength(1);
  await dynamodb.send(new PutItemCommand(item('two', { owner: { S: 'me' } })));
  expect((await dynamodb.send(query)).Items).toHaveLength(2);
  expect(after.calls.list()[0]?.resource).toBe(`${tableArn('open')}/index/byOwner`);
});

test('refuses to start on a kept table whose key has changed', async () => {
  const dataDirectory = temporaryDirectory();
  await (await startTestAws({ dataDirectory })).close();
  const changed = table('open', {
    attributeDefinitions: [{ AttributeName: 'other', AttributeType: 'S' }],
    keySchema: [{ AttributeName: 'other', KeyType: 'HASH' }],
  });
  const start = startTestAws({ dataDirectory, deployment: testDeployment({ tables: [changed] }) });
  await expect(start).rejects.toThrow("a table's key cannot change");
  await startTestAws({ dataDirectory });
});

describe('reads that lag two seconds behind the writes', () => {
  let now = 0;
  let lag = 0;
  const start = async () => {
    now = Date.now();
    lag = 2_000;
    const indexed = table('open', {
      attributeDefinitions: ['id', 'kind'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      globalSecondaryIndexes: [
        {
          IndexName: 'byKind',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    const deployment = testDeployment({ tables: [indexed] });
    return clientsOf(await startTestAws({ deployment, now: () => now, readLag: () => lag })).dynamodb;
  };
  const equals = (name: string, value: string) => ({
    KeyConditionExpression: `${name} = :value`,
    ExpressionAttributeValues: { ':value': { S: value } },
  });
  const values = (items: Record<string, { S?: string }>[] = []) => items.map(({ n }) => n?.S);
  const plain: [string, (client: DynamoDBClient) => Promise<(string | undefined)[]>][] = [
    ['GetItem', async (client) => values([(await client.send(new GetItemCommand(keyOf('one')))).Item ?? {}] as never)],
    [
      'Query',
      async (client) =>
        values((await client.send(new QueryCommand({ TableName: 'open', ...equals('id', 'one') }))).Items as never),
    ],
    [
      'Query of an index',
      async (client) =>
        values(
          (await client.send(new QueryCommand({ TableName: 'open', IndexName: 'byKind', ...equals('kind', 'k') })))
            .Items as never,
        ),
    ],
    [
      'BatchGetItem',
      async (client) => {
        const RequestItems = { open: { Keys: [{ id: { S: 'one' } }] } };
        return values((await client.send(new BatchGetItemCommand({ RequestItems }))).Responses?.open as never);
      },
    ],
  ];
  const put = (client: DynamoDBClient, n: string) =>
    client.send(new PutItemCommand(item('one', { n: { S: n }, kind: { S: 'k' } })));

  test.each(plain)('%s sees a write after them, and not before', async (_name, read) => {
    const client = await start();
    lag = 0;
    await put(client, 'first');
    lag = 2_000;
    expect(await read(client)).toEqual(['first']);
    await put(client, 'second');
    now += 1_999;
    expect(await read(client)).toEqual(['first']);
    now += 1;
    expect(await read(client)).toEqual(['second']);
    await client.send(new DeleteItemCommand(keyOf('one')));
    expect(await read(client)).toEqual(['second']);
    now += 2_000;
    expect((await read(client)).filter((n) => n !== undefined)).toEqual([]);
  });

  test('consistent reads and conditions see every write at once', async () => {
    const client = await start();
    await put(client, 'first');
    const consistent = { ...keyOf('one'), ConsistentRead: true };
    expect((await client.send(new GetItemCommand(consistent))).Item?.n).toEqual({ S: 'first' });
    expect((await client.send(new GetItemCommand(keyOf('one')))).Item).toBeUndefined();
    const again = new PutItemCommand({ ...item('one'), ConditionExpression: 'attribute_not_exists(id)' });
    await expect(client.send(again)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  test('a batch of writes and an update lag like any other write', async () => {
    const client = await start();
    const request = { PutRequest: { Item: item('one', { n: { S: 'first' } }).Item } };
    await client.send(new BatchWriteItemCommand({ RequestItems: { open: [request] } }));
    now += 1_000;
    const update = { UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { S: 'second' } } };
    await client.send(new UpdateItemCommand({ ...keyOf('one'), ...update }));
    const seen = async () => (await client.send(new GetItemCommand(keyOf('one')))).Item?.n?.S;
    expect(await seen()).toBeUndefined();
    now += 1_000;
    expect(await seen()).toBe('first');
    now += 1_000;
    expect(await seen()).toBe('second');
  });

  test('without a lag, plain reads see every write at once again', async () => {
    const client = await start();
    await put(client, 'first');
    lag = 0;
    expect((await client.send(new GetItemCommand(keyOf('one')))).Item?.n).toEqual({ S: 'first' });
  });
});
