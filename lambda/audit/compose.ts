import type { TableClient } from '../platform/clients.store.ts';
import { type OnFailure, required } from '../platform/environment.ts';
import { RefusalTally } from './refusal-tally.ts';
import { DynamoAuditTrail } from './trail.store.ts';

export const auditTrail = (client: TableClient): DynamoAuditTrail =>
  new DynamoAuditTrail(client, required('auditTable'), Number(required('auditRetentionDays')));

export const refusalTally = (client: TableClient, onFailure: OnFailure): RefusalTally =>
  new RefusalTally(auditTrail(client), onFailure);
