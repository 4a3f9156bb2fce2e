import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ringKeyOf } from '../crypto/jwe.ts';
import { callStore } from '../platform/clients.store.ts';
import type { RingReferenceStore, RingReferences } from './reseal-shops.ts';

/** Small enough to be read within a store's time limit, whatever the shops contain. */
const PAGE_ITEMS = 100;

/** The ring keys to which the shop table refers. It ignores all other faults of an item. */
export class DynamoRingReferences implements RingReferenceStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async page(after: string | undefined): ReturnType<RingReferenceStore['page']> {
    const command = new ScanCommand({
      TableName: this.#tableName,
      ConsistentRead: true,
      Limit: PAGE_ITEMS,
      ProjectionExpression: 'shopId, #keys',
      ExpressionAttributeNames: { '#keys': 'keys' },
      ...(after !== undefined && { ExclusiveStartKey: { shopId: { S: after } } }),
    });
    const { Items = [], LastEvaluatedKey } = await callStore('list ring references', (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    const next = LastEvaluatedKey?.shopId?.S;
    return { shops: Items.map(referencesOf), ...(next !== undefined && { next }) };
  }
}

const referencesOf = ({ shopId, keys }: Record<string, AttributeValue>): RingReferences => ({
  shopId: shopId?.S ?? '',
  ringKeyIds: keys?.L?.map((key) => ringKeyOf(key.M?.sealed?.S ?? '')) ?? [undefined],
});
