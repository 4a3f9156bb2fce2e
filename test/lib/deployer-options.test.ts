import { deployerActions } from '#lib/deployer/actions.ts';
import { charactersOf, deployerPolicies, MAX_POLICY_CHARACTERS } from '#lib/deployer/policy.ts';
import { ACCOUNT, api, at, type Call, calls, key, needed, ours, secret, stageTag, table } from './deployer-calls.ts';
import { allows, allowsByOurs, stacksOf } from './deployer-simulation.ts';
import { webNeeded } from './deployer-web-calls.ts';

const inCopy = (arn: string): string => arn.replace(':us-east-1:', ':eu-central-1:');
const domain = 'arn:aws:apigateway:us-east-1::/domainnames/gate.example.com';
const acl = at('wafv2', 'regional/webacl/RateLimitAcl34A726B1-aBcDeF/0a1b2c3d-0000-4000-8000-000000000000');
const edgeAcl = at('wafv2', 'global/webacl/RateLimitAcl34A726B1-aBcDeF/0a1b2c3d-0000-4000-8000-000000000000');
const linkedRole = (service: string, name: string): string =>
  `arn:aws:iam::${ACCOUNT}:role/aws-service-role/${service}.amazonaws.com/${name}`;
const keyCopyBy = (service: string) => ({ 'kms:ViaService': `${service}.eu-central-1.amazonaws.com` });

interface Option {
  readonly config: object;
  /** What CloudFormation calls for this option and for nothing else, written down apart from the table that grants it. */
  readonly calls: readonly Call[];
}

const options: Record<string, Option> = {
  replicaRegions: {
    config: { replicaRegions: ['eu-central-1'] },
    calls: [
      ...calls(inCopy(table), 'dynamodb', 'CreateTable CreateTableReplica DescribeTable UpdateTimeToLive TagResource'),
      ...calls(inCopy(table), 'dynamodb', 'Scan Query GetItem PutItem UpdateItem DeleteItem BatchWriteItem'),
      ...calls(inCopy(table), 'dynamodb', 'UpdateContinuousBackups DeleteTable DeleteTableReplica'),
      ...calls(key, 'kms', 'ReplicateKey', { ...stageTag, 'kms:ReplicaRegion': 'eu-central-1' }),
      ...calls('*', 'kms', 'CreateKey'),
      ...calls(inCopy(key), 'kms', 'DescribeKey GetKeyPolicy ListResourceTags'),
      ...calls(inCopy(key), 'kms', 'PutKeyPolicy ScheduleKeyDeletion UpdateKeyDescription DisableKey', stageTag),
      ...calls(inCopy(key), 'kms', 'CreateGrant DescribeKey', keyCopyBy('dynamodb')),
      ...calls(inCopy(key), 'kms', 'Encrypt GenerateDataKey', keyCopyBy('secretsmanager')),
      ...calls(secret, 'secretsmanager', 'ReplicateSecretToRegions RemoveRegionsFromReplication'),
      ...calls(
        linkedRole('replication.dynamodb', 'AWSServiceRoleForDynamoDBReplication'),
        'iam',
        'CreateServiceLinkedRole',
      ),
      ...calls(
        linkedRole('mrk.kms', 'AWSServiceRoleForKeyManagementServiceMultiRegionKeys'),
        'iam',
        'CreateServiceLinkedRole',
      ),
      ...calls(
        inCopy(at('cloudformation', 'stack/WidgetGate-prod-DataKey-eu-central-1/0a1b')),
        'cloudformation',
        'DescribeStacks',
      ),
      ...calls(inCopy(at('ssm', 'parameter/cdk-bootstrap/hnb659fds/version')), 'ssm', 'GetParameters'),
    ],
  },
  private: {
    config: { private: { vpcEndpointIds: ['vpce-0123abcd'] } },
    calls: [
      ...calls('arn:aws:apigateway:us-east-1::/restapis', 'apigateway', 'UpdateRestApiPolicy'),
      ...calls(api, 'apigateway', 'UpdateRestApiPolicy', ours),
    ],
  },
  domain: {
    config: {
      domain: {
        name: 'gate.example.com',
        certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0f9b`,
        hostedZoneId: 'Z0123456789',
      },
    },
    calls: [
      ...calls('arn:aws:apigateway:us-east-1::/domainnames', 'apigateway', 'POST'),
      ...calls(domain, 'apigateway', 'GET PATCH DELETE'),
      ...calls(`${domain}/basepathmappings/(none)`, 'apigateway', 'GET PATCH DELETE'),
      ...calls('arn:aws:route53:::hostedzone/Z0123456789', 'route53', 'ChangeResourceRecordSets GetHostedZone'),
      ...calls('arn:aws:route53:::change/C1', 'route53', 'GetChange'),
      ...calls(linkedRole('ops.apigateway', 'AWSServiceRoleForAPIGateway'), 'iam', 'CreateServiceLinkedRole'),
    ],
  },
  waf: {
    config: { waf: { requestsPer5Minutes: 1_000 } },
    calls: [
      ...calls(acl, 'wafv2', 'CreateWebACL GetWebACL UpdateWebACL DeleteWebACL AssociateWebACL TagResource'),
      ...calls(`${api}/stages/prod`, 'wafv2', 'AssociateWebACL DisassociateWebACL GetWebACLForResource'),
      ...calls(edgeAcl, 'wafv2', 'CreateWebACL GetWebACL UpdateWebACL DeleteWebACL'),
    ],
  },
  'web.domain': {
    config: {
      web: {
        domain: {
          name: 'web.example.com',
          certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0f9b`,
          hostedZoneId: 'Z9876543210',
        },
      },
    },
    calls: [
      ...calls('arn:aws:route53:::hostedzone/Z9876543210', 'route53', 'ChangeResourceRecordSets GetHostedZone'),
      ...calls('arn:aws:route53:::change/C1', 'route53', 'GetChange'),
    ],
  },
  upstreamVpc: {
    config: {
      upstreamUrl: 'https://api.example.com',
      upstreamVpc: { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], securityGroupIds: ['sg-0123abcd'] },
    },
    calls: calls('*', 'ec2', 'DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs'),
  },
  // CloudFormation only writes its name into a function and a policy.
  upstreamCa: {
    config: {
      upstreamUrl: 'https://api.example.com',
      upstreamCa: { secretArn: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:upstream-ca-AbCdEf` },
    },
    calls: [],
  },
};

const policiesOf = (config: object) =>
  deployerPolicies(stacksOf('prod', { production: true, region: 'us-east-1', ...config }), 'prod');
const none = policiesOf({});
const on = new Map(Object.entries(options).map(([name, { config }]) => [name, policiesOf(config)]));
const names = Object.keys(options);
const policiesWith = (name: string) => on.get(name) ?? [];
const callsOf = (name: string): readonly Call[] => options[name]?.calls ?? [];

/** The calls that are not as expected. */
async function unexpected(policies: typeof none, all: readonly Call[], expected: boolean): Promise<Call[]> {
  const allowed = await Promise.all(all.map((call) => allows(policies, call)));
  return all.filter((_, at) => allowed[at] !== expected);
}

describe.each(names)('a stage with %s', (name) => {
  test('lets its deployer do what CloudFormation needs for it, beside what every stage needs', async () => {
    expect(await unexpected(policiesWith(name), [...needed, ...callsOf(name)], true)).toEqual([]);
  });

  test('gives its deployer nothing for another option', async () => {
    const own = new Set(callsOf(name).map((call) => JSON.stringify(call)));
    const others = names.flatMap(callsOf).filter((call) => !own.has(JSON.stringify(call)));
    expect(await unexpected(policiesWith(name), others, false)).toEqual([]);
  });

  test("keeps each policy within IAM's limit", () => {
    for (const policy of policiesWith(name)) expect(charactersOf(policy)).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
  });
});

test('refuses a deployer everything for options that are off', async () => {
  expect(await unexpected(none, names.flatMap(callsOf), false)).toEqual([]);
});

// The simulator's data has no resource for this one.
test('a stage with waf, and no other, lets its deployer put the web ACL on the API', () => {
  const allowed = (policies: typeof none) =>
    allowsByOurs(policies, { action: 'apigateway:SetWebACL', on: `${api}/stages/prod` });
  expect(names.filter((name) => allowed(policiesWith(name)))).toEqual(['waf']);
  expect(allowed(none)).toBe(false);
});

test('a stage with waf lets its deployer change its two web ACLs, and names nothing else of WAF', () => {
  const names = JSON.stringify(policiesWith('waf')).match(/[a-z]+\/webacl\/[A-Za-z]+(?=[0-9A-F]{8}-\*)/g);
  expect(new Set(names)).toEqual(new Set(['regional/webacl/RateLimitAcl', 'global/webacl/RateLimitAcl']));
});

test('refuses a deployer of copies what is beside them', async () => {
  const beside = [
    ...calls(table, 'dynamodb', 'GetItem Scan PutItem CreateTableReplica DeleteTableReplica'),
    ...calls(inCopy(at('dynamodb', 'table/Orders')), 'dynamodb', 'GetItem Scan CreateTableReplica DeleteTable'),
    ...calls(table.replace('us-east-1', 'us-west-2'), 'dynamodb', 'CreateTable CreateTableReplica'),
    ...calls(key, 'kms', 'ReplicateKey', { ...stageTag, 'kms:ReplicaRegion': 'us-west-2' }),
    ...calls(key, 'kms', 'ReplicateKey', { 'kms:ReplicaRegion': 'eu-central-1' }),
    ...calls(inCopy(key), 'kms', 'PutKeyPolicy ScheduleKeyDeletion Decrypt'),
    ...calls(at('secretsmanager', 'secret:orders-AbCdEf'), 'secretsmanager', 'ReplicateSecretToRegions'),
    ...calls(linkedRole('rds', 'AWSServiceRoleForRDS'), 'iam', 'CreateServiceLinkedRole'),
  ];
  expect(await unexpected(policiesWith('replicaRegions'), beside, false)).toEqual([]);
});

test.each([
  ['as many copies as a stage may have', ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1', 'eu-central-1']],
  ['none', []],
])("every type of a stage with %s has its actions, and each policy keeps within IAM's limit", (_name, regions) => {
  const { private: _, ...together } = Object.assign({}, ...Object.values(options).map(({ config }) => config));
  const stacks = stacksOf('prod', { production: true, region: 'us-east-1', ...together, replicaRegions: regions });
  const types = stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type));
  expect(types.filter((type) => !deployerActions.has(type))).toEqual([]);
  for (const policy of deployerPolicies(stacks, 'prod'))
    expect(charactersOf(policy)).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
});

test('refuses a deployer everything of the web where the stage has none', async () => {
  expect(await unexpected(policiesOf({ web: false }), webNeeded, false)).toEqual([]);
});

test("a web ACL before CloudFront is in CloudFront's region, wherever the stage is", async () => {
  const policies = deployerPolicies(
    stacksOf('prod', { production: true, region: 'eu-central-1', waf: { requestsPer5Minutes: 100 } }),
    'prod',
  );
  const everywhere = [
    ...calls(edgeAcl, 'wafv2', 'CreateWebACL GetWebACL'),
    ...calls(inCopy(acl), 'wafv2', 'CreateWebACL'),
  ];
  expect(await unexpected(policies, everywhere, true)).toEqual([]);
  expect(await unexpected(policies, calls(acl, 'wafv2', 'CreateWebACL'), false)).toEqual([]);
});
