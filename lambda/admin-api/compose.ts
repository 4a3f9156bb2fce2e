import { limits } from '#contract/limits.ts';
import { DynamoSessionStore } from '../admin-login/admin-session.store.ts';
import { DynamoLoginLinkStore } from '../admin-login/login-link.store.ts';
import { DynamoRevocationStore } from '../analytics/revocation.store.ts';
import { DynamoKeptEntries } from '../audit/kept-entries.store.ts';
import { DynamoAuditOutboxes } from '../audit/outboxes.store.ts';
import { AuditRecovery } from '../audit/recovery.ts';
import { DynamoAuditStore } from '../audit/trail-query.store.ts';
import { tableClient } from '../platform/clients.store.ts';
import { addressLimit, type LimitByAddress } from '../platform/compose.ts';
import { now, type OnFailure, required, stageOrigins } from '../platform/environment.ts';
import { DynamoKeyUseStore } from '../service-keys/key-use.store.ts';
import { DynamoServiceKeyStore } from '../service-keys/service-key.store.ts';
import { shopCreation } from '../shops/compose.ts';
import type { Administration } from './administer.ts';

/** `onCountFailure` is called for each call that could not be counted for its address. */
export function administration(onCountFailure: OnFailure): Administration & LimitByAddress {
  const client = tableClient();
  const creation = shopCreation(client);
  const trail = new DynamoAuditStore(client, required('auditTable'), Number(required('auditRetentionDays')));
  const outboxes = new DynamoAuditOutboxes(client, {
    shops: required('shopTable'),
    keys: required('keyTable'),
    sessions: required('sessionTable'),
  });
  return {
    ...creation,
    ...addressLimit('admin', limits.adminCallsPerAddress, onCountFailure),
    sessions: new DynamoSessionStore(client, required('sessionTable')),
    links: new DynamoLoginLinkStore(client, required('sessionTable')),
    serviceKeys: new DynamoServiceKeyStore(client, required('keyTable')),
    keyUse: new DynamoKeyUseStore(client, required('sessionTable')),
    revocations: new DynamoRevocationStore(client, required('sessionTable')),
    devKeys: required('devKeys') === 'true',
    trail,
    kept: new DynamoKeptEntries(client, required('sessionTable'), 'keptEntry'),
    recovery: new AuditRecovery({ trail, outboxes, now }),
    stageOrigins: stageOrigins(),
  };
}
