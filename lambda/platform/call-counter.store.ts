import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { sessionItemPrefixes } from '#contract/tables.ts';
import type { CallCounter } from './address-limit.ts';
import { callStore } from './clients.store.ts';
import { SCHEMA_VERSION } from './schema-version.ts';
import { DependencyError } from './stored.ts';

/**
 * Counts calls in the session table, with one item for each address and window. `ADD` is atomic: no concurrent call is lost. A call whose
 * first attempt was written but not answered in time counts twice.
 */
export class DynamoCallCounter implements CallCounter {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async count(digest: string, expiresAt: number): Promise<number> {
    const command = new UpdateItemCommand({
      TableName: this.#tableName,
      Key: { sessionHash: { S: sessionItemPrefixes.rate + digest } },
      UpdateExpression: 'ADD calls :one SET kind = :kind, schemaVersion = :version, expiresAt = :end',
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':kind': { S: 'rate' },
        ':version': { N: String(SCHEMA_VERSION) },
        ':end': { N: String(expiresAt) },
      },
      ReturnValues: 'UPDATED_NEW',
    });
    const { Attributes } = await callStore('count a call', (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    const calls = Number(Attributes?.calls?.N);
    if (!Number.isInteger(calls)) throw new DependencyError('a stored record is corrupt');
    return calls;
  }
}
