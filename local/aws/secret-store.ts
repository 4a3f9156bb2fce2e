import { randomUUID } from 'node:crypto';
import type { SecretResource } from '../model.ts';
import { AwsError } from './errors.ts';
import { generateSecretString } from './generate-secret-string.ts';
import { type KmsKeys, SECRETS_MANAGER_KEY_ID } from './kms-keys.ts';
import { StateFile } from './state-file.ts';

export interface SecretVersion {
  readonly versionId: string;
  readonly stages: readonly string[];
  /** Unix seconds. */
  readonly createdAt: number;
  /** Ciphertext under the secret's KMS key, bound to secret and version; Base64. */
  readonly sealed: string;
}

const MAX_VERSIONS = 100;
const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** The versions of every secret, encrypted at rest. A deployed secret is generated at its first start, but for one whose text is given. */
export class SecretStore {
  readonly #file: StateFile<Readonly<Record<string, readonly SecretVersion[]>>>;
  readonly #keys: KmsKeys;
  readonly #now: () => number;

  constructor(file: string | undefined, keys: KmsKeys, secrets: readonly SecretResource[], now: () => number) {
    this.#file = new StateFile(file, {});
    this.#keys = keys;
    this.#now = now;
    for (const secret of secrets) {
      if (this.versions(secret).length === 0)
        this.put(secret, randomUUID(), secret.text ?? generateSecretString(secret.generate), [CURRENT]);
      else if (secret.text !== undefined && this.open(secret, this.find(secret, undefined, CURRENT)) !== secret.text)
        this.put(secret, randomUUID(), secret.text, [CURRENT]);
    }
  }

  versions({ arn }: SecretResource): readonly SecretVersion[] {
    return Object.hasOwn(this.#file.state, arn) ? (this.#file.state[arn] ?? []) : [];
  }

  /** Throws ResourceNotFoundException, or InvalidRequestException when the version is there but without the staging label. */
  find(secret: SecretResource, versionId: string | undefined, stage: string | undefined): SecretVersion {
    const wantedStage = stage ?? (versionId === undefined ? CURRENT : undefined);
    const version = this.versions(secret).find(
      (candidate) =>
        (versionId === undefined || candidate.versionId === versionId) &&
        (wantedStage === undefined || candidate.stages.includes(wantedStage)),
    );
    if (version !== undefined) return version;
    if (versionId !== undefined && wantedStage !== undefined && this.#has(secret, versionId))
      throw new AwsError(
        'InvalidRequestException',
        'You provided a VersionStage that is not associated to the provided VersionId.',
      );
    const wanted = versionId !== undefined ? `VersionId: ${versionId}` : `staging label: ${wantedStage}`;
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${wanted}`,
    );
  }

  #has(secret: SecretResource, versionId: string): boolean {
    return this.versions(secret).some((version) => version.versionId === versionId);
  }

  open(secret: SecretResource, { versionId, sealed }: SecretVersion): string {
    return this.#keys.decrypt(Buffer.from(sealed, 'base64'), encryptionContext(secret, versionId)).toString();
  }

  /** Adds a version; the same version with the same text again changes nothing. Its stages leave the versions that had them. */
  put(secret: SecretResource, versionId: string, text: string, stages: readonly string[]): SecretVersion {
    const existing = this.versions(secret).find((version) => version.versionId === versionId);
    if (existing !== undefined) {
      if (this.open(secret, existing) === text) return existing;
      throw new AwsError('ResourceExistsException', 'A version of this name exists already with another value.');
    }
    const keyId = secret.kmsKeyArn === undefined ? SECRETS_MANAGER_KEY_ID : this.#keys.find(secret.kmsKeyArn).keyId;
    const sealed = this.#keys
      .encrypt(keyId, Buffer.from(text), encryptionContext(secret, versionId))
      .toString('base64');
    const version = { versionId, stages: [], createdAt: this.#now() / 1_000, sealed };
    const labeled = stages.reduce((versions, stage) => moveStage(versions, stage, versionId), [
      ...this.versions(secret),
      version,
    ] as readonly SecretVersion[]);
    this.#save(secret, labeled);
    return this.find(secret, versionId, undefined);
  }

  move(secret: SecretResource, stage: string, from: string | undefined, to: string | undefined): void {
    const versions = this.versions(secret);
    for (const versionId of [from, to]) if (versionId !== undefined) this.find(secret, versionId, undefined);
    const holder = versions.find(({ stages }) => stages.includes(stage))?.versionId;
    if (holder !== undefined && holder !== to && holder !== from)
      throw invalidParameter(
        `The staging label ${stage} is attached to version ${holder}: name it in RemoveFromVersionId.`,
      );
    if (from !== undefined && from !== holder)
      throw invalidParameter(`The staging label ${stage} is not attached to version ${from}.`);
    if (to === undefined && stage === CURRENT)
      throw invalidParameter('AWSCURRENT can only be moved to another version, not removed.');
    this.#save(secret, moveStage(versions, stage, to));
  }

  #save({ arn }: SecretResource, versions: readonly SecretVersion[]): void {
    const surplus = Math.max(0, versions.length - MAX_VERSIONS);
    const dropped = versions.filter(({ stages }) => stages.length === 0).slice(0, surplus);
    this.#file.replace({ ...this.#file.state, [arn]: versions.filter((version) => !dropped.includes(version)) });
  }
}

export const encryptionContext = ({ arn }: SecretResource, versionId: string): Readonly<Record<string, string>> => ({
  SecretARN: arn,
  SecretVersionId: versionId,
});

const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', message);

/** A stage is on at most one version. The version that AWSCURRENT leaves becomes AWSPREVIOUS. */
function moveStage(
  versions: readonly SecretVersion[],
  stage: string,
  to: string | undefined,
): readonly SecretVersion[] {
  const from = versions.find(({ stages }) => stages.includes(stage))?.versionId;
  if (from === to) return versions;
  const moved = versions.map((version) => ({
    ...version,
    stages: [...version.stages.filter((name) => name !== stage), ...(version.versionId === to ? [stage] : [])],
  }));
  return stage === CURRENT && from !== undefined ? moveStage(moved, PREVIOUS, from) : moved;
}
