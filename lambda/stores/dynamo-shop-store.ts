import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Shop } from '../core/shop.ts';
import { isShopId } from '../core/shop-id.ts';
import type { ShopStore, StoredShopPage } from '../ports.ts';
import { callStore } from './clients.ts';
import { putIf } from './conditional-put.ts';
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
    return this.#put('create shop', shop, undefined);
  }

  replace(shop: Shop): Promise<boolean> {
    return this.#put('replace shop', shop, shop.version - 1);
  }

  delete({ shopId, version }: Shop): Promise<boolean> {
    // One that is gone already was deleted by an attempt whose answer got lost, or by somebody else: it makes no difference.
    const command = new DeleteItemCommand({
      TableName: this.#tableName,
      Key: { shopId: { S: shopId } },
      ConditionExpression: 'attribute_not_exists(shopId) OR version = :version',
      ExpressionAttributeValues: { ':version': { N: String(version) } },
    });
    return callStore('delete shop', async (abortSignal) => {
      try {
        await this.#client.send(command, { abortSignal });
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  }

  async list(limit: number, after?: string): Promise<StoredShopPage> {
    const command = new ScanCommand({
      TableName: this.#tableName,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: { shopId: { S: after } } }),
    });
    const page = await callStore('list shops', (abortSignal) => this.#client.send(command, { abortSignal }));
    const shops = (page.Items ?? []).map(storedShop);
    const last = page.LastEvaluatedKey?.shopId?.S;
    if (last === undefined) return { shops };
    if (isShopId(last)) return { shops, after: last };
    // Somebody else's item under an id that is none: a page must not end there, where no cursor could go on.
    const rest = await this.list(1, last);
    return { ...rest, shops: [...shops, ...rest.shops] };
  }

  #put(operation: string, shop: Shop, versionBefore: number | undefined): Promise<boolean> {
    const item = writeShopItem(shop);
    return putIf(this.#client, { operation, tableName: this.#tableName, item, versionBefore, keyName: 'shopId' });
  }
}

function storedShop(item: Record<string, AttributeValue>): StoredShopPage['shops'][number] {
  const shopId = item.shopId?.S ?? '';
  return { shopId, stored: readShopItem(item, shopId) };
}
