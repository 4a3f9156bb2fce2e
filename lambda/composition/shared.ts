import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RefusalTally } from '../services/refusal-tally.ts';
import { RingKeeper } from '../services/ring-keeper.ts';
import { createSecretsClient, createTableClient } from '../stores/clients.ts';
import { DynamoAuditStore } from '../stores/dynamo-audit-store.ts';
import { SecretsRingStore } from '../stores/secrets-ring-store.ts';
import { openConnection } from '../stores/warm-up.ts';
import { now, random, required } from './environment.ts';

/** Told of what fails beside a call without failing it. */
export type OnFailure = (error: unknown) => void;

export function tableClient(): DynamoDBClient {
  const client = createTableClient();
  void openConnection(client);
  return client;
}

export function ringFor(purpose: string): RingKeeper {
  const store = new SecretsRingStore(createSecretsClient(), required('ringSecret'));
  const ring = new RingKeeper({ store, purpose, deployment: required('deployment'), now, random });
  // Begun now, so that the first call finds it or waits less; should it fail, the call that needs the ring reads again.
  ring.keys().catch(() => undefined);
  return ring;
}

export const auditTrail = (client: DynamoDBClient): DynamoAuditStore =>
  new DynamoAuditStore(client, required('auditTable'), Number(required('auditRetentionDays')));

export const refusalTally = (client: DynamoDBClient, onFailure: OnFailure): RefusalTally =>
  new RefusalTally(auditTrail(client), onFailure);
