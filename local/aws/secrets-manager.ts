import { randomUUID } from 'node:crypto';
import type { Absence } from '../faults.ts';
import type { Deployment, SecretResource } from '../model.ts';
import type { Authorizer } from './authorize.ts';
import { AwsError, invalid, unknownOperation } from './errors.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { KmsKeys } from './kms-keys.ts';
import { checkMembers, type Members, optionalText, textMember } from './members.ts';
import { encryptionContext, type SecretStore, type SecretVersion } from './secret-store.ts';
import type { AwsCall, AwsService } from './service.ts';

interface Operation {
  readonly members: readonly string[];
  readonly run: (secrets: SecretsManager, secret: SecretResource, call: AwsCall) => Members;
}

const operations = new Map<string, Operation>([
  ['GetSecretValue', { members: ['SecretId', 'VersionId', 'VersionStage'], run: getSecretValue }],
  ['DescribeSecret', { members: ['SecretId'], run: describeSecret }],
  [
    'PutSecretValue',
    {
      members: ['SecretId', 'SecretString', 'ClientRequestToken', 'VersionStages'],
      run: putSecretValue,
    },
  ],
  [
    'UpdateSecretVersionStage',
    {
      members: ['SecretId', 'VersionStage', 'RemoveFromVersionId', 'MoveToVersionId'],
      run: updateSecretVersionStage,
    },
  ],
]);

export interface SecretsManager {
  readonly deployment: Deployment;
  readonly store: SecretStore;
  readonly keys: KmsKeys;
  readonly authorizer: Authorizer;
  /** The one error for everything that GetSecretValue does not find. Default: as AWS answers each. */
  readonly absence?: (() => Absence | undefined) | undefined;
}

const ABSENCE_ERRORS: Readonly<Record<Absence, string>> = {
  'not-found': 'ResourceNotFoundException',
  'invalid-request': 'InvalidRequestException',
};

/** The secrets of the deployment. A secret under a customer-managed key also takes the caller's permission to use that key through Secrets Manager. */
export const createSecretsManager = (secrets: SecretsManager): AwsService => ({
  protocol: jsonProtocol('1.1', 'secretsmanager'),
  async handle(call) {
    const operation = operations.get(call.operation);
    if (operation === undefined) throw unknownOperation(call.operation);
    checkMembers(call.input, operation.members);
    const secret = authorizedSecret(secrets, call);
    return { members: operation.run(secrets, secret, call) };
  },
});

/** Permission is checked first: a caller without it cannot find out whether the secret exists. */
function authorizedSecret(
  { deployment, authorizer }: SecretsManager,
  { operation, input, principal }: AwsCall,
): SecretResource {
  const id = textMember(input, 'SecretId');
  const secret = deployment.secrets.find(({ arn, name }) => id === arn || id === name);
  const { region, accountId } = deployment;
  const stage = optionalText(input, 'VersionStage');
  authorizer.demand({
    principal,
    action: `secretsmanager:${operation}`,
    resource:
      secret?.arn ?? (id.startsWith('arn:') ? id : `arn:aws:secretsmanager:${region}:${accountId}:secret:${id}`),
    resourcePolicy: secret?.resourcePolicy,
    context: stage === undefined ? {} : { 'secretsmanager:VersionStage': stage },
  });
  if (secret === undefined)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  return secret;
}

function getSecretValue(secrets: SecretsManager, secret: SecretResource, call: AwsCall): Members {
  const version = findVersion(secrets, secret, call.input);
  demandKey(secrets, secret, call, version.versionId, ['kms:Decrypt']);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.versionId,
    VersionStages: version.stages,
    SecretString: secrets.store.open(secret, version),
    CreatedDate: version.createdAt,
  };
}

function findVersion({ store, absence }: SecretsManager, secret: SecretResource, input: Members): SecretVersion {
  const [versionId, stage] = [optionalText(input, 'VersionId'), optionalText(input, 'VersionStage')];
  try {
    return store.find(secret, versionId, stage);
  } catch (error) {
    const chosen = absence?.();
    if (chosen === undefined || !(error instanceof AwsError)) throw error;
    throw new AwsError(ABSENCE_ERRORS[chosen], error.message);
  }
}

function describeSecret({ store }: SecretsManager, secret: SecretResource): Members {
  const versions = store.versions(secret);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.kmsKeyArn !== undefined && { KmsKeyId: secret.kmsKeyArn }),
    CreatedDate: Math.min(...versions.map(({ createdAt }) => createdAt)),
    VersionIdsToStages: Object.fromEntries(
      versions.filter(({ stages }) => stages.length > 0).map(({ versionId, stages }) => [versionId, stages]),
    ),
  };
}

function putSecretValue(secrets: SecretsManager, secret: SecretResource, call: AwsCall): Members {
  const { input } = call;
  const versionId = optionalText(input, 'ClientRequestToken') ?? randomUUID();
  demandKey(secrets, secret, call, versionId, ['kms:GenerateDataKey', 'kms:Decrypt']);
  const stages = input.VersionStages ?? ['AWSCURRENT'];
  if (!Array.isArray(stages) || stages.length === 0 || !stages.every((stage) => typeof stage === 'string'))
    throw invalid('VersionStages must be a list of names.');
  const version = secrets.store.put(secret, versionId, textMember(input, 'SecretString'), stages);
  return { ARN: secret.arn, Name: secret.name, VersionId: versionId, VersionStages: version.stages };
}

function updateSecretVersionStage({ store }: SecretsManager, secret: SecretResource, { input }: AwsCall): Members {
  const [from, to] = [optionalText(input, 'RemoveFromVersionId'), optionalText(input, 'MoveToVersionId')];
  store.move(secret, textMember(input, 'VersionStage'), from, to);
  return { ARN: secret.arn, Name: secret.name };
}

function demandKey(
  { deployment, keys, authorizer }: SecretsManager,
  secret: SecretResource,
  { principal }: AwsCall,
  versionId: string,
  actions: readonly string[],
): void {
  const { kmsKeyArn } = secret;
  if (kmsKeyArn === undefined) return;
  const via = `secretsmanager.${deployment.region}.amazonaws.com`;
  for (const action of actions) {
    try {
      keys.demand(authorizer, principal, action, kmsKeyArn, via, encryptionContext(secret, versionId));
    } catch {
      throw new AwsError('AccessDeniedException', 'Access to KMS is not allowed');
    }
  }
}
