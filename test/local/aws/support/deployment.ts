import type { Deployment, FunctionResource, PolicyStatement, RoleResource, TableResource } from '#local/model.ts';

export const REGION = 'eu-west-1';
export const ACCOUNT = '111122223333';
export const KEY_ID = '8b0c7f3e-0000-4000-8000-000000000001';
export const keyArn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KEY_ID}`;
export const tableArn = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
export const secretArn = (name: string): string => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-AbCdEf`;
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
export const groupArn = `arn:aws:iam::${ACCOUNT}:group/Admins`;

export const allow = (
  Action: string | string[],
  Resource: string | string[],
  Condition?: PolicyStatement['Condition'],
): PolicyStatement => ({ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) });

export const via = (service: string): NonNullable<PolicyStatement['Condition']> => ({
  StringEquals: { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` },
});

export function role(roleName: string, ...Statement: PolicyStatement[]): RoleResource {
  return {
    logicalId: roleName,
    roleName,
    arn: roleArn(roleName),
    policies: [{ Version: '2012-10-17', Statement }],
    managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    assumeRolePolicy: { Statement: [] },
  };
}

export function table(tableName: string, changes: Partial<TableResource> = {}): TableResource {
  return {
    logicalId: tableName,
    tableName,
    arn: tableArn(tableName),
    attributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    keySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    globalSecondaryIndexes: [],
    timeToLiveAttribute: undefined,
    kmsKeyArn: undefined,
    ...changes,
  };
}

const greeter: FunctionResource = {
  logicalId: 'Greeter',
  functionName: 'greeter',
  arn: functionArn('greeter'),
  assetDirectory: '/nowhere',
  handler: 'index.handler',
  environment: {},
  timeoutSeconds: 3,
  memoryMegabytes: 128,
  roleArn: roleArn('Owner'),
  permissions: [],
};

const everything = [
  allow('dynamodb:*', `${tableArn('*')}`),
  allow('secretsmanager:*', '*'),
  allow('kms:*', '*'),
  allow('iam:GetGroup', groupArn),
  allow('lambda:InvokeFunction', functionArn('greeter')),
];

const ROOT_STATEMENT = {
  Effect: 'Allow',
  Action: 'kms:*',
  Resource: '*',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
} as const;

/** A small deployment: one role that may do everything, and one per shortcoming. */
export function testDeployment(changes: Partial<Deployment> = {}): Deployment {
  return {
    region: REGION,
    accountId: ACCOUNT,
    functions: [greeter],
    roles: [
      role('Owner', ...everything),
      role('Nobody'),
      role(
        'Reader',
        allow('dynamodb:GetItem', tableArn('open')),
        allow('secretsmanager:GetSecretValue', secretArn('open')),
      ),
      role(
        'KeylessReader',
        allow('dynamodb:GetItem', tableArn('sealed')),
        allow('secretsmanager:GetSecretValue', secretArn('sealed')),
        allow('kms:Decrypt', keyArn, via('sqs')),
      ),
      role(
        'SealedReader',
        allow(['dynamodb:GetItem', 'dynamodb:PutItem'], tableArn('sealed')),
        allow('secretsmanager:GetSecretValue', secretArn('sealed')),
        allow('kms:Decrypt', keyArn, via('dynamodb')),
        allow('kms:Decrypt', keyArn, via('secretsmanager')),
      ),
    ],
    tables: [table('open'), table('sealed', { kmsKeyArn: keyArn })],
    secrets: [secret('open', undefined), secret('sealed', keyArn)],
    kmsKeys: [{ logicalId: 'Key', keyId: KEY_ID, arn: keyArn, keyPolicy: { Statement: [ROOT_STATEMENT] } }],
    groups: [{ logicalId: 'Admins', groupName: 'Admins', arn: groupArn }],
    restApis: [],
    distribution: undefined,
    uploadRole: undefined,
    outputs: new Map(),
    ...changes,
  };
}

const secret = (name: string, kmsKeyArn: string | undefined): Deployment['secrets'][number] => ({
  logicalId: name,
  name,
  arn: secretArn(name),
  generate: {
    SecretStringTemplate: '{"version":1}',
    GenerateStringKey: 'rk_1',
    PasswordLength: 64,
    ExcludePunctuation: true,
  },
  kmsKeyArn,
  resourcePolicy: undefined,
  rotationFunctionArn: undefined,
});
