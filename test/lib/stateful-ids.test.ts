import type { Template } from 'aws-cdk-lib/assertions';
import { type SynthesizedStage, synthesizeStage } from '../support/stacks.ts';

/**
 * What holds data, by logical id. CloudFormation knows a resource by its id alone: under another it is a new, empty one, and the old one is
 * dropped or left behind. A changed type or key schema replaces it, too. So a change here is a migration of data, never a mere edit.
 */
const stateful = {
  DataKey17AFBB84: ['AWS::KMS::Key'],
  ShopsTableE32BD51C: ['AWS::DynamoDB::GlobalTable', 'shopId HASH', 'auditPending: auditPending HASH, shopId RANGE'],
  KeysTableF42AC009: [
    'AWS::DynamoDB::GlobalTable',
    'keyId HASH',
    'serviceKeys: listed HASH, createdAt RANGE',
    'auditPending: auditPending HASH, keyId RANGE',
  ],
  SessionsTableA5E8383B: [
    'AWS::DynamoDB::GlobalTable',
    'sessionHash HASH',
    'auditPending: auditPending HASH, sessionHash RANGE',
  ],
  AuditTable18A3095C: ['AWS::DynamoDB::GlobalTable', 'subject HASH, at RANGE', 'byDay: day HASH, at RANGE'],
  RingSecret05F1793A: ['AWS::SecretsManager::Secret'],
  SigningKeysSecret988BD324: ['AWS::SecretsManager::Secret'],
  AdminGroupF1DF0BD7: ['AWS::IAM::Group'],
};

/** Logs are records as well. What is deployed under another id begins an empty one. */
const logs = [
  'AdminApiLogsB036E224',
  'AdminAuthorizerLogs56D76B1A',
  'AdminLoginLogsD8B0DAF2',
  'AnalyticsAuthorizerLogsECEC840C',
  'AnalyticsEndpointLogs8F155AD0',
  'CorsPreflightLogs03F5489E',
  'DataRouterAuthorizerLogs20376943',
  'DataRouterEndpointLogsEBAFD46D',
  'JwksLogsDC18869C',
  'RestAccessLogB9A28E1C',
  'RingRotationLogs9B58EBE9',
  'SecurityTokenIssuerLogs3F35A6BB',
  'SessionExchangeLogs412E5050',
  'SigningKeyRotationLogsFC93AA7C',
  'TempTokenIssuerLogsA21DF0AF',
  'TokenInspectorLogs4C0A23F0',
  'TokenIssuerLogsFA71A92F',
  'WidgetAuthorizerLogs2049FC5C',
  'WidgetEndpointLogsEB317B58',
];

const stages: [string, SynthesizedStage][] = [
  ['dev', synthesizeStage('dev', { production: false })],
  ['prod', synthesizeStage('prod', { production: true })],
];

interface Key {
  readonly AttributeName: string;
  readonly KeyType: string;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly KeySchema?: readonly Key[];
    readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string; readonly KeySchema: readonly Key[] }[];
  };
}

const resourcesOf = (template: Template): [string, Resource][] => Object.entries(template.toJSON().Resources);

const described = (keys: readonly Key[]): string => keys.map((key) => `${key.AttributeName} ${key.KeyType}`).join(', ');

function describe({ Type, Properties = {} }: Resource): string[] {
  const { KeySchema, GlobalSecondaryIndexes = [] } = Properties;
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: keys }) => `${IndexName}: ${described(keys)}`);
  return [Type, ...(KeySchema === undefined ? [] : [described(KeySchema)]), ...indexes];
}

test.each(stages)(
  'what holds data in %s keeps its logical id, type and keys, and there is no more of it',
  (_, { data }) => {
    const all = resourcesOf(data).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata');
    expect(Object.fromEntries(all.map(([id, resource]) => [id, describe(resource)]))).toEqual(stateful);
  },
);

test.each(stages)(
  'the ring and the signing keys of %s are generated as ever: by a change here CloudFormation writes new ones over them',
  (_, { data }) => {
    const { RingSecret05F1793A: ring, SigningKeysSecret988BD324: signingKeys } = data.toJSON().Resources;
    for (const secret of [ring, signingKeys]) {
      expect(secret.Properties.GenerateSecretString).toEqual({
        ExcludePunctuation: true,
        GenerateStringKey: 'rk_1',
        PasswordLength: 64,
        SecretStringTemplate: '{"version":1,"sealWith":"rk_1"}',
      });
      expect(secret.Properties).not.toHaveProperty('SecretString');
    }
  },
);

test.each(stages)('log groups in %s keep their logical ids', (_, { api }) => {
  const ids = resourcesOf(api).flatMap(([id, { Type }]) => (Type === 'AWS::Logs::LogGroup' ? [id] : []));
  expect(ids.sort()).toEqual(logs);
});

test.each(stages)('%s has no resource that holds data outside the data stack', (_, { api }) => {
  const types = resourcesOf(api).map(([, { Type }]) => Type);
  expect(
    types.filter((type) => /::(DynamoDB|KMS|S3|RDS|SQS)::|SecretsManager::Secret$|IAM::Group$/.test(type)),
  ).toEqual([]);
});

test.each(stages)(
  'the bucket of %s keeps its logical id: under another it is a new one, without former versions',
  (_, { web }) => {
    const ids = resourcesOf(web).flatMap(([id, { Type }]) => (Type === 'AWS::S3::Bucket' ? [id] : []));
    expect(ids).toEqual(['FilesBucket7C17EE2E']);
  },
);
