import { limits } from '../contract/limits.ts';
import type { RingVersionStore } from '../ports.ts';
import { NOTHING, type RingRotation } from '../services/rotate-ring.ts';

/** How the ring of the signing keys is rotated: nothing that is stored is signed with them, and their assertions live for a minute. */
export const signingRotation = (ring: RingVersionStore): RingRotation => ({
  ring,
  referenced: async () => new Set(),
  keptSeconds: limits.signingKeyKeptSeconds,
  // An assertion of the last moment must still verify, also by a clock that is a little slow.
  settledSeconds: limits.signingKeySettledSeconds + 2 * limits.assertionSeconds,
  reseal: async () => NOTHING,
});
