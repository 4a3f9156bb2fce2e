import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { limits } from '../contract/limits.ts';
import { DependencyError } from '../ports.ts';

const endpoint = process.env.AWS_ENDPOINT_URL;

const clientDefaults = {
  // Told to the client outright: finding it by itself, the SDK would read configuration files that a function doesn't have.
  ...(endpoint !== undefined && { endpoint }),
  maxAttempts: limits.storeAttempts,
  requestHandler: {
    connectionTimeout: limits.storeAttemptMilliseconds,
    requestTimeout: limits.storeAttemptMilliseconds,
    // Without this the SDK only warns when the time is up.
    throwOnRequestTimeout: true,
  },
};

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
