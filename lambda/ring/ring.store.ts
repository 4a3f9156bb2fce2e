import { randomUUID } from 'node:crypto';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { callStore } from '../platform/clients.store.ts';
import { DependencyError } from '../platform/stored.ts';
import type { RingStore, RingVersion, RingVersionStore } from './ring.ts';

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

/** Our own label: Secrets Manager keeps only versions with a label, and this one does not make it a current version. */
const SETTLED = 'WIDGET_GATE_SETTLED';

const CURRENT = 'AWSCURRENT';
const PENDING = 'AWSPENDING';
const PREVIOUS = 'AWSPREVIOUS';

/** The versions of the ring's secret. */
export class SecretsRingVersions implements RingVersionStore {
  readonly #client: SecretsManagerClient;
  readonly #secretArn: string;

  constructor(client: SecretsManagerClient, secretArn: string) {
    this.#client = client;
    this.#secretArn = secretArn;
  }

  async readCurrent(): Promise<RingVersion> {
    const command = new GetSecretValueCommand({ SecretId: this.#secretArn });
    const { SecretString, VersionId } = await callStore('read ring', (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    if (SecretString === undefined || VersionId === undefined) throw new DependencyError('the ring secret has no text');
    return { versionId: VersionId, text: SecretString };
  }

  async readPending(versionId: string): Promise<string | undefined> {
    return (await this.#find({ VersionId: versionId, VersionStage: PENDING }))?.SecretString;
  }

  addPending(versionId: string, text: string): Promise<void> {
    return this.#put(versionId, text, PENDING);
  }

  async addSettled(text: string): Promise<string> {
    const versionId = randomUUID();
    await this.#put(versionId, text, SETTLED);
    return versionId;
  }

  makeCurrent(from: string, to: string): Promise<void> {
    return this.#move('make ring current', { VersionStage: CURRENT, RemoveFromVersionId: from, MoveToVersionId: to });
  }

  async endPending(versionId: string): Promise<void> {
    if ((await this.readPending(versionId)) === undefined) return;
    await this.#move('end ring rotation', { VersionStage: PENDING, RemoveFromVersionId: versionId });
  }

  async forgetOthers(): Promise<void> {
    for (const VersionStage of [PREVIOUS, PENDING]) {
      const other = await this.#find({ VersionStage });
      if (other?.VersionId !== undefined)
        await this.#move('forget ring', { VersionStage, RemoveFromVersionId: other.VersionId });
    }
  }

  #find(version: {
    readonly VersionId?: string;
    readonly VersionStage: string;
  }): Promise<GetSecretValueCommandOutput | undefined> {
    const command = new GetSecretValueCommand({ SecretId: this.#secretArn, ...version });
    return callStore('read other ring', async (abortSignal) => {
      try {
        return await this.#client.send(command, { abortSignal });
      } catch (error) {
        if (meansAbsent(error)) return undefined;
        throw error;
      }
    });
  }

  async #put(versionId: string, text: string, stage: string): Promise<void> {
    const command = new PutSecretValueCommand({
      SecretId: this.#secretArn,
      ClientRequestToken: versionId,
      SecretString: text,
      VersionStages: [stage],
    });
    await callStore('add ring version', async (abortSignal) => {
      try {
        await this.#client.send(command, { abortSignal });
      } catch (error) {
        // The id is unique to one rotation: an interrupted run of it has already written this version.
        if (!(error instanceof ResourceExistsException)) throw error;
      }
    });
  }

  async #move(
    operation: string,
    labels: { readonly VersionStage: string; readonly RemoveFromVersionId: string; readonly MoveToVersionId?: string },
  ): Promise<void> {
    const command = new UpdateSecretVersionStageCommand({ SecretId: this.#secretArn, ...labels });
    await callStore(operation, (abortSignal) => this.#client.send(command, { abortSignal }));
  }
}

/**
 * Secrets Manager has two errors for a missing version: ResourceNotFoundException for an unknown version or label, and
 * InvalidRequestException for a known version without the label, as after a completed rotation. The latter has other causes, too, such as a
 * secret that is marked for deletion; only its message distinguishes them.
 */
const meansAbsent = (error: unknown): boolean =>
  error instanceof ResourceNotFoundException ||
  (error instanceof InvalidRequestException && /version|staging label/i.test(error.message));

/** The time when a secret was last rotated, or otherwise created, in Unix milliseconds; its value is not read. */
export async function lastRotation(client: SecretsManagerClient, secretArn: string): Promise<number> {
  const command = new DescribeSecretCommand({ SecretId: secretArn });
  const { LastRotatedDate, CreatedDate } = await callStore('describe ring', (abortSignal) =>
    client.send(command, { abortSignal }),
  );
  const date = LastRotatedDate ?? CreatedDate;
  if (date === undefined) throw new DependencyError('the ring secret has no date');
  return date.getTime();
}
