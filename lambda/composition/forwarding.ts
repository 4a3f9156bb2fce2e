import { environment } from '../contract/environment.ts';
import { privateAuthorities } from '../services/private-authorities.ts';
import type { RefusalTally } from '../services/refusal-tally.ts';
import { createSecretsClient, createTableClient } from '../stores/clients.ts';
import { readSecretText } from '../stores/secret-text.ts';
import { required } from './environment.ts';
import { type OnFailure, refusalTally } from './shared.ts';

/** What a function that forwards needs beside its upstream. The trail is reached with the first failure, not before. */
export function forwarding(onTrailFailure: OnFailure): {
  readonly edgeMark: string;
  readonly failures: Pick<RefusalTally, 'note'>;
  readonly authorities: (() => Promise<readonly string[]>) | undefined;
} {
  return {
    edgeMark: required('edgeMark'),
    failures: refusalTally(createTableClient(), onTrailFailure),
    authorities: upstreamAuthorities(),
  };
}

/** The private authorities that the stage trusts for its upstreams; nothing where it trusts public ones only. */
function upstreamAuthorities(): (() => Promise<readonly string[]>) | undefined {
  const secretArn = process.env[environment.upstreamCaSecret];
  if (secretArn === undefined) return undefined;
  const client = createSecretsClient();
  return privateAuthorities(() => readSecretText(client, secretArn));
}
