import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { deriveSealingKeys, type Ring } from '../core/ring.ts';
import type { RingKeys } from '../core/ring-keys.ts';
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

/** Keeps the keys that `derive` makes of the ring in a secret. */
export function keptRing<Keys extends RingKeys<unknown>>(
  secret: 'ringSecret' | 'signingSecret',
  derive: (ring: Ring, deployment: string) => Keys,
): RingKeeper<Keys> {
  const store = new SecretsRingStore(createSecretsClient(), required(secret));
  const deployment = required('deployment');
  const ring = new RingKeeper({ store, derive: (read) => derive(read, deployment), now, random });
  // Begun now, so that the first call finds it or waits less; should it fail, the call that needs the ring reads again.
  ring.keys().catch(() => undefined);
  return ring;
}

export const ringFor = (purpose: string): RingKeeper =>
  keptRing('ringSecret', (ring, deployment) => deriveSealingKeys(ring, purpose, deployment));

export const auditTrail = (client: DynamoDBClient): DynamoAuditStore =>
  new DynamoAuditStore(client, required('auditTable'), Number(required('auditRetentionDays')));

export const refusalTally = (client: DynamoDBClient, onFailure: OnFailure): RefusalTally =>
  new RefusalTally(auditTrail(client), onFailure);
