import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { sessionItemPrefixes } from '#contract/tables.ts';
import { callStore } from '../platform/clients.store.ts';
import { SCHEMA_VERSION, schemaVersionOrNone } from '../platform/schema-version.ts';
import { DependencyError } from '../platform/stored.ts';
import type { KeyUseStore } from './service-key.ts';

/** DynamoDB's limit. */
const MAX_BATCH = 100;
/** DynamoDB may return part of a batch as unprocessed. */
const MAX_CALLS_PER_BATCH = 3;

const keyUseItem = v.object({
  schemaVersion: schemaVersionOrNone,
  kind: v.literal('key-use'),
  sessionHash: v.pipe(v.string(), v.startsWith(sessionItemPrefixes.keyUse)),
  usedAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

const nameOf = (keyId: string): string => sessionItemPrefixes.keyUse + keyId;

/**
 * Last uses of service keys in the session table, one item each. They do not expire: it is useful to know that a key
 * was not used for a year.
 */
export class DynamoKeyUseStore implements KeyUseStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async lastUses(keyIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    // A batch with the same key twice is rejected.
    const names = [...new Set(keyIds.map(nameOf))];
    const uses = new Map<string, number>();
    for (let at = 0; at < names.length; at += MAX_BATCH) await this.#readBatch(names.slice(at, at + MAX_BATCH), uses);
    return uses;
  }

  async note(keyId: string, usedAt: number): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.#tableName,
      Item: marshall({ schemaVersion: SCHEMA_VERSION, sessionHash: nameOf(keyId), kind: 'key-use', usedAt }),
      // Another container may have recorded a later use meanwhile.
      ConditionExpression: 'attribute_not_exists(usedAt) OR usedAt < :usedAt',
      ExpressionAttributeValues: { ':usedAt': { N: String(usedAt) } },
    });
    await callStore('note key use', async (abortSignal) => {
      try {
        await this.#client.send(command, { abortSignal });
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }

  async #readBatch(names: readonly string[], uses: Map<string, number>): Promise<void> {
    let Keys: Record<string, unknown>[] = names.map((name) => ({ sessionHash: { S: name } }));
    for (let calls = 0; Keys.length > 0; calls += 1) {
      if (calls === MAX_CALLS_PER_BATCH) throw new DependencyError('read key uses was throttled');
      const command = new BatchGetItemCommand({ RequestItems: { [this.#tableName]: { Keys: Keys as never } } });
      const answer = await callStore('read key uses', (abortSignal) => this.#client.send(command, { abortSignal }));
      for (const item of answer.Responses?.[this.#tableName] ?? []) {
        const parsed = v.safeParse(keyUseItem, unmarshall(item));
        // An unreadable item says nothing about its key and does not affect it.
        if (!parsed.success) continue;
        uses.set(parsed.output.sessionHash.slice(sessionItemPrefixes.keyUse.length), parsed.output.usedAt);
      }
      Keys = answer.UnprocessedKeys?.[this.#tableName]?.Keys ?? [];
    }
  }
}
