import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { environment } from '#contract/environment.ts';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import type { SealingKeys } from '#lambda/crypto/jwe.ts';
import { deriveSealingKeys, parseRing } from '#lambda/ring/ring.ts';
import { writeShopItem } from '#lambda/shops/shop.store.ts';
import { generateShopId } from '#lambda/shops/shop-id.ts';
import { SHOP_KEY_PURPOSE, sealShopKey } from '#lambda/shops/shop-key-sealing.ts';
import { clientsOf, type DeployedHost } from '../support/aws-clients.ts';
import type { Shop } from './commands.ts';

const WRITERS = 32;
const ORIGIN = 'https://shop.example.com';

/** Writes shops as the admin API would, with its role's rights, but without a key record: enough to verify widget tokens. */
export async function createShops(gate: DeployedHost, count: number): Promise<Shop[]> {
  const { dynamoDb, secretsManager, environment: variables } = clientsOf(gate, 'AdminApi');
  const deployment = variables[environment.deployment] as string;
  const { SecretString = '' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: variables[environment.ringSecret] }),
  );
  const ring = parseRing(SecretString);
  if (!ring.ok) throw new Error(ring.reason);
  const keys = deriveSealingKeys(ring.value, SHOP_KEY_PURPOSE, deployment);
  const shops: Shop[] = [];
  let left = count;
  const write = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { shop, item } = newShop(keys, deployment);
      await dynamoDb.send(new PutItemCommand({ TableName: variables[environment.shopTable], Item: item }));
      shops.push(shop);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return shops;
}

function newShop(keys: SealingKeys, deployment: string): { shop: Shop; item: ReturnType<typeof writeShopItem> } {
  const shopId = generateShopId();
  const { keyId, text } = generateApiKey('sk', 'test');
  const createdAt = Math.floor(Date.now() / 1_000);
  const item = writeShopItem({
    shopId,
    version: 1,
    url: ORIGIN,
    origins: [ORIGIN],
    requireOrigin: false,
    disabled: false,
    issuingPaused: false,
    tokensNotBefore: 0,
    keys: [{ keyId, sealed: sealShopKey(text, keys, { deployment, shopId, keyId }), createdAt }],
    createdAt,
  });
  return { shop: { shopId, apiKey: text }, item };
}
