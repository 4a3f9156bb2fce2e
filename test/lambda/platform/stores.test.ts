import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoAuditStore } from '#lambda/audit/trail-query.store.ts';
import { openConnection } from '#lambda/platform/clients.store.ts';
import { defaultProvider } from '#lambda/platform/environment-credentials.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import { SecretsRingStore } from '#lambda/ring/ring.store.ts';
import { DynamoShopStore, readShopItem, writeShopItem } from '#lambda/shops/shop.store.ts';
import { DynamoKeyStore } from '#lambda/shops/shop-key.store.ts';
import { testShop } from '#test/support/shops.ts';

let server: Server;
let endpoint: string;
let bodies: string[];
let requests: {
  method: string | undefined;
  url: string | undefined;
  port: number | undefined;
  authorization: string | undefined;
}[];
let answer: { status: number; body: string } | 'never';

beforeAll(async () => {
  server = createServer((request, response) => {
    const { method, url, socket, headers } = request;
    requests.push({ method, url, port: socket.remotePort, authorization: headers.authorization });
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => bodies.push(body));
    if (answer !== 'never')
      response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
  bodies = [];
  answer = { status: 200, body: '{}' };
});

const config = () => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  maxAttempts: 2,
  requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
});

test('the connection is opened by an unsigned health check and used by the first read', async () => {
  const client = new DynamoDBClient(config());
  await openConnection(client);
  await new DynamoShopStore(client, 'shops').read('shop_one');
  expect(requests.map(({ method, url }) => [method, url])).toEqual([
    ['GET', '/'],
    ['POST', '/'],
  ]);
  expect(requests[0]?.authorization).toBeUndefined();
  expect(requests[0]?.port).toBe(requests[1]?.port);
});

test("without a given address, the region's own is opened", async () => {
  const hosts: string[] = [];
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    requestHandler: {
      handle: async ({ hostname }: { hostname: string }) => {
        hosts.push(hostname);
        return { response: { body: [] } };
      },
    } as never,
  });
  await openConnection(client);
  expect(hosts).toEqual(['dynamodb.eu-west-1.amazonaws.com']);
});

test("a connection that can't be opened harms nothing", async () => {
  await expect(
    openConnection(new DynamoDBClient({ ...config(), endpoint: 'http://127.0.0.1:1' })),
  ).resolves.toBeUndefined();
});

describe('a store that fails is a DependencyError that names the operation and nothing else', () => {
  const stores: [string, () => Promise<unknown>][] = [
    ['read shop', () => new DynamoShopStore(new DynamoDBClient(config()), 'shops').read('shop_one')],
    ['create shop', () => new DynamoShopStore(new DynamoDBClient(config()), 'shops').create(testShop().shop)],
    ['read key', () => new DynamoKeyStore(new DynamoDBClient(config()), 'keys').read('key00000')],
    ['create key', () => new DynamoKeyStore(new DynamoDBClient(config()), 'keys').create(testShop().keyRecord)],
    ['read ring', () => new SecretsRingStore(new SecretsManagerClient(config()), 'arn:secret').read()],
  ];

  test.each(stores)('%s, with errors', async (operation, call) => {
    answer = { status: 500, body: '{"__type":"InternalServerError","message":"arn:aws:secret"}' };
    const failure = (await call().catch((error: unknown) => error)) as Error;
    expect(failure).toBeInstanceOf(DependencyError);
    expect(failure.message).toMatch(new RegExp(`^${operation} failed: \\w+$`));
  });

  test.each(stores)('%s, without an answer, within its time and its attempts', async (operation, call) => {
    answer = 'never';
    const failure = (await call().catch((error: unknown) => error)) as Error;
    expect(failure).toBeInstanceOf(DependencyError);
    expect(failure.message).toMatch(new RegExp(`^${operation} failed: \\w+$`));
    expect(requests).toHaveLength(2);
  });

  test('a ring secret without text', async () => {
    await expect(new SecretsRingStore(new SecretsManagerClient(config()), 'arn:secret').read()).rejects.toThrow(
      'has no text',
    );
  });
});

test('a taken id is distinguished from a failure', async () => {
  answer = { status: 400, body: '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}' };
  expect(await new DynamoShopStore(new DynamoDBClient(config()), 'shops').create(testShop().shop)).toBe(false);
});

describe('a stored shop', () => {
  const { shop } = testShop('shop_one', { tokensNotBefore: 5 }, { credentialUntil: 7, verifyUntil: 8 });
  const item = writeShopItem(shop);

  test('is read as it was written', () => {
    expect(readShopItem(item, 'shop_one')).toEqual({ kind: 'found', value: shop });
    expect(readShopItem(undefined, 'shop_one')).toEqual({ kind: 'absent' });
  });

  test('may have members that a newer release added', () => {
    expect(readShopItem({ ...item, added: { S: 'x' } }, 'shop_one')).toEqual({ kind: 'found', value: shop });
  });

  test.each<[string, object]>([
    ['another schema version', { schemaVersion: { N: '2' } }],
    ['no schema version', { schemaVersion: undefined }],
    ["another shop's id", { shopId: { S: 'shop_two' } }],
    ['a wrong type', { disabled: { S: 'false' } }],
    ['no keys', { keys: undefined }],
    [
      'an empty sealed key',
      { keys: { L: [{ M: { keyId: { S: 'abcdefgh' }, sealed: { S: '' }, createdAt: { N: '1' } } }] } },
    ],
    ['an invalid key id', { keys: { L: [{ M: { keyId: { S: '' }, sealed: { S: 'x' }, createdAt: { N: '1' } } }] } }],
    ...['abcdefg', 'abcdefghi', 'abcdefg!'].map((keyId): [string, object] => [
      `the key id ${keyId}`,
      { keys: { L: [{ M: { keyId: { S: keyId }, sealed: { S: 'x' }, createdAt: { N: '1' } } }] } },
    ]),
    ['a negative time', { tokensNotBefore: { N: '-1' } }],
    ['a fraction of a version', { version: { N: '1.5' } }],
    ['more origins than fit', { origins: { L: Array.from({ length: 51 }, () => ({ S: 'https://a.example.com' })) } }],
  ])('with %s is corrupt', (_name, change) => {
    const changed = Object.fromEntries(
      Object.entries({ ...item, ...change }).filter(([, value]) => value !== undefined),
    );
    expect(readShopItem(changed as typeof item, 'shop_one')).toEqual({ kind: 'corrupt' });
  });
});

test.each([
  ['another key id', { keyId: { S: 'other000' } }],
  ['an invalid digest', { sha256: { S: 'x' } }],
  ['an unknown kind', { kind: { S: 'xx' } }],
])('a key record with %s is corrupt', async (_name, change) => {
  const item = {
    schemaVersion: { N: '1' },
    keyId: { S: 'key00000' },
    kind: { S: 'sk' },
    owner: { S: 'shop_one' },
    sha256: { S: 'a'.repeat(64) },
    createdAt: { N: '1' },
  };
  const store = new DynamoKeyStore(new DynamoDBClient(config()), 'keys');
  answer = { status: 200, body: JSON.stringify({ Item: item }) };
  expect((await store.read('key00000')).kind).toBe('found');
  answer = { status: 200, body: JSON.stringify({ Item: { ...item, ...change } }) };
  expect(await store.read('key00000')).toEqual({ kind: 'corrupt' });
});

test('functions take their credentials from the environment or not at all', async () => {
  const kept = { ...process.env };
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
  delete process.env.AWS_ACCESS_KEY_ID;
  await expect(defaultProvider()()).rejects.toThrow('no AWS credentials');
  process.env = kept;
});

test('a write whose answer got lost is repeated as the same write, which its condition lets pass', async () => {
  answer = 'never';
  const store = new DynamoShopStore(new DynamoDBClient(config()), 'shops');
  await expect(store.replace({ ...testShop().shop, version: 2 })).rejects.toBeInstanceOf(DependencyError);
  const attempts = bodies.map(
    (body) =>
      JSON.parse(body) as { Item: { writeId: object }; ConditionExpression: string; ExpressionAttributeValues: object },
  );
  expect(attempts.length).toBeGreaterThan(1);
  for (const { Item, ConditionExpression, ExpressionAttributeValues } of attempts) {
    expect(ConditionExpression).toBe('#subject = :before OR writeId = :writeId');
    expect(ExpressionAttributeValues).toEqual({ ':before': { N: '1' }, ':writeId': attempts[0]?.Item.writeId });
    expect(Item.writeId).toEqual(attempts[0]?.Item.writeId);
  }
});

describe('the audit trail', () => {
  const entryOf = (at: number) => ({
    id: String(at),
    at: 1_800_000_000_000,
    subject: 'refused/shop_one',
    action: 'refuse-calls',
    code: 'expired',
  });
  const trail = () => new DynamoAuditStore(new DynamoDBClient(config()), 'audit', 1);
  const conditionFailed = {
    status: 400,
    body: '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}',
  };

  test('takes each entry once, by a write that leaves an entry alone that is there', async () => {
    await trail().append(Array.from({ length: 25 }, (_, at) => entryOf(at)));
    const puts = bodies.map((body) => JSON.parse(body) as { Item: { id: { S: string } }; ConditionExpression: string });
    expect(puts.map(({ Item }) => Number(Item.id.S)).sort((a, b) => a - b)).toEqual([...Array(25).keys()]);
    expect(new Set(puts.map(({ ConditionExpression }) => ConditionExpression))).toEqual(
      new Set(['attribute_not_exists(#subject)']),
    );
  });

  test('takes an entry that is there already for written', async () => {
    answer = conditionFailed;
    expect(await trail().append([entryOf(1)])).toBeUndefined();
  });

  test('that does not take an entry is an outage', async () => {
    answer = { status: 400, body: '{"__type":"ProvisionedThroughputExceededException","message":"slow down"}' };
    await expect(trail().append([entryOf(1)])).rejects.toThrow(DependencyError);
  });
});
