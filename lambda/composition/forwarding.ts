import { environment } from '../contract/environment.ts';
import { Assertions } from '../forwarding/assertions.ts';
import { deriveSigningKeys, type SigningKeys } from '../forwarding/signing-keys.ts';
import { signingRotation } from '../forwarding/signing-rotation.ts';
import { privateAuthorities } from '../services/private-authorities.ts';
import type { RefusalTally } from '../services/refusal-tally.ts';
import type { RingKeeper } from '../services/ring-keeper.ts';
import type { RingRotation } from '../services/rotate-ring.ts';
import { createSecretsClient, createTableClient } from '../stores/clients.ts';
import { readSecretText } from '../stores/secret-text.ts';
import { SecretsRingVersions } from '../stores/secrets-ring-versions.ts';
import { nowSeconds, required } from './environment.ts';
import { keptRing, type OnFailure, refusalTally } from './shared.ts';

export const signingKeys = (): RingKeeper<SigningKeys> =>
  keptRing('signingSecret', (ring, deployment) => deriveSigningKeys(ring, deployment, nowSeconds()));

/** Whether the stage passes responses on as they come. */
export const streams = (): boolean => process.env[environment.upstreamStreaming] === 'true';

/** What a function that forwards needs beside its upstream. The trail is reached with the first failure, not before. */
export const forwarding = (
  onTrailFailure: OnFailure,
): {
  readonly edgeMark: string;
  readonly assertions: Assertions;
  readonly failures: Pick<RefusalTally, 'note'>;
  readonly authorities: (() => Promise<readonly string[]>) | undefined;
  readonly streams: boolean;
} => ({
  edgeMark: required('edgeMark'),
  assertions: new Assertions(signingKeys(), required('assertionIssuer')),
  failures: refusalTally(createTableClient(), onTrailFailure),
  authorities: upstreamAuthorities(),
  streams: streams(),
});

/** The private authorities that the stage trusts for its upstreams; nothing where it trusts public ones only. */
function upstreamAuthorities(): (() => Promise<readonly string[]>) | undefined {
  const secretArn = process.env[environment.upstreamCaSecret];
  if (secretArn === undefined) return undefined;
  const client = createSecretsClient();
  return privateAuthorities(() => readSecretText(client, secretArn));
}

export const signingKeyRotation = (): RingRotation =>
  signingRotation(new SecretsRingVersions(createSecretsClient(), required('signingSecret')));
