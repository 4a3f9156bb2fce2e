import { deployerActions } from '#lib/deployer/actions.ts';
import { boundaryPolicy } from '#lib/deployer/boundary.ts';
import type { DeployedStack } from '#lib/deployer/deployed-stack.ts';
import { charactersOf, deployerPolicies, MAX_POLICY_CHARACTERS, type PolicyDocument } from '#lib/deployer/policy.ts';
import { ACCOUNT, type Call, needed, refused } from './deployer-calls.ts';
import { allows, allowsByOurs, stacksOf } from './deployer-simulation.ts';
import { webNeeded, webRefused } from './deployer-web-calls.ts';

const prod = stacksOf('prod', { production: true });
const policies = deployerPolicies(prod, 'prod');

const named = (calls: readonly Call[]): [string, Call][] =>
  calls.map((call) => [`${call.action} on ${call.on} ${JSON.stringify(call.context ?? {})}`, call]);

test.each(named([...needed, ...webNeeded]))('a deployment may call %s', async (_, call) => {
  expect(await allows(policies, call)).toBe(true);
});

test.each(named([...refused, ...webRefused]))('refuses a deployer %s', async (_, call) => {
  expect(await allows(policies, call)).toBe(false);
});

// The simulator's data has no POST for these, so our own evaluator is asked; it is held against the simulator elsewhere.
test.each(['resources/abc', 'authorizers', 'deployments', 'stages'])(
  "a deployment may POST to its own API's %s and to no other's",
  (path) => {
    const mayPost = (stack: string): boolean =>
      allowsByOurs(policies, {
        action: 'apigateway:POST',
        on: `arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5/${path}`,
        context: { 'aws:ResourceTag/aws:cloudformation:stack-name': stack },
      });
    expect([mayPost('WidgetGate-prod-Api'), mayPost('Orders')]).toEqual([true, false]);
  },
);

test.each([
  ['dev', { production: false }],
  ['prod', { production: true }],
  [
    'prod',
    {
      production: true,
      tracing: true,
      alarmEmail: 'ops@example.com',
      canaryShopId: 'shop_canary',
      waf: { requestsPer5Minutes: 1_000 },
      domain: {
        name: 'gate.example.com',
        certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0f9b`,
        hostedZoneId: 'Z0123',
      },
    },
  ],
])("every resource type of %s has its actions, and each policy keeps within IAM's limit", (stage, config) => {
  const stacks = stacksOf(stage, config);
  const types = new Set(stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)));
  expect([...types].filter((type) => !deployerActions.has(type))).toEqual([]);
  for (const policy of deployerPolicies(stacks, stage)) {
    expect(charactersOf(policy)).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
    expect(policy.Statement.length).toBeGreaterThan(0);
  }
});

test('fails for a resource type whose actions nobody has listed, naming it', () => {
  const [first, ...others] = prod as [DeployedStack, ...DeployedStack[]];
  const template = { ...first.template, Resources: { ...first.template.Resources, X: { Type: 'AWS::EC2::Instance' } } };
  expect(() => deployerPolicies([{ ...first, template }, ...others], 'prod')).toThrow(/^AWS::EC2::Instance: add what/);
});

test("has no right on IAM but over this deployment's roles and its group, and names no action by a bare wildcard", () => {
  const statements = policies.flatMap(({ Statement }) => Statement);
  const ours = /^arn:aws:iam::123456789012:(role\/WidgetGate-prod-(Api-|Operatio|Web-)\*|group\/Qrvey-Admin)$/;
  for (const { Action, Resource } of statements) {
    if (Action.some((action) => action.startsWith('iam:')))
      expect(Resource.filter((resource) => !ours.test(resource))).toEqual([]);
    expect(Action.filter((action) => /:\*$|^\*$/.test(action))).toEqual([]);
  }
});

test("what one policy can't hold is split into several, each within the limit, and none of it is lost", () => {
  const many = Array.from({ length: 30 }, (_, at) => ({
    ...(prod[1] as DeployedStack),
    name: `WidgetGate-prod-Part${at}`,
  }));
  const parts = deployerPolicies([...prod, ...many], 'prod');
  expect(parts.length).toBeGreaterThan(1);
  const actions = (documents: readonly PolicyDocument[]) =>
    new Set(documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)));
  expect(actions(parts)).toEqual(actions(policies));
  for (const part of parts) expect(charactersOf(part)).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
});

describe('with a permissions boundary', () => {
  const boundary = `arn:aws:iam::${ACCOUNT}:policy/widget-gate-boundary`;
  const bounded = deployerPolicies(
    stacksOf('prod', { production: true, permissionsBoundary: 'widget-gate-boundary' }),
    'prod',
  );
  const on = `arn:aws:iam::${ACCOUNT}:role/WidgetGate-prod-Api-Role`;

  test.each(['CreateRole', 'PutRolePolicy', 'DeleteRolePolicy', 'PutRolePermissionsBoundary'])(
    'iam:%s is for roles under it alone',
    async (name) => {
      const action = `iam:${name}`;
      expect(await allows(bounded, { action, on, context: { 'iam:PermissionsBoundary': boundary } })).toBe(true);
      const other = { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AdministratorAccess' };
      expect(await allows(bounded, { action, on, context: other })).toBe(false);
      expect(await allows(bounded, { action, on })).toBe(false);
    },
  );

  test("it can't be taken off, and its text can't be changed", async () => {
    const context = { 'iam:PermissionsBoundary': boundary };
    expect(await allows(bounded, { action: 'iam:DeleteRolePermissionsBoundary', on, context })).toBe(false);
    expect(await allows(bounded, { action: 'iam:CreatePolicyVersion', on: boundary })).toBe(false);
  });
});

describe('the boundary', () => {
  const actionsOf = (config: object) =>
    boundaryPolicy(stacksOf('prod', { production: true, ...config }), 'prod').Statement.flatMap((one) => one.Action);

  test('has tracing where the stage is traced, and nowhere else', () => {
    expect(actionsOf({ tracing: true })).toContain('xray:PutTraceSegments');
    expect(actionsOf({}).filter((action) => action.startsWith('xray:'))).toEqual([]);
  });

  test("lets the roles read an administrators' group that is made elsewhere, and no other", async () => {
    const foreign = [boundaryPolicy(stacksOf('prod', { production: true, existingAdminGroup: 'Platform' }), 'prod')];
    const reads = (group: string): Promise<boolean> =>
      allows(foreign, { action: 'iam:GetGroup', on: `arn:aws:iam::${ACCOUNT}:group/${group}` });
    expect([await reads('Platform'), await reads('Qrvey-Admin')]).toEqual([true, false]);
  });

  const boundary = [boundaryPolicy(prod, 'prod')];
  const on = (service: string, what: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${what}`;
  const secret = on('secretsmanager', 'secret:RingSecret05F1793A-aBcDeFgHiJkL-AbCdEf');

  test('leaves the roles what they have, and fits into one policy', async () => {
    const calls: Call[] = [
      { action: 'dynamodb:GetItem', on: on('dynamodb', 'table/WidgetGate-prod-Data-ShopsTable-A') },
      { action: 'dynamodb:Query', on: on('dynamodb', 'table/WidgetGate-prod-Data-AuditTable-A/index/byDay') },
      { action: 'secretsmanager:GetSecretValue', on: secret },
      { action: 'secretsmanager:PutSecretValue', on: secret },
      { action: 'kms:Decrypt', on: on('kms', 'key/0a1b2c3d-0000-4000-8000-000000000000') },
      { action: 'iam:GetGroup', on: `arn:aws:iam::${ACCOUNT}:group/Qrvey-Admin` },
      { action: 'logs:PutLogEvents', on: on('logs', 'log-group:API-Gateway:log-stream:s') },
    ];
    for (const call of calls) expect([call, await allows(boundary, call)]).toEqual([call, true]);
    expect(charactersOf(boundaryPolicy(prod, 'prod'))).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
  });

  test('leaves functions the traces of a stage that has them', async () => {
    const traced = [boundaryPolicy(stacksOf('prod', { production: true, tracing: true }), 'prod')];
    for (const action of ['xray:PutTraceSegments', 'xray:PutTelemetryRecords']) {
      expect(await allows(traced, { action, on: '*' })).toBe(true);
      expect(await allows(boundary, { action, on: '*' })).toBe(false);
    }
  });

  test('leaves administrators a group that was made elsewhere, and no other', async () => {
    const policy = boundaryPolicy(stacksOf('prod', { production: true, existingAdminGroup: 'Platform' }), 'prod');
    expect(policy.Statement.filter(({ Resource }) => Resource.length === 0)).toEqual([]);
    const mayRead = (name: string) =>
      allows([policy], { action: 'iam:GetGroup', on: `arn:aws:iam::${ACCOUNT}:group/${name}` });
    expect([await mayRead('Platform'), await mayRead('Qrvey-Admin')]).toEqual([true, false]);
  });

  test('leaves functions their network and a private authority where the stage has them, and nowhere else', async () => {
    const ca = on('secretsmanager', 'secret:upstream-ca-AbCdEf');
    const upstreamVpc = { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], securityGroupIds: ['sg-0123abcd'] };
    const config = {
      production: true,
      upstreamUrl: 'https://api.example.com',
      upstreamVpc,
      upstreamCa: { secretArn: ca },
    };
    const policy = boundaryPolicy(stacksOf('prod', config), 'prod');
    const calls: Call[] = [
      { action: 'ec2:CreateNetworkInterface', on: on('ec2', 'network-interface/*') },
      { action: 'ec2:DescribeSubnets', on: '*' },
      { action: 'secretsmanager:GetSecretValue', on: ca },
    ];
    for (const call of calls) {
      expect([call, await allows([policy], call)]).toEqual([call, true]);
      expect([call, await allows(boundary, call)]).toEqual([call, false]);
    }
    expect(await allows([policy], { action: 'ec2:RunInstances', on: on('ec2', 'instance/*') })).toBe(false);
    expect(charactersOf(policy)).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
  });

  test('keeps a role that says more from using it', async () => {
    const calls: Call[] = [
      { action: 'iam:CreateUser', on: `arn:aws:iam::${ACCOUNT}:user/mallory` },
      { action: 'sts:AssumeRole', on: `arn:aws:iam::${ACCOUNT}:role/Admin` },
      { action: 'dynamodb:GetItem', on: on('dynamodb', 'table/Orders') },
      { action: 'secretsmanager:GetSecretValue', on: on('secretsmanager', 'secret:orders-AbCdEf') },
      { action: 'iam:AddUserToGroup', on: `arn:aws:iam::${ACCOUNT}:group/Qrvey-Admin` },
      { action: 'lambda:UpdateFunctionCode', on: on('lambda', 'function:orders') },
    ];
    for (const call of calls) expect([call, await allows(boundary, call)]).toEqual([call, false]);
  });

  test('fails for a service of which nobody has said on what roles may use it', () => {
    const Properties = { PolicyDocument: { Statement: [{ Action: 'rds:CreateDBInstance' }] } };
    const [first] = prod as [DeployedStack];
    const template = { Resources: { ...first.template.Resources, X: { Type: 'AWS::IAM::Policy', Properties } } };
    expect(() => boundaryPolicy([{ ...first, template }], 'prod')).toThrow(/^rds: specify in/);
  });
});
