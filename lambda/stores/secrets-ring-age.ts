import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DependencyError } from '../ports.ts';
import { callStore } from './clients.ts';

/** When a secret was rotated, or else made, in Unix milliseconds; asked without reading it. */
export async function lastRotation(client: SecretsManagerClient, secretArn: string): Promise<number> {
  const command = new DescribeSecretCommand({ SecretId: secretArn });
  const { LastRotatedDate, CreatedDate } = await callStore('describe ring', (abortSignal) =>
    client.send(command, { abortSignal }),
  );
  const date = LastRotatedDate ?? CreatedDate;
  if (date === undefined) throw new DependencyError('the ring secret has no date');
  return date.getTime();
}
