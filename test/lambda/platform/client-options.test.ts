import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetGroupCommand } from '@aws-sdk/client-iam';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createIamClient } from '#lambda/admin-login/admin-group.store.ts';
import { callStore, createSecretsClient, createTableClient } from '#lambda/platform/clients.store.ts';

/** Of a client of the SDK, as far as it is looked at here. */
interface Client {
  readonly config: {
    maxAttempts(): Promise<number>;
    readonly requestHandler: { httpHandlerConfigs(): object };
  };
  send(command: unknown): Promise<unknown>;
  destroy(): void;
}

let server: Server;
let requests = 0;
let respond: (response: ServerResponse) => void;
const clients = new Map<string, readonly [client: Client, command: unknown]>();
const environment = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1;
    request.resume().on('end', () => respond(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
  clients.set('tables', [
    createTableClient() as unknown as Client,
    new GetItemCommand({ TableName: 'shops', Key: { shopId: { S: 'one' } }, ConsistentRead: true }),
  ]);
  clients.set('secrets', [createSecretsClient() as unknown as Client, new GetSecretValueCommand({ SecretId: 'ring' })]);
  clients.set('group', [createIamClient() as unknown as Client, new GetGroupCommand({ GroupName: 'admins' })]);
});
afterAll(() => {
  for (const [client] of clients.values()) client.destroy();
  server.closeAllConnections();
  server.close();
  process.env = environment;
});
beforeEach(() => {
  requests = 0;
});
afterEach(() => jest.restoreAllMocks());

const clientOf = (name: string) => clients.get(name) as readonly [Client, unknown];

describe.each([
  ['tables', 300, 300],
  ['secrets', 300, 300],
  ['group', 1_000, 3_000],
])('the client of the %s', (name, connectionTimeout, requestTimeout) => {
  test(`gives up an attempt ${connectionTimeout} ms without a connection, or ${requestTimeout} ms without an answer`, async () => {
    respond = (response) => void response.writeHead(400).end('{}');
    const [client, command] = clientOf(name);
    // Before its first call, a client has not read its options.
    await expect(client.send(command)).rejects.toThrow();
    expect(client.config.requestHandler.httpHandlerConfigs()).toMatchObject({
      connectionTimeout,
      requestTimeout,
      throwOnRequestTimeout: true,
    });
  });

  test('asks a failing service twice', async () => {
    respond = (response) => void response.writeHead(500).end('{}');
    const [client, command] = clientOf(name);
    await expect(client.send(command)).rejects.toMatchObject({ $metadata: { attempts: 2 } });
    expect([requests, await client.config.maxAttempts()]).toEqual([2, 2]);
  });

  test('asks a service that does not answer twice, and then gives up', async () => {
    respond = () => undefined;
    const [client, command] = clientOf(name);
    await expect(client.send(command)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(requests).toBe(2);
  });
});

test('a store operation has one second in all, whatever its attempts', async () => {
  const ended = new AbortController();
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(ended.signal);
  const operation = callStore(
    'read shop',
    (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  );
  ended.abort();
  await expect(operation).rejects.toThrow('read shop failed');
  expect(timeout.mock.calls).toEqual([[1_000]]);
});
