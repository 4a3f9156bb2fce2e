import { randomBytes } from 'node:crypto';
import type { Authorizer } from './authorize.ts';
import { AwsError, invalid, unknownOperation } from './errors.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { EncryptionContext, KmsKeys } from './kms-keys.ts';
import { bytesMember, checkMembers, type Members, optionalText, textMember } from './members.ts';
import type { AwsCall, AwsService } from './service.ts';

const MEMBERS = new Map([
  ['Encrypt', ['KeyId', 'Plaintext', 'EncryptionContext', 'EncryptionAlgorithm']],
  ['Decrypt', ['KeyId', 'CiphertextBlob', 'EncryptionContext', 'EncryptionAlgorithm']],
  ['GenerateDataKey', ['KeyId', 'KeySpec', 'NumberOfBytes', 'EncryptionContext']],
  ['DescribeKey', ['KeyId']],
]);
const MAX_PLAINTEXT_BYTES = 4_096;

/** The KMS operations that functions can be given: each needs its own permission on the key. */
export function createKms(keys: KmsKeys, authorizer: Authorizer, accountId: string): AwsService {
  return {
    protocol: jsonProtocol('1.1', 'TrentService'),
    async handle({ operation, input, principal }: AwsCall) {
      const members = MEMBERS.get(operation);
      if (members === undefined) throw unknownOperation(operation);
      checkMembers(input, members);
      const algorithm = optionalText(input, 'EncryptionAlgorithm') ?? 'SYMMETRIC_DEFAULT';
      if (algorithm !== 'SYMMETRIC_DEFAULT') throw invalid(`The encryption algorithm ${algorithm} is not implemented.`);
      const context = readContext(input);
      const key = keys.find(operation === 'Decrypt' ? keyOfCiphertext(keys, input) : textMember(input, 'KeyId'));
      keys.demand(authorizer, principal, `kms:${operation}`, key.arn, undefined, context);
      const answer = operation === 'DescribeKey' ? undefined : cryptography(keys, operation, key.keyId, input, context);
      return {
        members:
          answer === undefined ? describeKey(key, keys.createdAt(key.keyId), accountId) : { ...answer, KeyId: key.arn },
      };
    },
  };
}

function cryptography(
  keys: KmsKeys,
  operation: string,
  keyId: string,
  input: Members,
  context: EncryptionContext,
): Members {
  if (operation === 'Decrypt') {
    const plaintext = keys.decrypt(bytesMember(input, 'CiphertextBlob'), context);
    return { Plaintext: plaintext.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  }
  const plaintext = operation === 'Encrypt' ? bytesMember(input, 'Plaintext') : randomBytes(dataKeyBytes(input));
  if (plaintext.length > MAX_PLAINTEXT_BYTES) throw invalid(`Plaintext is longer than ${MAX_PLAINTEXT_BYTES} bytes.`);
  const CiphertextBlob = keys.encrypt(keyId, plaintext, context).toString('base64');
  return operation === 'Encrypt'
    ? { CiphertextBlob, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
    : { CiphertextBlob, Plaintext: plaintext.toString('base64') };
}

function keyOfCiphertext(keys: KmsKeys, input: Members): string {
  const keyId = keys.keyIdOf(bytesMember(input, 'CiphertextBlob'));
  const wanted = optionalText(input, 'KeyId');
  if (wanted !== undefined && keys.find(wanted).keyId !== keyId)
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify the key of the ciphertext.',
    );
  return keyId;
}

function readContext({ EncryptionContext: context = {} }: Members): EncryptionContext {
  const isMap = context !== null && typeof context === 'object' && !Array.isArray(context);
  if (!isMap || Object.values(context).some((value) => typeof value !== 'string'))
    throw invalid('EncryptionContext must map names to text.');
  return context as EncryptionContext;
}

function dataKeyBytes({ KeySpec, NumberOfBytes }: Members): number {
  if (NumberOfBytes === undefined && KeySpec === 'AES_256') return 32;
  if (NumberOfBytes === undefined && KeySpec === 'AES_128') return 16;
  if (
    KeySpec === undefined &&
    Number.isInteger(NumberOfBytes) &&
    Number(NumberOfBytes) >= 1 &&
    Number(NumberOfBytes) <= 1_024
  )
    return Number(NumberOfBytes);
  throw invalid('Please specify either number of bytes or key spec.');
}

const describeKey = (
  { keyId, arn }: { keyId: string; arn: string },
  createdAt: number,
  accountId: string,
): Members => ({
  KeyMetadata: {
    AWSAccountId: accountId,
    Arn: arn,
    CreationDate: createdAt,
    Enabled: true,
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    KeyId: keyId,
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyState: 'Enabled',
    KeyUsage: 'ENCRYPT_DECRYPT',
    MultiRegion: false,
    Origin: 'AWS_KMS',
  },
});
