import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DependencyError, type RingStore } from '../ports.ts';
import { callStore } from './clients.ts';

/** The ring in its one Secrets Manager secret. */
export class SecretsRingStore implements RingStore {
  readonly #client: SecretsManagerClient;
  readonly #secretArn: string;

  constructor(client: SecretsManagerClient, secretArn: string) {
    this.#client = client;
    this.#secretArn = secretArn;
  }

  async read(): Promise<string> {
    const command = new GetSecretValueCommand({ SecretId: this.#secretArn });
    const { SecretString } = await callStore('read ring', (abortSignal) => this.#client.send(command, { abortSignal }));
    if (SecretString === undefined) throw new DependencyError('the ring secret has no text');
    return SecretString;
  }
}
