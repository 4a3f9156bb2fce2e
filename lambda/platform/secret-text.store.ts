import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { callStore } from './clients.store.ts';
import { DependencyError } from './stored.ts';

/** The text of a secret that an operator sets, trimmed. */
export async function readSecretText(client: SecretsManagerClient, secretArn: string): Promise<string> {
  const command = new GetSecretValueCommand({ SecretId: secretArn });
  const { SecretString = '' } = await callStore('read secret', (abortSignal) => client.send(command, { abortSignal }));
  if (SecretString.trim() === '') throw new DependencyError('the secret has no text');
  return SecretString.trim();
}
