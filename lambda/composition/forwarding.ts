import { Assertions } from '../forwarding/assertions.ts';
import { deriveSigningKeys, type SigningKeys } from '../forwarding/signing-keys.ts';
import { signingRotation } from '../forwarding/signing-rotation.ts';
import type { RingKeeper } from '../services/ring-keeper.ts';
import type { RingRotation } from '../services/rotate-ring.ts';
import { createSecretsClient } from '../stores/clients.ts';
import { SecretsRingVersions } from '../stores/secrets-ring-versions.ts';
import { nowSeconds, required } from './environment.ts';
import { keptRing } from './shared.ts';

export const signingKeys = (): RingKeeper<SigningKeys> =>
  keptRing('signingSecret', (ring, deployment) => deriveSigningKeys(ring, deployment, nowSeconds()));

/** What signs the calls that an endpoint forwards. */
export const assertions = (): Assertions => new Assertions(signingKeys(), required('assertionIssuer'));

export const signingKeyRotation = (): RingRotation =>
  signingRotation(new SecretsRingVersions(createSecretsClient(), required('signingSecret')));
