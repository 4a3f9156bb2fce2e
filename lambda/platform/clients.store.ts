import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { limits } from '#contract/limits.ts';
import { DependencyError } from './stored.ts';

const endpoint = process.env.AWS_ENDPOINT_URL;

const clientDefaults = {
  // Specified, because the SDK would otherwise look for configuration files, which a function does not have.
  ...(endpoint !== undefined && { endpoint }),
  maxAttempts: limits.storeAttempts,
  requestHandler: {
    connectionTimeout: limits.storeAttemptMilliseconds,
    requestTimeout: limits.storeAttemptMilliseconds,
    // Without this, the SDK only logs a warning when the time limit is reached.
    throwOnRequestTimeout: true,
  },
};

/** The table service. */
export type TableClient = DynamoDBClient;

export const createTableClient = (): DynamoDBClient => new DynamoDBClient(clientDefaults);

export const createSecretsClient = (): SecretsManagerClient => new SecretsManagerClient(clientDefaults);

/** Runs one store operation within its total time; every failure becomes a `DependencyError` that names only the operation. */
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
 * Opens the connection to the table service before the first call needs it. DynamoDB answers an unsigned `GET /` with its health: no
 * permission, no charge, no counted call. A failure is not reported here, because the first real read reports it.
 */
export async function openConnection(client: DynamoDBClient): Promise<void> {
  try {
    const { response } = await client.config.requestHandler.handle(healthRequest(await addressOf(client)) as never);
    // A response that is not read to its end blocks its connection for the next request.
    for await (const _chunk of response.body as AsyncIterable<Uint8Array>);
  } catch {
    // The first read meets the same fault and reports it.
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
