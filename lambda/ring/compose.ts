import type { RingKeys } from '../crypto/jwe.ts';
import { createSecretsClient } from '../platform/clients.store.ts';
import { now, random, required } from '../platform/environment.ts';
import { SecretsRingStore } from './ring.store.ts';
import { deriveSealingKeys, type Ring } from './ring.ts';
import { RingKeeper } from './ring-keeper.ts';

/** Caches the keys that `derive` makes from the ring in a secret. */
export function keptRing<Keys extends RingKeys<unknown>>(
  secret: 'ringSecret' | 'signingSecret',
  derive: (ring: Ring, deployment: string) => Keys,
): RingKeeper<Keys> {
  const store = new SecretsRingStore(createSecretsClient(), required(secret));
  const deployment = required('deployment');
  const ring = new RingKeeper({ store, derive: (read) => derive(read, deployment), now, random });
  // Started now, so that the first call finds it or waits less. If it fails, the call that needs the ring reads again.
  ring.keys().catch(() => undefined);
  return ring;
}

export const ringFor = (purpose: string): RingKeeper =>
  keptRing('ringSecret', (ring, deployment) => deriveSealingKeys(ring, purpose, deployment));
