import { refusalTally } from '../audit/compose.ts';
import type { RefusalTally } from '../audit/refusal-tally.ts';
import { createSecretsClient, type TableClient, tableClient } from '../platform/clients.store.ts';
import { keyEnvironment, now, random, required, stageOrigins } from '../platform/environment.ts';
import type { RecordCache } from '../platform/record-cache.ts';
import { ringFor } from '../ring/compose.ts';
import { SecretsRingVersions } from '../ring/ring.store.ts';
import type { RingRotation } from '../ring/rotate-ring.ts';
import { createShopKeyLookup, type ShopKeyLookup } from './authenticate-shop-key.ts';
import type { ShopCreation } from './create-shop.ts';
import { sealingRotation } from './reseal-shops.ts';
import { DynamoRingReferences } from './ring-references.store.ts';
import { DynamoShopStore } from './shop.store.ts';
import { DynamoKeyStore } from './shop-key.store.ts';
import { SHOP_KEY_PURPOSE } from './shop-key-sealing.ts';
import { createVerifiableShops, type VerifiableShopRead } from './verifiable-shops.ts';

function verifiableShops(client: TableClient = tableClient()): RecordCache<VerifiableShopRead> {
  return createVerifiableShops({
    store: new DynamoShopStore(client, required('shopTable')),
    ring: ringFor(SHOP_KEY_PURPOSE),
    deployment: required('deployment'),
    stageOrigins: stageOrigins(),
    now,
    random,
  });
}

export function shopKeyLookup(client: TableClient = tableClient()): ShopKeyLookup {
  return createShopKeyLookup({
    keyStore: new DynamoKeyStore(client, required('keyTable')),
    shopStore: new DynamoShopStore(client, required('shopTable')),
    keyEnvironment: keyEnvironment(),
    now,
    random,
  });
}

export function inspection(client: TableClient = tableClient()): {
  readonly lookup: ShopKeyLookup;
  readonly shops: RecordCache<VerifiableShopRead>;
} {
  return { lookup: shopKeyLookup(client), shops: verifiableShops(client) };
}

export function shopCreation(client: TableClient = tableClient()): ShopCreation {
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
