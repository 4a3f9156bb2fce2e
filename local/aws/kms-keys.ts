import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { KmsKeyResource, PolicyDocument } from '../model.ts';
import type { Authorizer } from './authorize.ts';
import { AwsError } from './errors.ts';
import type { Principal } from './principals.ts';
import { StateFile } from './state-file.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

interface StoredKey {
  readonly material: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** AWS's own key for Secrets Manager: every principal of the account may use it through that service. */
export const SECRETS_MANAGER_KEY_ID = 'aws-secretsmanager';
const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/** The deployment's symmetric keys. Their material is made at the first start and never leaves the data directory. */
export class KmsKeys {
  readonly #keys: readonly KmsKeyResource[];
  readonly #file: StateFile<Readonly<Record<string, StoredKey>>>;

  constructor(file: string | undefined, keys: readonly KmsKeyResource[], now: () => number) {
    this.#keys = keys;
    this.#file = new StateFile(file, {});
    const stored = { ...this.#file.state };
    const missing = [...keys.map(({ keyId }) => keyId), SECRETS_MANAGER_KEY_ID].filter(
      (id) => !Object.hasOwn(stored, id),
    );
    for (const id of missing)
      stored[id] = { material: randomBytes(32).toString('base64'), createdAt: Math.floor(now() / 1_000) };
    if (missing.length > 0) this.#file.replace(stored);
  }

  /** By id or ARN. Throws NotFoundException. */
  find(idOrArn: string): KmsKeyResource {
    const key = this.#keys.find(({ keyId, arn }) => idOrArn === keyId || idOrArn === arn);
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${idOrArn}' does not exist`);
    return key;
  }

  createdAt(keyId: string): number {
    return this.#stored(keyId).createdAt;
  }

  /** Throws AccessDeniedException unless key policy and identity policies together allow the use of the key. */
  demand(
    authorizer: Authorizer,
    principal: Principal,
    action: string,
    keyArn: string,
    via?: string,
    encryptionContext: EncryptionContext = {},
  ): void {
    const resourcePolicy: PolicyDocument = this.find(keyArn).keyPolicy;
    const context = Object.fromEntries(
      Object.entries(encryptionContext).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
    );
    authorizer.demand({
      principal,
      action,
      resource: keyArn,
      resourcePolicy,
      context,
      ...(via !== undefined && { via }),
    });
  }

  /** AES-256-GCM under the key, bound to the key's id and the encryption context. */
  encrypt(keyId: string, plaintext: Buffer, context: EncryptionContext): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#material(keyId), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(additionalData(keyId, context));
    const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const name = Buffer.from(keyId);
    return Buffer.concat([Buffer.from([1, name.length]), name, nonce, cipher.getAuthTag(), body]);
  }

  /** The id of the key that a ciphertext says it is under; proven only by `decrypt`. */
  keyIdOf(ciphertext: Buffer): string {
    const keyId = ciphertext.subarray(2, 2 + (ciphertext[1] ?? 0)).toString();
    if (ciphertext[0] !== 1 || !Object.hasOwn(this.#file.state, keyId)) throw invalidCiphertext();
    return keyId;
  }

  /** Throws InvalidCiphertextException unless every byte and the context are those of `encrypt`. */
  decrypt(ciphertext: Buffer, context: EncryptionContext): Buffer {
    const keyId = this.keyIdOf(ciphertext);
    const sealed = ciphertext.subarray(2 + Buffer.byteLength(keyId));
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw invalidCiphertext();
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#material(keyId), nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    decipher.setAAD(additionalData(keyId, context));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch {
      throw invalidCiphertext();
    }
  }

  #material(keyId: string): KeyObject {
    return createSecretKey(this.#stored(keyId).material, 'base64');
  }

  #stored(keyId: string): StoredKey {
    const key = this.#file.state[keyId];
    if (key === undefined) throw new Error(`no material for the KMS key ${keyId}`);
    return key;
  }
}

const invalidCiphertext = (): AwsError => new AwsError('InvalidCiphertextException', '');

function additionalData(keyId: string, context: EncryptionContext): Buffer {
  const sorted = Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(JSON.stringify([keyId, sorted]));
}
