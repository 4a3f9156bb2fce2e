import { type Properties, resourcesOf, synthesizeStage } from '../support/stacks.ts';

/** Of what watches the gate: it may not so much as read the ring or the signing keys. */
const watcherRights: Record<string, string[]> = {
  RingAge: ['secretsmanager:DescribeSecret on Ring', 'secretsmanager:DescribeSecret on SigningKeys'],
  Canary: ['secretsmanager:GetSecretValue on CanaryKey'],
};

const { operations } = synthesizeStage('prod', { production: true, canaryShopId: 'shop_canary' });
const policies = resourcesOf(operations, 'AWS::IAM::Policy');
const statements: [string, Properties][] = policies.flatMap(([id, { PolicyDocument }]) =>
  PolicyDocument.Statement.map((statement: Properties): [string, Properties] => [id, statement]),
);

test('no statement has a wildcard for its action or its resource', () => {
  for (const [, statement] of statements) {
    expect(Object.keys(statement).filter((member) => member.startsWith('Not'))).toEqual([]);
    expect(JSON.stringify([statement.Action, statement.Resource])).not.toContain('*');
  }
});

test('rights come from these policies alone', () => {
  for (const [, role] of resourcesOf(operations, 'AWS::IAM::Role')) expect(role).not.toHaveProperty('Policies');
  for (const type of ['IAM::ManagedPolicy', 'IAM::RolePolicy', 'SecretsManager::ResourcePolicy'])
    operations.resourceCountIs(`AWS::${type}`, 0);
});

test.each(Object.entries(watcherRights))('%s may do exactly this', (name, expected) => {
  const own = statements.filter(
    ([id, { Action }]) => isRoleOf(name, id) && ![Action].flat().join().startsWith('logs:'),
  );
  expect(own.flatMap(([, statement]) => describeStatement(statement)).sort()).toEqual(expected);
});

test.each(Object.keys(watcherRights))('%s writes to its own log group only', (name) => {
  const logs = statements.filter(
    ([id, { Action }]) => isRoleOf(name, id) && [Action].flat().join().startsWith('logs:'),
  );
  expect(logs.map(([, { Resource }]) => Resource)).toEqual([
    { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${name}(Run)?(Handler)?Logs`)), 'Arn'] },
  ]);
});

test('every role belongs to one function and only Lambda can take it', () => {
  const roles = resourcesOf(operations, 'AWS::IAM::Role');
  expect(roles).toHaveLength(Object.keys(watcherRights).length);
  for (const [, { AssumeRolePolicyDocument, ManagedPolicyArns }] of roles) {
    expect(AssumeRolePolicyDocument.Statement[0].Principal.Service).toBe('lambda.amazonaws.com');
    expect(ManagedPolicyArns).toBeUndefined();
  }
});

/** A scheduled function is a level or two deeper, beside its schedule. */
const isRoleOf = (name: string, policyId: string): boolean => new RegExp(`^${name}(Run)?(Handler)?Role`).test(policyId);

function describeStatement({ Action, Resource, Condition }: Properties): string[] {
  expect(Condition).toBeUndefined();
  return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} on ${nameOf(resource)}`));
}

function nameOf(resource: Properties): string {
  const text = JSON.stringify(resource);
  const name = /(CanaryKey|SigningKeys|Shops|Keys|Sessions|Audit|Ring|DataKey|AdminGroup)/.exec(text)?.[1] ?? text;
  return name + (/\/index\/\w+/.exec(text)?.[0] ?? '');
}
