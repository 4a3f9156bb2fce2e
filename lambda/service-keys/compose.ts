import { refusalTally } from '../audit/compose.ts';
import { type TableClient, tableClient } from '../platform/clients.store.ts';
import { keyEnvironment, now, type OnFailure, random, required } from '../platform/environment.ts';
import type { RecordCache } from '../platform/record-cache.ts';
import type { Stored } from '../platform/stored.ts';
import { createServiceKeyCache, KeyUse, type ServiceKeyLookup } from './authenticate-service-key.ts';
import { DynamoKeyUseStore } from './key-use.store.ts';
import { DynamoServiceKeyStore } from './service-key.store.ts';
import type { ServiceKey } from './service-key.ts';

export const serviceKeyCache = (client: TableClient): RecordCache<Stored<ServiceKey>> =>
  createServiceKeyCache({ store: new DynamoServiceKeyStore(client, required('keyTable')), now, random });

export const serviceKeyLookup = (client: TableClient, onUseFailure: OnFailure): ServiceKeyLookup => ({
  keys: serviceKeyCache(client),
  keyEnvironment: keyEnvironment(),
  use: new KeyUse(new DynamoKeyUseStore(client, required('sessionTable')), onUseFailure),
});

export function dataRouterAuthorization(onUseFailure: OnFailure, onTallyFailure: OnFailure) {
  const client = tableClient();
  return { lookup: serviceKeyLookup(client, onUseFailure), tally: refusalTally(client, onTallyFailure) };
}
