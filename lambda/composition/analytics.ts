import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ServiceKey } from '../core/service-key.ts';
import type { Stored } from '../ports.ts';
import type { AnalyticsAuthorization } from '../services/authorize-analytics-call.ts';
import { KeyUse } from '../services/key-use.ts';
import { PagePolicy } from '../services/page-policy.ts';
import type { RecordCache } from '../services/record-cache.ts';
import type { RefusalTally } from '../services/refusal-tally.ts';
import { Revocations } from '../services/revocations.ts';
import { SECURITY_PURPOSE, type SecuritySealing } from '../services/security-sealing.ts';
import { createServiceKeyCache, type ServiceKeyLookup } from '../services/service-key-lookup.ts';
import { DynamoKeyUseStore } from '../stores/dynamo-key-use-store.ts';
import { DynamoRevocationStore } from '../stores/dynamo-revocation-store.ts';
import { DynamoServiceKeyStore } from '../stores/dynamo-service-key-store.ts';
import { DynamoTempTokenStore } from '../stores/dynamo-temp-token-store.ts';
import { keyEnvironment, now, random, required } from './environment.ts';
import { type OnFailure, refusalTally, ringFor, tableClient } from './shared.ts';

export const serviceKeyCache = (client: DynamoDBClient): RecordCache<Stored<ServiceKey>> =>
  createServiceKeyCache({ store: new DynamoServiceKeyStore(client, required('keyTable')), now, random });

export const serviceKeyLookup = (client: DynamoDBClient, onUseFailure: OnFailure): ServiceKeyLookup => ({
  keys: serviceKeyCache(client),
  keyEnvironment: keyEnvironment(),
  use: new KeyUse(new DynamoKeyUseStore(client, required('sessionTable')), onUseFailure),
});

export const securitySealing = (): SecuritySealing => ({
  ring: ringFor(SECURITY_PURPOSE),
  deployment: required('deployment'),
});

export function securityIssuing(onUseFailure: OnFailure, onTallyFailure: OnFailure) {
  const client = tableClient();
  return {
    lookup: serviceKeyLookup(client, onUseFailure),
    sealing: securitySealing(),
    tally: refusalTally(client, onTallyFailure),
  };
}

export function tempTokenIssuing(onUseFailure: OnFailure, onTallyFailure: OnFailure) {
  const client = tableClient();
  return {
    lookup: serviceKeyLookup(client, onUseFailure),
    tempTokens: new DynamoTempTokenStore(client, required('sessionTable')),
    tally: refusalTally(client, onTallyFailure),
  };
}

export function sessionExchange(onTallyFailure: OnFailure) {
  const client = tableClient();
  const store = new DynamoRevocationStore(client, required('sessionTable'));
  return {
    sealing: securitySealing(),
    revocations: new Revocations({ store, keys: serviceKeyCache(client), now, random }),
    tempTokens: new DynamoTempTokenStore(client, required('sessionTable')),
    tally: refusalTally(client, onTallyFailure),
  };
}

export function analyticsAuthorization(
  onUseFailure: OnFailure,
  onTallyFailure: OnFailure,
): AnalyticsAuthorization & { readonly tally: RefusalTally } {
  const client = tableClient();
  const lookup = serviceKeyLookup(client, onUseFailure);
  const store = new DynamoRevocationStore(client, required('sessionTable'));
  return {
    lookup,
    sealing: securitySealing(),
    revocations: new Revocations({ store, keys: lookup.keys, now, random }),
    devKeys: required('devKeys') === 'true',
    tally: refusalTally(client, onTallyFailure),
  };
}

export function dataRouterAuthorization(onUseFailure: OnFailure, onTallyFailure: OnFailure) {
  const client = tableClient();
  return { lookup: serviceKeyLookup(client, onUseFailure), tally: refusalTally(client, onTallyFailure) };
}

export function pagePolicy(): PagePolicy {
  const store = new DynamoServiceKeyStore(tableClient(), required('keyTable'));
  return new PagePolicy({ listKeys: async () => (await store.list()).keys, now, random });
}
