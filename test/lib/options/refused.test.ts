import { readStageConfig, StageConfigError } from '#lib/stage-config.ts';

const read = (config: object) =>
  readStageConfig('prod', { prod: { production: true, region: 'eu-west-1', ...config } });
const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f9b';
const domain = { name: 'gate.example.com', certificateArn };
const webDomain = { name: 'web.example.com', certificateArn: certificateArn.replace('eu-west-1', 'us-east-1') };

const upstreamUrl = 'https://api.example.com';
const upstreamVpc = { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], securityGroupIds: ['sg-0123abcd'] };
const upstreamCa = { secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:upstream-ca-AbCdEf' };
const STREAM_RANGE = /^upstreamStreamingSeconds: must be a whole number of seconds from 30 to 840: API Gateway/;

test.each<[string, object, RegExp]>([
  ['a domain without a certificate', { domain: { name: 'gate.example.com' } }, /^domain\.certificateArn: is required$/],
  ['a domain of one label', { domain: { ...domain, name: 'gate' } }, /^domain\.name: must be a whole host name/],
  ['a domain in capitals', { domain: { ...domain, name: 'Gate.example.com' } }, /^domain\.name: must be/],
  ['an address for a domain', { domain: { ...domain, name: 'https://a.example.com' } }, /^domain\.name: must be/],
  [
    'a server certificate of IAM',
    { domain: { ...domain, certificateArn: 'arn:aws:iam::123456789012:server-certificate/x' } },
    /^domain\.certificateArn: must be the ARN of an ACM/,
  ],
  [
    'a certificate of another region',
    { domain: { ...domain, certificateArn: certificateArn.replace('eu-west-1', 'us-east-1') } },
    /^domain\.certificateArn: .*eu-west-1$/,
  ],
  [
    "a zone's name for its id",
    { domain: { ...domain, hostedZoneId: 'example.com' } },
    /^domain\.hostedZoneId: must be/,
  ],
  ['an unknown member of an option', { domain: { ...domain, path: 'x' } }, /^domain\.path: unknown member$/],
  ['a web that is not an option', { web: 'on' }, /^web: /],
  ['an unknown member of the web', { web: { name: 'web.example.com' } }, /^web\.name: unknown member$/],
  [
    "a web's domain without a certificate",
    { web: { domain: { name: 'web.example.com' } } },
    /^web\.domain\.cert.*is required$/,
  ],
  ["a web's domain of one label", { web: { domain: { ...webDomain, name: 'web' } } }, /^web\.domain\.name: must be a/],
  [
    "a web's certificate of another region than CloudFront's",
    { web: { domain: { ...webDomain, certificateArn } } },
    /^web\.domain\.certificateArn: CloudFront uses only certificates of us-east-1 only$/,
  ],
  [
    'one name for web and API',
    { domain, web: { domain: { ...webDomain, name: domain.name } } },
    /^web\.domain\.name: is already the name of the API/,
  ],
  [
    'a web before a private API',
    { web: true, private: { vpcEndpointIds: ['vpce-0123abcd'] } },
    /^web: CloudFront cannot reach a private API/,
  ],
  [
    'a web where there is no CloudFront',
    { web: {}, region: 'us-gov-west-1' },
    /^web: CloudFront is not available in us-gov/,
  ],
  ['a WAF without a rate', { waf: {} }, /^waf\.requestsPer5Minutes: is required$/],
  ["a rate below WAF's least", { waf: { requestsPer5Minutes: 9 } }, /^waf\.requestsPer5Minutes: /],
  ['a rate that is not a whole number', { waf: { requestsPer5Minutes: 10.5 } }, /^waf\.requestsPer5Minutes: /],
  ['no time for the upstream', { upstreamTimeoutSeconds: 0 }, /^upstreamTimeoutSeconds: .* from 1 to 25: API Gateway/],
  ['more time than API Gateway has', { upstreamTimeoutSeconds: 26 }, /^upstreamTimeoutSeconds: .* from 1 to 25/],
  ['a fraction of a second', { upstreamTimeoutSeconds: 1.5 }, /^upstreamTimeoutSeconds: must be a whole number/],
  ['a time as text', { upstreamTimeoutSeconds: '10' }, /^upstreamTimeoutSeconds: /],
  ['a stream shorter than a silence may be', { upstreamStreaming: true, upstreamStreamingSeconds: 29 }, STREAM_RANGE],
  ['a stream longer than API Gateway allows', { upstreamStreaming: true, upstreamStreamingSeconds: 841 }, STREAM_RANGE],
  ['streaming as text', { upstreamStreaming: 'true' }, /^upstreamStreaming: /],
  [
    'a time of streams where nothing streams',
    { upstreamStreamingSeconds: 60 },
    /^upstreamStreamingSeconds: the stage does not stream; set upstreamStreaming to true, or omit this$/,
  ],
  [
    'a reservation that would stop every call',
    { upstreamUrl: 'https://up.example.com', reservedConcurrency: { widget: 0 } },
    /^reservedConcurrency\.widget: must be 1 or more: with 0 executions, Lambda would reject every call$/,
  ],
  [
    'a reservation of half an execution',
    { reservedConcurrency: { widget: 2.5 } },
    /^reservedConcurrency\.widget: must be a whole number/,
  ],
  [
    'a reservation for an unknown function',
    { reservedConcurrency: { tokenIssuer: 5 } },
    /^reservedConcurrency\.tokenIssuer: unknown member$/,
  ],
  ['one reservation for all', { reservedConcurrency: 50 }, /^reservedConcurrency: /],
  [
    'a reservation for widget calls without an upstream',
    { reservedConcurrency: { widget: 20 } },
    /^reservedConcurrency\.widget: the stage has no upstreamUrl; set it, or omit reservedConcurrency\.widget$/,
  ],
  [
    'a reservation for analytics calls without their upstream',
    { upstreamUrl: 'https://up.example.com', reservedConcurrency: { analytics: 20 } },
    /^reservedConcurrency\.analytics: the stage has no analyticsUpstreamUrl;/,
  ],
  [
    'a reservation for data router calls without their upstream',
    { upstreamUrl: 'https://up.example.com', reservedConcurrency: { dataRouter: 20 } },
    /^reservedConcurrency\.dataRouter: the stage has no dataRouterUpstreamUrl;/,
  ],
  [
    "a rate per token below WAF's least",
    { waf: { requestsPer5Minutes: 100, requestsPer5MinutesPerToken: 9 } },
    /^waf\.requestsPer5MinutesPerToken: /,
  ],
  ['a rate per token alone', { waf: { requestsPer5MinutesPerToken: 100 } }, /^waf\.requestsPer5Minutes: is required$/],
  [
    'a private API for nobody',
    { private: { vpcEndpointIds: [] } },
    /^private\.vpcEndpointIds: must contain at least one VPC endpoint/,
  ],
  ['a VPC for its endpoint', { private: { vpcEndpointIds: ['vpc-0123abcd'] } }, /^private\.vpcEndpointIds\.0: must be/],
  [
    'a private API with a public domain',
    { domain, private: { vpcEndpointIds: ['vpce-0123abcd'] } },
    /^domain: a private API cannot have a public domain/,
  ],
  [
    "a tag of the gate's own",
    { tags: { 'widget-gate:stage': 'x' } },
    /^tags\.widget-gate:stage: .* reserved for the gate's own tags/,
  ],
  ['a tag that AWS keeps for itself', { tags: { 'aws:x': 'y' } }, /^tags\.aws:x: .*must not begin with aws:/],
  ['a tag without a name', { tags: { '': 'y' } }, /^tags\.: a tag must have a name$/],
  ['a tag that is a number', { tags: { team: 7 } }, /^tags\.team: /],
  ['a tag with a line break', { tags: { team: 'a\nb' } }, /^tags\.team: contains a character/],
  [
    '41 tags',
    { tags: Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`t${at}`, ''])) },
    /^tags: must have at most 40/,
  ],
  ['a group name with a space', { existingAdminGroup: 'Qrvey Admin' }, /^existingAdminGroup: .*without spaces/],
  ["a group's ARN for its name", { existingAdminGroup: 'arn:aws:iam::123456789012:group/x' }, /^existingAdminGroup: /],
  [
    'two names of the group',
    { existingAdminGroup: 'A', adminGroupName: 'B' },
    /^existingAdminGroup: .*omit adminGroupName/,
  ],
  [
    'a canary of a private API',
    { canaryShopId: 'shop_a', private: { vpcEndpointIds: ['vpce-0123abcd'] } },
    /^canaryShopId: the canary is not in a VPC/,
  ],
  [
    'a canary without an origin where decisions are kept',
    { canaryShopId: 'shop_a', authorizerCacheSeconds: 30 },
    /^canaryShopId: .*specify canaryOrigin$/,
  ],
  ['a cache that would break the published bound', { authorizerCacheSeconds: 51 }, /^authorizerCacheSeconds: /],
  ['a cache of less than nothing', { authorizerCacheSeconds: -1 }, /^authorizerCacheSeconds: /],
  ['a cache stated as a text', { authorizerCacheSeconds: '30' }, /^authorizerCacheSeconds: /],
  ['a copy in the own region', { replicaRegions: ['eu-west-1'] }, /^replicaRegions: eu-west-1 is the stage's own/],
  ['a region twice', { replicaRegions: ['eu-west-2', 'eu-west-2'] }, /^replicaRegions: contains a region twice/],
  [
    'a network without subnets',
    { upstreamUrl, upstreamVpc: { ...upstreamVpc, subnetIds: [] } },
    /^upstreamVpc\.subnetIds: must contain at least one subnet$/,
  ],
  [
    'a network without security groups',
    { upstreamUrl, upstreamVpc: { ...upstreamVpc, securityGroupIds: [] } },
    /^upstreamVpc\.securityGroupIds: must contain at least one security group$/,
  ],
  [
    'a network without its id',
    { upstreamUrl, upstreamVpc: { ...upstreamVpc, vpcId: undefined } },
    /^upstreamVpc\.vpcId: /,
  ],
  [
    'a subnet twice',
    { upstreamUrl, upstreamVpc: { ...upstreamVpc, subnetIds: ['subnet-0123abcd', 'subnet-0123abcd'] } },
    /^upstreamVpc\.subnetIds: names a subnet twice$/,
  ],
  [
    'a security group for a subnet',
    { upstreamUrl, upstreamVpc: { ...upstreamVpc, subnetIds: ['sg-0123abcd'] } },
    /^upstreamVpc\.subnetIds\.0: must be the id of a subnet$/,
  ],
  ['a network without an upstream', { upstreamVpc }, /^upstreamVpc: the stage has no upstream/],
  ['a private authority without an upstream', { upstreamCa }, /^upstreamCa: the stage has no upstream with an https/],
  [
    'a private authority by the name of its secret',
    { upstreamUrl, upstreamCa: { secretArn: 'upstream-ca' } },
    /^upstreamCa\.secretArn: must be the complete ARN/,
  ],
  [
    "a secret's ARN without its end, which would cover others",
    { upstreamUrl, upstreamCa: { secretArn: upstreamCa.secretArn.slice(0, -7) } },
    /^upstreamCa\.secretArn: must be the complete ARN/,
  ],
  ['a certificate in the configuration', { upstreamUrl, upstreamCa: '-----BEGIN CERTIFICATE-----' }, /^upstreamCa: /],
  [
    'a secret of another region',
    { upstreamUrl, upstreamCa: { secretArn: upstreamCa.secretArn.replace('eu-west-1', 'us-east-1') } },
    /^upstreamCa\.secretArn: must be in the region of the stage, eu-west-1$/,
  ],
  [
    'a key of another region',
    { upstreamUrl, upstreamCa: { ...upstreamCa, kmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/0a1b' } },
    /^upstreamCa\.kmsKeyArn: must be in the region/,
  ],
  [
    'an alias for a key',
    { upstreamUrl, upstreamCa: { ...upstreamCa, kmsKeyArn: 'alias/x' } },
    /^upstreamCa\.kmsKeyArn: /,
  ],
  ['no region', { replicaRegions: ['europe'] }, /^replicaRegions\.0: must be an AWS region/],
])('refuses %s, naming the stage and the member', (_name, config, message) => {
  const failure = (() => {
    try {
      return read(config);
    } catch (error) {
      return error;
    }
  })();
  expect(failure).toBeInstanceOf(StageConfigError);
  const { message: told } = failure as StageConfigError;
  expect(told).toMatch(/^stages\.prod\./);
  expect(told.replace('stages.prod.', '')).toMatch(message);
});
