import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { limits } from '#contract/limits.ts';
import { DependencyError } from './stored.ts';

const endpoint = process.env.AWS_ENDPOINT_URL;

const clientDefaults = {
  // Specified: to find it by itself, the SDK would read configuration files that a function doesn't have.
  ...(endpoint !== undefined && { endpoint }),
  maxAttempts: limits.storeAttempts,
  requestHandler: {
    connectionTimeout: limits.storeAttemptMilliseconds,
    requestTimeout: limits.storeAttemptMilliseconds,
    // Without this the SDK only warns when the time is up.
    throwOnRequestTimeout: true,
  },
};

/** Where tables are read and written. */
export type TableClient = DynamoDBClient;

export const createTableClient = (): DynamoDBClient => new DynamoDBClient(clientDefaults);

export const createSecretsClient = (): SecretsManagerClient => new SecretsManagerClient(clientDefaults);

/** Runs one store operation within its time in all; whatever goes wrong becomes a `DependencyError` that names the operation only. */
export async function callStore<Value>(
  operation: string,
  call: (abortSignal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  try {
    return await call(AbortSignal.timeout(limits.storeTotalMilliseconds));
  } catch (error) {
    throw new DependencyError(`${operation} failed: ${error instanceof Error ? error.name : 'unknown error'}`, {
      cause: error,
    });
  }
}

/**
 * Opens the connection to the table service before the first call needs it. DynamoDB answers an unsigned `GET /` with its health:
 * no permission, no charge, no counted call. A failure is left to the first real read, which reports it.
 */
export async function openConnection(client: DynamoDBClient): Promise<void> {
  try {
    const { response } = await client.config.requestHandler.handle(healthRequest(await addressOf(client)) as never);
    // An answer that is not read to its end keeps its connection from the next request.
    for await (const _chunk of response.body as AsyncIterable<Uint8Array>);
  } catch {
    // The first read meets the same fault and answers for it.
  }
}

async function addressOf({ config }: DynamoDBClient): Promise<URL> {
  const given = await config.endpoint?.();
  if (given === undefined) return config.endpointProvider({ Region: await config.region() }).url;
  return new URL(`${given.protocol}//${given.hostname}:${given.port ?? ''}`);
}

const healthRequest = ({ protocol, hostname, port }: URL) => ({
  method: 'GET',
  protocol,
  hostname,
  ...(port !== '' && { port: Number(port) }),
  path: '/',
  query: {},
  headers: { host: hostname },
});

export function tableClient(): DynamoDBClient {
  const client = createTableClient();
  void openConnection(client);
  return client;
}
