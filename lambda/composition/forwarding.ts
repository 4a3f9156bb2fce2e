import { Assertions } from '../forwarding/assertions.ts';
import { deriveSigningKeys, type SigningKeys } from '../forwarding/signing-keys.ts';
import { signingRotation } from '../forwarding/signing-rotation.ts';
import type { RefusalTally } from '../services/refusal-tally.ts';
import type { RingKeeper } from '../services/ring-keeper.ts';
import type { RingRotation } from '../services/rotate-ring.ts';
import { createSecretsClient, createTableClient } from '../stores/clients.ts';
import { SecretsRingVersions } from '../stores/secrets-ring-versions.ts';
import { nowSeconds, required } from './environment.ts';
import { keptRing, type OnFailure, refusalTally } from './shared.ts';

export const signingKeys = (): RingKeeper<SigningKeys> =>
  keptRing('signingSecret', (ring, deployment) => deriveSigningKeys(ring, deployment, nowSeconds()));

/** What a function that forwards needs beside its upstream. The trail is reached with the first failure, not before. */
export const forwarding = (
  onTrailFailure: OnFailure,
): { readonly edgeMark: string; readonly assertions: Assertions; readonly failures: Pick<RefusalTally, 'note'> } => ({
  edgeMark: required('edgeMark'),
  assertions: new Assertions(signingKeys(), required('assertionIssuer')),
  failures: refusalTally(createTableClient(), onTrailFailure),
});

export const signingKeyRotation = (): RingRotation =>
  signingRotation(new SecretsRingVersions(createSecretsClient(), required('signingSecret')));
