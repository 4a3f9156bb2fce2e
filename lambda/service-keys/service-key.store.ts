import { type AttributeValue, type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { SERVICE_KEY_INDEX } from '#contract/tables.ts';
import { pendingMark } from '../audit/outbox.ts';
import { callStore } from '../platform/clients.store.ts';
import { putIf } from '../platform/conditional-put.store.ts';
import { SCHEMA_VERSION, schemaVersion } from '../platform/schema-version.ts';
import type { Stored } from '../platform/stored.ts';
import {
  type ServiceKey,
  type ServiceKeyList,
  type ServiceKeyPurpose,
  type ServiceKeyStore,
  serviceKeyKinds,
} from './service-key.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0));

const serviceKeyItem = v.object({
  schemaVersion,
  keyId: v.string(),
  purpose: v.picklist(Object.keys(serviceKeyKinds) as [ServiceKeyPurpose, ...ServiceKeyPurpose[]]),
  label: v.string(),
  allowedOrigins: v.optional(v.array(v.string()), []),
  maxTtlSeconds: v.exactOptional(time),
  appIds: v.exactOptional(v.array(v.string())),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  createdAt: time,
  credentialUntil: v.exactOptional(time),
  successorId: v.exactOptional(v.string()),
  tokensNotBefore: v.optional(time, 0),
  lastAudit: v.exactOptional(v.string()),
  auditOutbox: v.exactOptional(v.string()),
});

/** The one value of the index's partition: only service keys have it, so shop keys are not in the index. */
const LISTED = 'service-keys';

/** Service keys in the key table. Shop keys are in the same table, but not in the list. */
export class DynamoServiceKeyStore implements ServiceKeyStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async read(keyId: string): Promise<Stored<ServiceKey>> {
    const command = new GetItemCommand({
      TableName: this.#tableName,
      Key: { keyId: { S: keyId } },
      ConsistentRead: true,
    });
    const { Item } = await callStore('read service key', (abortSignal) => this.#client.send(command, { abortSignal }));
    // A shop's key is not a service key, even if its id is requested here.
    if (Item?.listed === undefined) return { kind: 'absent' };
    const key = readItem(Item);
    return key === undefined ? { kind: 'corrupt' } : { kind: 'found', value: key };
  }

  async list(): Promise<ServiceKeyList> {
    const keys: ServiceKey[] = [];
    const corruptIds: string[] = [];
    let after: Record<string, AttributeValue> | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#tableName,
        IndexName: SERVICE_KEY_INDEX,
        KeyConditionExpression: 'listed = :listed',
        ExpressionAttributeValues: { ':listed': { S: LISTED } },
        ...(after !== undefined && { ExclusiveStartKey: after }),
      });
      const page = await callStore('list service keys', (abortSignal) => this.#client.send(command, { abortSignal }));
      for (const item of page.Items ?? []) {
        const key = readItem(item);
        if (key === undefined) corruptIds.push(item.keyId?.S ?? '');
        else keys.push(key);
      }
      after = page.LastEvaluatedKey;
    } while (after !== undefined);
    return { keys, corruptIds };
  }

  create(key: ServiceKey): Promise<boolean> {
    return this.#put('create service key', key, undefined);
  }

  replace(key: ServiceKey): Promise<boolean> {
    return this.#put('replace service key', key, key.version - 1);
  }

  #put(operation: string, key: ServiceKey, versionBefore: number | undefined): Promise<boolean> {
    const item = marshall(
      {
        schemaVersion: SCHEMA_VERSION,
        kind: serviceKeyKinds[key.purpose],
        owner: 'deployment',
        listed: LISTED,
        ...key,
        ...pendingMark(key),
      },
      { removeUndefinedValues: true },
    );
    return putIf(this.#client, { operation, tableName: this.#tableName, item, versionBefore, keyName: 'keyId' });
  }
}

function readItem(item: Record<string, AttributeValue>): ServiceKey | undefined {
  const parsed = v.safeParse(serviceKeyItem, unmarshall(item));
  if (!parsed.success) return undefined;
  const { schemaVersion: _, ...key } = parsed.output;
  return key;
}
