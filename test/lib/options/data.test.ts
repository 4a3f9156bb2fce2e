import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DataStack } from '#lib/data-stack.ts';
import { readStageConfig } from '#lib/stage-config.ts';
import { type Properties, resourcesOf, synthesizeStage } from '#test/support/stacks.ts';

const base = { production: true, region: 'eu-west-1' };

test('an existing group administers without being made: its ARN is in the variables and rights of who reads it', () => {
  const { data, api } = synthesizeStage('prod', { ...base, existingAdminGroup: 'Platform-Admins' });
  data.resourceCountIs('AWS::IAM::Group', 0);
  data.hasOutput('AdminGroupName', { Value: 'Platform-Admins' });
  const arn = {
    'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':group/Platform-Admins']],
  };
  const variables = resourcesOf(api, 'AWS::Lambda::Function').flatMap(
    ([, { Environment }]) => Environment.Variables.WIDGET_GATE_ADMIN_GROUP ?? [],
  );
  expect(variables).toEqual([arn, arn]);
  const grants = resourcesOf(api, 'AWS::IAM::Policy')
    .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement as Properties[])
    .filter(({ Action }) => Action === 'iam:GetGroup');
  expect(grants.map(({ Resource }) => Resource)).toEqual([arn, arn]);
});

describe('copies in another region', () => {
  const config = readStageConfig('prod', { prod: { ...base, replicaRegions: ['eu-central-1'] } });
  const app = new App();
  new DataStack(app, 'Data', { env: { region: 'eu-west-1' }, config });
  const assembly = app.synth();
  const templateOf = (name: string) => Template.fromJSON(assembly.getStackByName(name).template);
  const data = templateOf('Data');
  const replicaKeyArn = expect.objectContaining({
    'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/^:?(arn:aws:kms|kms):eu-central-1:$/)])],
  });

  test('every table has one, protected like the first, under a key of its region', () => {
    for (const [, { Replicas }] of resourcesOf(data, 'AWS::DynamoDB::GlobalTable')) {
      expect(Replicas.map(({ Region }: Properties) => Region).sort()).toEqual(['eu-central-1', 'eu-west-1']);
      const copy = Replicas.find(({ Region }: Properties) => Region === 'eu-central-1');
      expect(copy).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
      expect(JSON.stringify(copy.SSESpecification.KMSMasterKeyId)).toMatch(/kms:eu-central-1:.*:key\//);
    }
    data.resourceCountIs('AWS::DynamoDB::GlobalTable', 4);
  });

  test('the ring has one, under the same key', () => {
    const [[, { ReplicaRegions }]] = resourcesOf(data, 'AWS::SecretsManager::Secret') as [[string, Properties]];
    const [[, { Replicas }]] = resourcesOf(data, 'AWS::DynamoDB::GlobalTable') as [[string, Properties]];
    const copy = Replicas.find(({ Region }: Properties) => Region === 'eu-central-1');
    expect(ReplicaRegions).toEqual([{ Region: 'eu-central-1', KmsKeyId: copy.SSESpecification.KMSMasterKeyId }]);
    expect(ReplicaRegions[0].KmsKeyId).toEqual(replicaKeyArn);
  });

  test('the key is one for all regions, and is in each before anything is under it', () => {
    data.resourceCountIs('AWS::KMS::Key', 0);
    templateOf('DataKey').hasResource('AWS::KMS::Key', {
      Properties: { MultiRegion: true, EnableKeyRotation: true },
      DeletionPolicy: 'Retain',
    });
    templateOf('DataKey-eu-central-1').hasResource('AWS::KMS::ReplicaKey', { DeletionPolicy: 'Retain' });
    const dependencies = (name: string) => assembly.getStackByName(name).dependencies.map(({ id }) => id);
    expect(dependencies('DataKey-eu-central-1')).toContain('DataKey');
    expect(dependencies('Data')).toEqual(expect.arrayContaining(['DataKey', 'DataKey-eu-central-1']));
    expect(assembly.getStackByName('DataKey-eu-central-1').environment.region).toBe('eu-central-1');
  });
});
