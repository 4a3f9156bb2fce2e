import { environment } from '#contract/environment.ts';
import { refusalTally } from '../audit/compose.ts';
import type { RefusalTally } from '../audit/refusal-tally.ts';
import { createSecretsClient, createTableClient } from '../platform/clients.store.ts';
import { nowSeconds, type OnFailure, required } from '../platform/environment.ts';
import { readSecretText } from '../platform/secret-text.store.ts';
import { keptRing } from '../ring/compose.ts';
import { SecretsRingVersions } from '../ring/ring.store.ts';
import type { RingKeeper } from '../ring/ring-keeper.ts';
import type { RingRotation } from '../ring/rotate-ring.ts';
import { Assertions } from './assertion.ts';
import { privateAuthorities } from './authorities.ts';
import { deriveSigningKeys, type SigningKeys, signingRotation } from './signing-keys.ts';
import { upstreamTimeoutMilliseconds } from './upstream-client.ts';

export const signingKeys = (): RingKeeper<SigningKeys> =>
  keptRing('signingSecret', (ring, deployment) => deriveSigningKeys(ring, deployment, nowSeconds()));

/** Whether the stage streams responses. */
export const streams = (): boolean => process.env[environment.upstreamStreaming] === 'true';

/**
 * What a forwarding function needs in addition to its upstream. The trail is connected with the first failure, not
 * before.
 */
export const forwarding = (
  onTrailFailure: OnFailure,
): {
  readonly edgeMark: string;
  readonly assertions: Assertions;
  readonly failures: Pick<RefusalTally, 'note'>;
  readonly authorities: (() => Promise<readonly string[]>) | undefined;
  readonly timeoutMilliseconds: number;
  readonly streams: boolean;
} => ({
  edgeMark: required('edgeMark'),
  assertions: new Assertions(signingKeys(), required('assertionIssuer')),
  failures: refusalTally(createTableClient(), onTrailFailure),
  authorities: upstreamAuthorities(),
  timeoutMilliseconds: upstreamTimeoutMilliseconds(process.env[environment.upstreamTimeoutSeconds]),
  streams: streams(),
});

/** The private authorities that the stage trusts for its upstreams; undefined if it trusts only public ones. */
function upstreamAuthorities(): (() => Promise<readonly string[]>) | undefined {
  const secretArn = process.env[environment.upstreamCaSecret];
  if (secretArn === undefined) return undefined;
  const client = createSecretsClient();
  return privateAuthorities(() => readSecretText(client, secretArn));
}

export const signingKeyRotation = (): RingRotation =>
  signingRotation(new SecretsRingVersions(createSecretsClient(), required('signingSecret')));
