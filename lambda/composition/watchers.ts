import { environment } from '../contract/environment.ts';
import { createSecretsClient } from '../stores/clients.ts';
import { readSecretText } from '../stores/secret-text.ts';
import { lastRotation } from '../stores/secrets-ring-age.ts';
import { now, required } from './environment.ts';

/** The ring's age in days, each time it is asked. */
export function ringAge(): () => Promise<number> {
  const client = createSecretsClient();
  const secretArn = required('ringSecret');
  return async () => (now() - (await lastRotation(client, secretArn))) / 86_400_000;
}

/** What the canary checks; the shop's key is read each time, so that a new one needs no deployment. */
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
