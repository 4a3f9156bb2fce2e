import { STAGE_TAG } from '#lib/deployer/scopes.ts';
import { type Properties, synthesizeStage } from '#test/support/stacks.ts';

const tags = { team: 'widgets', 'cost-centre': '42' };
const asList = [
  { Key: 'cost-centre', Value: '42' },
  { Key: 'team', Value: 'widgets' },
];
const everyOption = {
  production: false,
  region: 'eu-west-1',
  waf: { requestsPer5Minutes: 1_000 },
  domain: { name: 'gate.example.com', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f9b' },
};
/** CloudFormation offers no tags on these. */
const WITHOUT_TAGS = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::BasePathMapping',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::CDK::Metadata',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::IAM::Group',
  'AWS::IAM::Policy',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::SecretsManager::RotationSchedule',
  'AWS::WAFv2::WebACLAssociation',
  'Custom::CDKBucketDeployment',
];

/** CDK notes in tags of a bucket which of its uploads own it, and keys have a tag by which the deployer's policy names them. */
const isOurs = ({ Key }: Properties): boolean => !Key.startsWith('aws-cdk:') && Key !== STAGE_TAG;

const stage = synthesizeStage('dev', { ...everyOption, tags });
const resources = [stage.data, stage.api, stage.web].flatMap((template) =>
  Object.values<Properties>(template.toJSON().Resources),
);

test('every resource that can have tags has them, every copy of a table too', () => {
  for (const { Type, Properties: own = {} } of resources.filter((resource) => !WITHOUT_TAGS.includes(resource.Type))) {
    const holders = Type === 'AWS::DynamoDB::GlobalTable' ? own.Replicas : [own];
    for (const { Tags } of holders) expect([Type, Tags?.filter(isOurs)]).toEqual([Type, asList]);
  }
});

/** A change of the API, even of its tags, is a new deployment. */
const undeployed = (template: unknown): unknown =>
  JSON.parse(JSON.stringify(template).replaceAll(/(RestApiDeployment[0-9A-F]{8})[0-9a-f]{32}/g, '$1'));

test('tags change nothing but tags', () => {
  const plain = synthesizeStage('dev', everyOption);
  for (const part of ['data', 'api', 'web'] as const) {
    const [tagged, untagged] = [stage[part], plain[part]].map((template) =>
      JSON.parse(JSON.stringify(template.toJSON(), (key, value) => (key === 'Tags' ? undefined : value))),
    );
    expect(undeployed(tagged)).toEqual(undeployed(untagged));
  }
});
