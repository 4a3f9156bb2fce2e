import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { limits } from '#contract/limits.ts';
import { pendingMark } from '../audit/outbox.ts';
import { callStore } from '../platform/clients.store.ts';
import { putIf } from '../platform/conditional-put.store.ts';
import { SCHEMA_VERSION, schemaVersion } from '../platform/schema-version.ts';
import type { Stored } from '../platform/stored.ts';
import type { Shop, ShopStore, StoredShopPage } from './shop.ts';
import { isShopId } from './shop-id.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0));

const shopKey = v.object({
  keyId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{8}$/)),
  sealed: v.pipe(v.string(), v.minLength(1)),
  createdAt: time,
  credentialUntil: v.exactOptional(time),
  verifyUntil: v.exactOptional(time),
});

/** The stored form: the shop itself and the version of this schema. Members that a newer release added are ignored. */
const shopItem = v.object({
  schemaVersion,
  shopId: v.string(),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  name: v.exactOptional(v.string()),
  url: v.string(),
  origins: v.pipe(v.array(v.string()), v.maxLength(limits.maxOriginsPerShop)),
  requireOrigin: v.boolean(),
  disabled: v.boolean(),
  disabledAt: v.exactOptional(time),
  deletedAt: v.exactOptional(time),
  issuingPaused: v.boolean(),
  tokensNotBefore: time,
  tokensNotBeforeUndo: v.exactOptional(time),
  keys: v.array(shopKey),
  createdAt: time,
  requestSha256: v.exactOptional(v.string()),
  lastAudit: v.exactOptional(v.string()),
  auditOutbox: v.exactOptional(v.string()),
});

export const writeShopItem = (shop: Shop): Record<string, AttributeValue> =>
  marshall({ schemaVersion: SCHEMA_VERSION, ...shop, ...pendingMark(shop) }, { removeUndefinedValues: true });

/** Parses a stored shop. An item with another shape, or of another id, is corrupt, and no part of it is used. */
export function readShopItem(item: Record<string, AttributeValue> | undefined, shopId: string): Stored<Shop> {
  if (item === undefined) return { kind: 'absent' };
  const parsed = v.safeParse(shopItem, unmarshall(item));
  if (!parsed.success || parsed.output.shopId !== shopId) return { kind: 'corrupt' };
  const { schemaVersion: _, ...shop } = parsed.output;
  return { kind: 'found', value: shop };
}

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
    // It is already gone: an attempt whose response was lost, or another request, deleted it. Both are fine.
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
    // An item that we did not write, with an invalid id: a page must not end there, because no cursor could continue from it.
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
