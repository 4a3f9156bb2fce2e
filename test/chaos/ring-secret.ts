import { randomUUID } from 'node:crypto';
import { environment } from '#contract/environment.ts';
import { SecretsRingVersions } from '#lambda/ring/ring.store.ts';
import { parseRing, type Ring } from '#lambda/ring/ring.ts';
import { clientsOf, type DeployedHost } from '../support/aws-clients.ts';

/** The ring's secret in the hands of the function that rotates it. */
export function ringVersionsOf(hosted: DeployedHost): SecretsRingVersions {
  const { secretsManager, environment: variables } = clientsOf(hosted, 'RingRotation');
  return new SecretsRingVersions(secretsManager, variables[environment.ringSecret] as string);
}

/** Makes any text the ring that all read; what undoes it. */
export async function replaceRing(
  hosted: DeployedHost,
  change: (text: string) => string,
): Promise<() => Promise<void>> {
  const ring = ringVersionsOf(hosted);
  const before = await ring.readCurrent();
  const versionId = randomUUID();
  await ring.addPending(versionId, change(before.text));
  await ring.makeCurrent(before.versionId, versionId);
  return () => ring.makeCurrent(versionId, before.versionId);
}

export function ringOf(text: string): Ring {
  const ring = parseRing(text);
  if (!ring.ok) throw new Error(ring.reason);
  return ring.value;
}
