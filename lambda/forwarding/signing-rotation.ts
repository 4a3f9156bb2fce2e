import { limits } from '../contract/limits.ts';
import type { RingVersionStore } from '../ports.ts';
import { NOTHING, type RingRotation } from '../services/rotate-ring.ts';

/** How the ring of the signing keys is rotated: nothing that is stored is signed with them, and their assertions live for a minute. */
export const signingRotation = (ring: RingVersionStore): RingRotation => ({
  ring,
  referenced: async () => new Set(),
  keptSeconds: limits.signingKeyKeptSeconds,
  // A function may sign with the key before until it reads the ring again, and its last assertion must still verify, also by a clock that is
  // a little slow.
  settledSeconds:
    limits.signingKeySettledSeconds +
    limits.ringCacheSeconds * (1 + limits.cacheJitterRatio) +
    2 * limits.assertionSeconds,
  reseal: async () => NOTHING,
});
