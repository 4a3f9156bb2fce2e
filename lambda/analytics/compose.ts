import { refusalTally } from '../audit/compose.ts';
import type { RefusalTally } from '../audit/refusal-tally.ts';
import { tableClient } from '../platform/clients.store.ts';
import { now, type OnFailure, random, required } from '../platform/environment.ts';
import { ringFor } from '../ring/compose.ts';
import { serviceKeyCache, serviceKeyLookup } from '../service-keys/compose.ts';
import { DynamoServiceKeyStore } from '../service-keys/service-key.store.ts';
import type { AnalyticsAuthorization } from './authorize-analytics-call.ts';
import { PagePolicy } from './preflight.ts';
import { DynamoRevocationStore } from './revocation.store.ts';
import { Revocations } from './revocations.ts';
import { SECURITY_PURPOSE, type SecuritySealing } from './security-sealing.ts';
import { DynamoTempTokenStore } from './temp-token.store.ts';

const securitySealing = (): SecuritySealing => ({
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

export function pagePolicy(): PagePolicy {
  const store = new DynamoServiceKeyStore(tableClient(), required('keyTable'));
  return new PagePolicy({ listKeys: async () => (await store.list()).keys, now, random });
}
