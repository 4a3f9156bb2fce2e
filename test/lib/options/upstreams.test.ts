import { loadStage } from '#bin/start/stage.ts';
import { type Judge, localJudge, oracle } from '#test/support/permission-judges.ts';
import { type Properties, resourcesOf, synthesizedStacks, synthesizeStage } from '#test/support/stacks.ts';

const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:upstream-ca-AbCdEf';
const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000';
const upstreamVpc = {
  vpcId: 'vpc-0123abcd',
  subnetIds: ['subnet-0123abcd', 'subnet-0456cdef'],
  securityGroupIds: ['sg-0123abcd'],
};
const stage = {
  production: true,
  region: 'eu-west-1',
  web: false,
  upstreamUrl: 'https://api.internal.example.com',
  dataRouterUpstreamUrl: 'https://router.internal.example.com',
  upstreamVpc,
  upstreamCa: { secretArn, kmsKeyArn },
};
const FORWARDING = ['DataRouterEndpoint', 'WidgetEndpoint'];
const NETWORK_INTERFACES = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'UnassignPrivateIpAddresses',
].map((name) => `ec2:${name}`);

const { api } = synthesizeStage('prod', stage);
const nameOf = (id: string): string => id.replace(/(Function|RoleDefaultPolicy)[0-9A-F]{8}$/, '');
const functionsWith = (found: (properties: Properties) => unknown): string[] =>
  resourcesOf(api, 'AWS::Lambda::Function')
    .filter(([, properties]) => found(properties) !== undefined)
    .map(([id]) => nameOf(id))
    .sort();

test('the functions that forward are attached to the network, by its ids, and no other function is', () => {
  expect(functionsWith(({ VpcConfig }) => VpcConfig)).toEqual(FORWARDING);
  for (const [, { VpcConfig }] of resourcesOf(api, 'AWS::Lambda::Function'))
    if (VpcConfig !== undefined)
      expect(VpcConfig).toEqual({
        SubnetIds: upstreamVpc.subnetIds,
        SecurityGroupIds: upstreamVpc.securityGroupIds,
      });
});

test('a function is made after the policy by which Lambda attaches it', () => {
  for (const [id, { DependsOn }] of Object.entries(api.findResources('AWS::Lambda::Function')) as [
    string,
    Properties,
  ][])
    if (FORWARDING.includes(nameOf(id)))
      expect(DependsOn).toContainEqual(expect.stringMatching(new RegExp(`^${nameOf(id)}RoleDefaultPolicy`)));
});

test('nothing of the network is looked up: the template has no context to find', () => {
  expect(synthesizedStacks('prod', stage).app.synth().manifest.missing ?? []).toEqual([]);
});

describe.each<[string, (...args: Parameters<typeof localJudge>) => Judge]>([
  ['our evaluator', localJudge],
  ['one that others wrote', oracle],
])('by %s', (_name, judgeOf) => {
  const deployment = loadStage(synthesizedStacks('prod', stage).app.synth().directory);
  const roles = deployment.functions.map(({ logicalId, roleArn }) => ({
    name: nameOf(logicalId),
    role: deployment.roles.find(({ arn }) => arn === roleArn),
  }));
  /** The functions whose roles allow it. */
  const allowed = async (action: string, resource: string, context: Record<string, string> = {}): Promise<string[]> => {
    const names: string[] = [];
    for (const { name, role } of roles)
      if (role !== undefined && (await judgeOf(deployment, role)({ action, resource, context }))) names.push(name);
    return names.sort();
  };

  test.each(NETWORK_INTERFACES)(
    '%s is for Lambda, in the name of what forwards; never for its code',
    async (action) => {
      expect(await allowed(action, '*')).toEqual(FORWARDING);
      const { region, accountId } = deployment;
      const ownCode = { 'lambda:SourceFunctionArn': `arn:aws:lambda:${region}:${accountId}:function:WidgetEndpoint` };
      expect(await allowed(action, '*', ownCode)).toEqual([]);
    },
  );

  test('no other action of EC2 is allowed', async () => {
    for (const name of ['RunInstances', 'AttachNetworkInterface', 'AuthorizeSecurityGroupEgress', 'DescribeInstances'])
      expect([name, await allowed(`ec2:${name}`, '*')]).toEqual([name, []]);
  });

  test('one secret is read, by what forwards, and no other', async () => {
    expect(await allowed('secretsmanager:GetSecretValue', secretArn)).toEqual(FORWARDING);
    for (const other of [
      secretArn.replace('upstream-ca', 'orders'),
      secretArn.replace('AbCdEf', 'AbCdEg'),
      `${secretArn}-AbCdEf`,
    ])
      expect([other, await allowed('secretsmanager:GetSecretValue', other)]).toEqual([other, []]);
    expect(await allowed('secretsmanager:PutSecretValue', secretArn)).toEqual([]);
  });

  test('its key decrypts by way of Secrets Manager alone', async () => {
    const via = (service: string) => ({ 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` });
    expect(await allowed('kms:Decrypt', kmsKeyArn, via('secretsmanager'))).toEqual(FORWARDING);
    expect(await allowed('kms:Decrypt', kmsKeyArn, via('dynamodb'))).toEqual([]);
    expect(await allowed('kms:Encrypt', kmsKeyArn, via('secretsmanager'))).toEqual([]);
  });
});

test('an upstream without TLS needs no authority, and none is granted', () => {
  const plain = synthesizeStage('dev', {
    production: false,
    region: 'eu-west-1',
    upstreamUrl: 'http://localhost:3000',
    analyticsUpstreamUrl: 'https://api.internal.example.com',
    upstreamCa: { secretArn },
  });
  const reading = resourcesOf(plain.api, 'AWS::IAM::Policy').filter(([, policy]) =>
    JSON.stringify(policy).includes(secretArn),
  );
  expect(reading.map(([id]) => nameOf(id))).toEqual(['AnalyticsEndpoint']);
});

test('the certificate itself is in no template: only the name of its secret is', () => {
  expect(JSON.stringify(api.toJSON())).not.toMatch(/BEGIN CERTIFICATE/);
  expect(functionsWith(({ Environment }) => Environment.Variables.WIDGET_GATE_UPSTREAM_CA_SECRET)).toEqual([
    'AnalyticsEndpoint',
    ...FORWARDING,
  ]);
});
