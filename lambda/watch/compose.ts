import { environment } from '#contract/environment.ts';
import { createSecretsClient } from '../platform/clients.store.ts';
import { now, required } from '../platform/environment.ts';
import { readSecretText } from '../platform/secret-text.store.ts';
import { lastRotation } from '../ring/ring.store.ts';

/** The ages of the ring and of the signing keys in days, determined at each request. */
export function ringAges(): () => Promise<Record<'ring_age_days' | 'signing_key_age_days', number>> {
  const client = createSecretsClient();
  const [ringArn, signingArn] = [required('ringSecret'), required('signingSecret')];
  const age = async (secretArn: string): Promise<number> =>
    Math.round(((now() - (await lastRotation(client, secretArn))) / 86_400_000) * 100) / 100;
  return async () => ({ ring_age_days: await age(ringArn), signing_key_age_days: await age(signingArn) });
}

/**
 * The gate and shop that the canary checks; the shop's key is read each time, so that a new key needs no deployment.
 */
export function canaryTarget(): () => Promise<{ baseUrl: string; shopId: string; apiKey: string; origin?: string }> {
  const client = createSecretsClient();
  const [baseUrl, shopId, secretArn] = [required('gateUrl'), required('canaryShopId'), required('canaryKeySecret')];
  const origin = process.env[environment.canaryOrigin];
  return async () => ({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    shopId,
    apiKey: await readSecretText(client, secretArn),
    ...(origin !== undefined && { origin }),
  });
}
