import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Shop } from '../core/shop.ts';
import type { ShopStore } from '../ports.ts';
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

  #put(operation: string, shop: Shop, versionBefore: number | undefined): Promise<boolean> {
    const item = writeShopItem(shop);
    return putIf(this.#client, { operation, tableName: this.#tableName, item, versionBefore, keyName: 'shopId' });
  }
}
