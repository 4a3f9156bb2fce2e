import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ShopKeyLookup } from '../services/authenticate-shop-key.ts';
import type { ShopCreation } from '../services/create-shop.ts';
import type { RecordCache } from '../services/record-cache.ts';
import type { RefusalTally } from '../services/refusal-tally.ts';
import type { RingRotation } from '../services/rotate-ring.ts';
import { sealingRotation } from '../services/rotate-sealing-ring.ts';
import { createShopKeyLookup } from '../services/shop-key-lookup.ts';
import { SHOP_KEY_PURPOSE } from '../services/shop-key-sealing.ts';
import { createVerifiableShops, type VerifiableShopRead } from '../services/verifiable-shops.ts';
import { createSecretsClient } from '../stores/clients.ts';
import { DynamoKeyStore } from '../stores/dynamo-key-store.ts';
import { DynamoRingReferences } from '../stores/dynamo-ring-references.ts';
import { DynamoShopStore } from '../stores/dynamo-shop-store.ts';
import { SecretsRingVersions } from '../stores/secrets-ring-versions.ts';
import { keyEnvironment, now, random, required, stageOrigins } from './environment.ts';
import { refusalTally, ringFor, tableClient } from './shared.ts';

export function verifiableShops(client: DynamoDBClient = tableClient()): RecordCache<VerifiableShopRead> {
  return createVerifiableShops({
    store: new DynamoShopStore(client, required('shopTable')),
    ring: ringFor(SHOP_KEY_PURPOSE),
    deployment: required('deployment'),
    stageOrigins: stageOrigins(),
    now,
    random,
  });
}

export function shopKeyLookup(client: DynamoDBClient = tableClient()): ShopKeyLookup {
  return createShopKeyLookup({
    keyStore: new DynamoKeyStore(client, required('keyTable')),
    shopStore: new DynamoShopStore(client, required('shopTable')),
    keyEnvironment: keyEnvironment(),
    now,
    random,
  });
}

export function inspection(client: DynamoDBClient = tableClient()): {
  readonly lookup: ShopKeyLookup;
  readonly shops: RecordCache<VerifiableShopRead>;
} {
  return { lookup: shopKeyLookup(client), shops: verifiableShops(client) };
}

export function shopCreation(client: DynamoDBClient = tableClient()): ShopCreation {
  return {
    shopStore: new DynamoShopStore(client, required('shopTable')),
    keyStore: new DynamoKeyStore(client, required('keyTable')),
    ring: ringFor(SHOP_KEY_PURPOSE),
    deployment: required('deployment'),
    keyEnvironment: keyEnvironment(),
  };
}

export function ringRotation(): RingRotation {
  const client = tableClient();
  return sealingRotation({
    ring: new SecretsRingVersions(createSecretsClient(), required('ringSecret')),
    shops: new DynamoShopStore(client, required('shopTable')),
    references: new DynamoRingReferences(client, required('shopTable')),
    deployment: required('deployment'),
  });
}

export function widgetAuthorization(onTallyFailure: (error: unknown) => void): {
  readonly shops: RecordCache<VerifiableShopRead>;
  readonly tally: RefusalTally;
} {
  const client = tableClient();
  return { shops: verifiableShops(client), tally: refusalTally(client, onTallyFailure) };
}
