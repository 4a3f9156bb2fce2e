import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Shop } from '../core/shop.ts';
import type { ShopStore } from '../ports.ts';
import { callStore } from './clients.ts';
import { readShopItem, writeShopItem } from './shop-item.ts';

/** Shops in the shop table, one item each. */
export class DynamoShopStore implements ShopStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async read(shopId: string): ReturnType<ShopStore['read']> {
    const command = new GetItemCommand({
      TableName: this.#tableName,
      Key: { shopId: { S: shopId } },
      ConsistentRead: true,
    });
    const { Item } = await callStore('read shop', (abortSignal) => this.#client.send(command, { abortSignal }));
    return readShopItem(Item, shopId);
  }

  create(shop: Shop): Promise<boolean> {
    return putNew(this.#client, this.#tableName, 'shopId', writeShopItem(shop));
  }

  replace(shop: Shop): Promise<boolean> {
    const condition = {
      ConditionExpression: '#version = :before',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':before': { N: String(shop.version - 1) } },
    };
    return putIf(this.#client, 'replace shop', { TableName: this.#tableName, Item: writeShopItem(shop), ...condition });
  }
}

/** Writes an item unless its key is taken. */
export function putNew(
  client: DynamoDBClient,
  tableName: string,
  keyName: string,
  item: ReturnType<typeof writeShopItem>,
): Promise<boolean> {
  const condition = { ConditionExpression: `attribute_not_exists(${keyName})` };
  return putIf(client, `create ${keyName}`, { TableName: tableName, Item: item, ...condition });
}

/** Writes an item if its condition holds; false when it doesn't. */
function putIf(client: DynamoDBClient, operation: string, input: PutItemCommandInput): Promise<boolean> {
  return callStore(operation, async (abortSignal) => {
    try {
      await client.send(new PutItemCommand(input), { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}
