import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DecryptCommand, DescribeKeyCommand, EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { ACCOUNT, KEY_ID, keyArn, REGION, role, roleArn, secretArn, testDeployment } from './support/deployment.ts';
import { clientsAs, clientsOf, closeAll, startTestAws, temporaryDirectory } from './support/host.ts';

afterEach(closeAll);

const read = (SecretId: string, more = {}) => new GetSecretValueCommand({ SecretId, ...more });

test('a secret is generated as its template asks, found by ARN and name, and not readable on the disk', async () => {
  const dataDirectory = temporaryDirectory();
  const { secrets } = clientsOf(await startTestAws({ dataDirectory }));
  const { SecretString = '', ARN, VersionStages, CreatedDate } = await secrets.send(read(secretArn('sealed')));
  expect(JSON.parse(SecretString)).toEqual({ version: 1, rk_1: expect.stringMatching(/^[A-Za-z0-9]{64}$/) });
  expect({ ARN, VersionStages }).toEqual({ ARN: secretArn('sealed'), VersionStages: ['AWSCURRENT'] });
  expect(CreatedDate).toBeInstanceOf(Date);
  expect((await secrets.send(read('sealed'))).SecretString).toBe(SecretString);
  const file = readFileSync(join(dataDirectory, 'secrets.json'), 'utf8');
  expect(file).not.toContain(JSON.parse(SecretString).rk_1);
});

test('refuses a secret to a role without GetSecretValue on it, and does not reveal whether it exists', async () => {
  const { secrets } = clientsAs(await startTestAws(), 'Reader');
  await secrets.send(read('open'));
  for (const id of ['sealed', 'missing']) {
    await expect(secrets.send(read(id))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `User: arn:aws:sts::${ACCOUNT}:assumed-role/Reader/local is not authorized to perform: secretsmanager:GetSecretValue on resource: `,
      ),
    });
  }
});

test('refuses a secret under a customer-managed key to a role without kms:Decrypt through Secrets Manager', async () => {
  const aws = await startTestAws();
  await clientsAs(aws, 'SealedReader').secrets.send(read('sealed'));
  await expect(clientsAs(aws, 'KeylessReader').secrets.send(read('sealed'))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: 'Access to KMS is not allowed',
  });
  expect(aws.calls.count({ action: 'kms:Decrypt', allowed: true, via: `secretsmanager.${REGION}.amazonaws.com` })).toBe(
    1,
  );
  expect(aws.calls.count({ action: 'kms:Decrypt', allowed: false })).toBe(1);
  aws.calls.reset();
  expect(aws.calls.count()).toBe(0);
});

test('a resource policy can refuse what the role allows', async () => {
  const [open, sealed] = testDeployment().secrets;
  const resourcePolicy = {
    Statement: [
      { Effect: 'Deny', Principal: { AWS: roleArn('Owner') }, Action: 'secretsmanager:*', Resource: '*' } as const,
    ],
  };
  const secretsWithPolicy = [{ ...open, resourcePolicy }, sealed] as ReturnType<typeof testDeployment>['secrets'];
  const aws = await startTestAws({ deployment: testDeployment({ secrets: secretsWithPolicy }) });
  await expect(clientsOf(aws).secrets.send(read('open'))).rejects.toMatchObject({
    message: expect.stringContaining('with an explicit deny in a resource-based policy'),
  });
  await clientsAs(aws, 'Reader').secrets.send(read('open'));
});

test('a new version becomes current, the old one previous, and repeating the write changes nothing', async () => {
  const { secrets } = clientsOf(await startTestAws());
  const first = await secrets.send(read('open'));
  const put = { SecretId: 'open', SecretString: 'new', ClientRequestToken: 'b'.repeat(32) };
  await secrets.send(new PutSecretValueCommand(put));
  await secrets.send(new PutSecretValueCommand(put));
  await expect(secrets.send(new PutSecretValueCommand({ ...put, SecretString: 'other' }))).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
  expect((await secrets.send(read('open'))).SecretString).toBe('new');
  const previous = await secrets.send(read('open', { VersionStage: 'AWSPREVIOUS' }));
  expect(previous.VersionId).toBe(first.VersionId);
  const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: 'open' }));
  expect(VersionIdsToStages).toEqual({
    [first.VersionId ?? '']: ['AWSPREVIOUS'],
    [put.ClientRequestToken]: ['AWSCURRENT'],
  });
});

test('a pending version is promoted by moving AWSCURRENT, which takes naming the version that has it', async () => {
  const { secrets } = clientsOf(await startTestAws());
  const first = await secrets.send(read('open'));
  const pending = await secrets.send(
    new PutSecretValueCommand({ SecretId: 'open', SecretString: 'next', VersionStages: ['AWSPENDING'] }),
  );
  expect((await secrets.send(read('open'))).SecretString).toBe(first.SecretString);
  const move = { SecretId: 'open', VersionStage: 'AWSCURRENT', MoveToVersionId: pending.VersionId };
  await expect(secrets.send(new UpdateSecretVersionStageCommand(move))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await secrets.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: first.VersionId }));
  expect((await secrets.send(read('open'))).SecretString).toBe('next');
  expect((await secrets.send(read('open', { VersionStage: 'AWSPREVIOUS' }))).SecretString).toBe(first.SecretString);
});

test('refuses operations and members that are not implemented', async () => {
  const { secrets } = clientsOf(await startTestAws());
  await expect(secrets.send(new DeleteSecretCommand({ SecretId: 'open' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
  const binary = new PutSecretValueCommand({ SecretId: 'open', SecretBinary: Buffer.from('x') });
  await expect(secrets.send(binary)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('SecretBinary'),
  });
});

test('what a key encrypted opens only with the same encryption context', async () => {
  const { kms } = clientsOf(await startTestAws());
  const EncryptionContext = { purpose: 'test', a: '1' };
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('text'), EncryptionContext }),
  );
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: '1', purpose: 'test' } }));
  expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('text');
  await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
  const cut = CiphertextBlob?.slice(0, -1) as Uint8Array;
  await expect(kms.send(new DecryptCommand({ CiphertextBlob: cut, EncryptionContext }))).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
});

test('a data key comes in plain and encrypted, and the key describes itself', async () => {
  const { kms } = clientsOf(await startTestAws());
  const { Plaintext, CiphertextBlob } = await kms.send(
    new GenerateDataKeyCommand({ KeyId: KEY_ID, KeySpec: 'AES_256' }),
  );
  expect(Plaintext).toHaveLength(32);
  expect((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(Plaintext);
  expect((await kms.send(new DescribeKeyCommand({ KeyId: KEY_ID }))).KeyMetadata).toMatchObject({
    Arn: keyArn,
    Enabled: true,
  });
});

test('refuses the key to a role that may use it through a service only, and to everyone when the key policy is silent', async () => {
  const command = new GenerateDataKeyCommand({ KeyId: KEY_ID, KeySpec: 'AES_256' });
  await expect(clientsAs(await startTestAws(), 'SealedReader').kms.send(command)).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  const silent = { logicalId: 'Key', keyId: KEY_ID, arn: keyArn, keyPolicy: { Statement: [] } };
  const aws = await startTestAws({ deployment: testDeployment({ kmsKeys: [silent] }) });
  await expect(clientsOf(aws).kms.send(command)).rejects.toMatchObject({
    message: expect.stringContaining('because no resource-based policy allows the kms:GenerateDataKey action'),
  });
});

test('refuses to start with a condition that it cannot judge', async () => {
  const withCondition = (Condition: object) =>
    testDeployment({ roles: [role('Owner', { Effect: 'Allow', Action: '*', Resource: '*', Condition } as never)] });
  await expect(
    startTestAws({ deployment: withCondition({ DateLessThan: { 'aws:RequestedRegion': 'x' } }) }),
  ).rejects.toThrow('DateLessThan');
  await expect(startTestAws({ deployment: withCondition({ StringEquals: { 'aws:SourceIp': 'x' } }) })).rejects.toThrow(
    'aws:SourceIp',
  );
});

describe('what GetSecretValue does not find', () => {
  const OTHER = '22222222-2222-4222-8222-222222222222';
  const askAll = async (absence?: 'not-found' | 'invalid-request') => {
    const { secrets } = clientsOf(await startTestAws({ absence: () => absence }));
    const { VersionId } = await secrets.send(read('open'));
    const asked = [{ VersionId: OTHER }, { VersionStage: 'AWSPENDING' }, { VersionId, VersionStage: 'AWSPENDING' }];
    return Promise.all(
      asked.map((more) => secrets.send(read('open', more)).catch((error: Error) => `${error.name}: ${error.message}`)),
    );
  };

  test('is answered as AWS does: not found, but an invalid request for a version that lacks the staging label', async () => {
    expect(await askAll()).toEqual([
      `ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: ${OTHER}`,
      "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
      'InvalidRequestException: You provided a VersionStage that is not associated to the provided VersionId.',
    ]);
  });

  test.each([
    ['not-found' as const, /^ResourceNotFoundException: /],
    ['invalid-request' as const, /^InvalidRequestException: /],
  ])('is answered with one error for all where the faults say %s', async (absence, expected) => {
    expect(await askAll(absence)).toEqual(Array(3).fill(expect.stringMatching(expected)));
  });
});
