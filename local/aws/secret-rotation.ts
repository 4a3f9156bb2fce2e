import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Deployment, SecretResource } from '../model.ts';
import type { Invoke } from './lambda.ts';
import type { SecretStore } from './secret-store.ts';

const ATTEMPTS = 3;
const PAUSE_MILLISECONDS = 500;
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/**
 * Rotates a secret as Secrets Manager does: its function is called once for each step, under one version id. A rotation that was cut short
 * after it had prepared a version is taken up again under that version's id. Rejects with what a step threw.
 */
export async function rotateSecret(
  secret: SecretResource,
  deployment: Deployment,
  store: SecretStore,
  invoke: Invoke,
): Promise<void> {
  const target = deployment.functions.find(({ arn }) => arn === secret.rotationFunctionArn);
  if (target === undefined) throw new Error(`${secret.logicalId} has no function that rotates it`);
  const mayInvoke = target.permissions.some(
    ({ principal, sourceArn }) =>
      principal === 'secretsmanager.amazonaws.com' && (sourceArn === undefined || sourceArn === secret.arn),
  );
  if (!mayInvoke) throw new Error(`Secrets Manager may not invoke ${target.logicalId}`);
  const ClientRequestToken = unfinished(store, secret) ?? randomUUID();
  for (const Step of STEPS)
    await repeatedly(() => invoke(target.arn, { Step, SecretId: secret.arn, ClientRequestToken }));
}

/** Secrets Manager, too, repeats a step that fails, though not as often and soon as here. */
async function repeatedly(step: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await step();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await setTimeout(PAUSE_MILLISECONDS);
    }
  }
}

/** The version whose rotation has not ended: one that is pending and not the current one. */
const unfinished = (store: SecretStore, secret: SecretResource): string | undefined =>
  store.versions(secret).find(({ stages }) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'))
    ?.versionId;
