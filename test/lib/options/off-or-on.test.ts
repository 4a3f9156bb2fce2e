import { type Properties, type SynthesizedStage, synthesizeStage } from '#test/support/stacks.ts';

const base = { production: false, region: 'eu-west-1' };
const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f9b';
const upstreamUrl = 'https://api.example.com';
const upstreamVpc = { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], securityGroupIds: ['sg-0123abcd'] };
const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:upstream-ca-AbCdEf';
const plain = synthesizeStage('dev', base);
const redeployed = ['AWS::ApiGateway::Deployment', 'AWS::ApiGateway::Stage'];

const textOf = ({ data, api, web }: SynthesizedStage): string =>
  JSON.stringify([data.toJSON(), api.toJSON(), web.toJSON()]);

test('an option that is off leaves no trace in the templates', () => {
  const off = {
    tags: {},
    authorizerCacheSeconds: 0,
    replicaRegions: [],
    web: true,
    upstreamTimeoutSeconds: 10,
    upstreamStreaming: false,
  };
  expect(textOf(synthesizeStage('dev', { ...base, ...off }))).toBe(textOf(plain));
});

/** The types of the resources that are not, or not the same, in both. */
function typesThatDiffer(one: Properties, other: Properties): string[] {
  const ids = new Set([...Object.keys(one.Resources), ...Object.keys(other.Resources)]);
  const different = [...ids].filter((id) => JSON.stringify(one.Resources[id]) !== JSON.stringify(other.Resources[id]));
  return [...new Set(different.map((id) => (one.Resources[id] ?? other.Resources[id]).Type as string))].sort();
}

const differences = (options: object): { data: string[]; api: string[]; web: string[] } => {
  const { data, api, web } = synthesizeStage('dev', { ...base, ...options });
  return {
    data: typesThatDiffer(plain.data.toJSON(), data.toJSON()),
    api: typesThatDiffer(plain.api.toJSON(), api.toJSON()),
    web: typesThatDiffer(plain.web.toJSON(), web.toJSON()),
  };
};

/** What is created if there is none. */
const wholeWeb = [...new Set(Object.values<Properties>(plain.web.toJSON().Resources).map(({ Type }) => Type))].sort();
const DISTRIBUTION = ['AWS::CloudFront::Distribution'];

test.each<[string, object, string[], string[], string[]?]>([
  ['web: false', { web: false }, [], [], wholeWeb],
  [
    'web.domain',
    { web: { domain: { name: 'web.example.com', certificateArn: certificateArn.replace('eu-west-1', 'us-east-1') } } },
    [],
    [],
    DISTRIBUTION,
  ],
  [
    'domain',
    { domain: { name: 'gate.example.com', certificateArn } },
    [],
    [
      'AWS::ApiGateway::BasePathMapping',
      'AWS::ApiGateway::Deployment',
      'AWS::ApiGateway::DomainName',
      'AWS::ApiGateway::RestApi',
      'AWS::ApiGateway::Stage',
    ],
    DISTRIBUTION,
  ],
  [
    'waf',
    { waf: { requestsPer5Minutes: 1_000 } },
    [],
    ['AWS::WAFv2::WebACL', 'AWS::WAFv2::WebACLAssociation'],
    DISTRIBUTION,
  ],
  [
    'private',
    { private: { vpcEndpointIds: ['vpce-0123abcd'] } },
    [],
    ['AWS::ApiGateway::Deployment', 'AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Stage'],
    wholeWeb,
  ],
  ['authorizerCacheSeconds', { authorizerCacheSeconds: 50 }, [], ['AWS::ApiGateway::Authorizer', ...redeployed]],
  ['upstreamTimeoutSeconds', { upstreamTimeoutSeconds: 20 }, [], ['AWS::Lambda::Function']],
  [
    'upstreamStreaming',
    { upstreamStreaming: true },
    [],
    ['AWS::ApiGateway::Deployment', 'AWS::ApiGateway::Method', 'AWS::ApiGateway::Stage', 'AWS::Lambda::Function'],
  ],
  [
    'existingAdminGroup',
    { existingAdminGroup: 'Platform' },
    ['AWS::IAM::Group'],
    ['AWS::IAM::Policy', 'AWS::Lambda::Function'],
  ],
  [
    'replicaRegions',
    { replicaRegions: ['eu-central-1'] },
    ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'],
    ['AWS::IAM::Policy'],
  ],
  ['upstreamVpc', { upstreamUrl, upstreamVpc }, [], ['AWS::IAM::Policy', 'AWS::Lambda::Function']],
  ['upstreamCa', { upstreamUrl, upstreamCa: { secretArn } }, [], ['AWS::IAM::Policy', 'AWS::Lambda::Function']],
])('%s changes what it is about and nothing else', (_name, options, data, api, web = []) => {
  expect(differences(options)).toEqual({ data, api, web });
});
