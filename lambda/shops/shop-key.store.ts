import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { callStore } from '../platform/clients.store.ts';
import { putIf } from '../platform/conditional-put.store.ts';
import { SCHEMA_VERSION, schemaVersion } from '../platform/schema-version.ts';
import type { Stored } from '../platform/stored.ts';
import type { KeyRecord, KeyStore } from './shop.ts';

const keyItem = v.object({
  schemaVersion,
  keyId: v.string(),
  kind: v.picklist(['sk', 'an', 'dr', 'dev']),
  owner: v.pipe(v.string(), v.minLength(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  createdAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** Key records in the key table, by key id. */
export class DynamoKeyStore implements KeyStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async read(keyId: string): Promise<Stored<KeyRecord>> {
    const command = new GetItemCommand({
      TableName: this.#tableName,
      Key: { keyId: { S: keyId } },
      ConsistentRead: true,
    });
    const { Item } = await callStore('read key', (abortSignal) => this.#client.send(command, { abortSignal }));
    if (Item === undefined) return { kind: 'absent' };
    const parsed = v.safeParse(keyItem, unmarshall(Item));
    if (!parsed.success || parsed.output.keyId !== keyId) return { kind: 'corrupt' };
    const { schemaVersion: _, ...record } = parsed.output;
    return { kind: 'found', value: record };
  }

  create(record: KeyRecord): Promise<boolean> {
    const item = marshall({ schemaVersion: SCHEMA_VERSION, ...record });
    const tableName = this.#tableName;
    return putIf(this.#client, {
      operation: 'create key',
      tableName,
      item,
      versionBefore: undefined,
      keyName: 'keyId',
    });
  }
}
