import { type Properties, resourcesOf, synthesizeStage } from '../support/stacks.ts';

/** Each function's whole list of rights besides writing to its own log group: `action on what, by way of which service`. */
const rights: Record<string, string[]> = {
  TokenIssuer: [
    'dynamodb:BatchWriteItem on Audit of refused/*',
    'dynamodb:GetItem on Keys',
    'dynamodb:GetItem on Shops',
    'kms:Decrypt on DataKey via dynamodb',
  ],
  TokenInspector: [
    'dynamodb:BatchWriteItem on Audit of refused/*',
    'dynamodb:GetItem on Keys',
    'dynamodb:GetItem on Shops',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  WidgetAuthorizer: [
    'dynamodb:BatchWriteItem on Audit of refused/*',
    'dynamodb:GetItem on Shops',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  WidgetEndpoint: [],
  SecurityTokenIssuer: [
    'dynamodb:BatchWriteItem on Audit of refused/*',
    'dynamodb:GetItem on Keys',
    'dynamodb:PutItem on Sessions of key-use/*',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  TempTokenIssuer: [
    'dynamodb:BatchWriteItem on Audit of refused/*',
    'dynamodb:GetItem on Keys',
    'dynamodb:PutItem on Sessions of key-use/*',
    'dynamodb:PutItem on Sessions of temp/*',
    'kms:Decrypt on DataKey via dynamodb',
  ],
  SessionExchange: [
    'dynamodb:BatchWriteItem on Audit of refused/*',
    'dynamodb:GetItem on Keys',
    'dynamodb:GetItem on Sessions of revoked/*,ended/*',
    'dynamodb:GetItem on Sessions of temp/*',
    'dynamodb:PutItem on Sessions of ended/*',
    'dynamodb:PutItem on Sessions of temp-used/*',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  CorsPreflight: ['dynamodb:Query on Keys/index/serviceKeys', 'kms:Decrypt on DataKey via dynamodb'],
  AnalyticsAuthorizer: [
    'dynamodb:BatchWriteItem on Audit of refused/*',
    'dynamodb:GetItem on Keys',
    'dynamodb:GetItem on Sessions of revoked/*,ended/*',
    'dynamodb:PutItem on Sessions of key-use/*',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  AnalyticsEndpoint: [],
  DataRouterAuthorizer: [
    'dynamodb:BatchWriteItem on Audit of refused/*',
    'dynamodb:GetItem on Keys',
    'dynamodb:PutItem on Sessions of key-use/*',
    'kms:Decrypt on DataKey via dynamodb',
  ],
  DataRouterEndpoint: [],
  AdminLogin: [
    'dynamodb:BatchWriteItem on Audit of deployment',
    'dynamodb:PutItem on Sessions but */*',
    'iam:GetGroup on AdminGroup',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  AdminAuthorizer: [
    'dynamodb:GetItem on Sessions but */*',
    'dynamodb:PutItem on Sessions but */*',
    'iam:GetGroup on AdminGroup',
    'kms:Decrypt on DataKey via dynamodb',
  ],
  AdminApi: [
    'dynamodb:BatchGetItem on Sessions of key-use/*',
    'dynamodb:BatchWriteItem on Audit of *',
    'dynamodb:DeleteItem on Sessions but */*',
    'dynamodb:GetItem on Keys',
    'dynamodb:GetItem on Sessions of revoked/*',
    'dynamodb:GetItem on Shops',
    'dynamodb:PutItem on Keys',
    'dynamodb:PutItem on Sessions of revoked/*',
    'dynamodb:PutItem on Shops',
    'dynamodb:Query on Audit',
    'dynamodb:Query on Audit/index/byDay',
    'dynamodb:Query on Keys/index/serviceKeys',
    'dynamodb:Scan on Shops',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  RingRotation: [
    'dynamodb:GetItem on Shops',
    'dynamodb:PutItem on Shops',
    'dynamodb:Scan on Shops',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'kms:GenerateDataKey on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
    'secretsmanager:PutSecretValue on Ring',
    'secretsmanager:UpdateSecretVersionStage on Ring',
  ],
};

/** Of what watches the gate: it may not so much as read the ring. */
const watcherRights: Record<string, string[]> = {
  RingAge: ['secretsmanager:DescribeSecret on Ring'],
  Canary: ['secretsmanager:GetSecretValue on CanaryKey'],
};

const { api, data, operations } = synthesizeStage('prod', { production: true, canaryShopId: 'shop_canary' });
const policies = [api, operations].flatMap((stack) => resourcesOf(stack, 'AWS::IAM::Policy'));
const statements: [string, Properties][] = policies.flatMap(([id, { PolicyDocument }]) =>
  PolicyDocument.Statement.map((statement: Properties): [string, Properties] => [id, statement]),
);

test('no statement has a wildcard for its action or its resource', () => {
  for (const [, statement] of statements) {
    expect(Object.keys(statement).filter((member) => member.startsWith('Not'))).toEqual([]);
    expect(JSON.stringify([statement.Action, statement.Resource])).not.toContain('*');
  }
});

test('rights come from these policies alone: none is written into a role, a table or a secret', () => {
  for (const [, role] of resourcesOf(api, 'AWS::IAM::Role')) expect(role).not.toHaveProperty('Policies');
  for (const template of [api, data, operations]) {
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    template.resourceCountIs('AWS::IAM::RolePolicy', 0);
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  }
  for (const [, { Replicas }] of resourcesOf(data, 'AWS::DynamoDB::GlobalTable'))
    expect(Replicas[0]).not.toHaveProperty('ResourcePolicy');
});

test('the data key’s own policy trusts the account, whose roles’ policies decide, and nobody else', () => {
  const [[, { KeyPolicy }]] = resourcesOf(data, 'AWS::KMS::Key') as [[string, Properties]];
  for (const { Principal } of KeyPolicy.Statement)
    expect(JSON.stringify(Principal)).toMatch(/^\{"AWS":\{"Fn::Join":.*\{"Ref":"AWS::AccountId"\},":root"\]\]\}\}$/);
});

test.each(Object.entries({ ...rights, ...watcherRights }))('%s may do exactly this', (name, expected) => {
  const own = statements.filter(
    ([id, { Action }]) => isRoleOf(name, id) && ![Action].flat().join().startsWith('logs:'),
  );
  expect(own.flatMap(([, statement]) => describeStatement(statement)).sort()).toEqual(expected);
});

test.each(Object.keys({ ...rights, ...watcherRights }))('%s writes to its own log group only', (name) => {
  const logs = statements.filter(
    ([id, { Action }]) => isRoleOf(name, id) && [Action].flat().join().startsWith('logs:'),
  );
  expect(logs.map(([, { Resource }]) => Resource)).toEqual([
    { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${name}(Run)?(Handler)?Logs`)), 'Arn'] },
  ]);
});

test('every role belongs to one function and only Lambda can take it, but the account’s log role of API Gateway', () => {
  const roles = [api, operations].flatMap((stack) => resourcesOf(stack, 'AWS::IAM::Role'));
  expect(roles).toHaveLength(Object.keys({ ...rights, ...watcherRights }).length + 1);
  for (const [id, { AssumeRolePolicyDocument, ManagedPolicyArns }] of roles) {
    const service = AssumeRolePolicyDocument.Statement[0].Principal.Service;
    expect(service).toBe(id.includes('CloudWatchRole') ? 'apigateway.amazonaws.com' : 'lambda.amazonaws.com');
    expect(ManagedPolicyArns === undefined).toBe(!id.includes('CloudWatchRole'));
  }
});

/** A function that runs by the calendar stands a level or two deeper, beside its schedule. */
const isRoleOf = (name: string, policyId: string): boolean => new RegExp(`^${name}(Run)?(Handler)?Role`).test(policyId);

function describeStatement({ Action, Resource, Condition }: Properties): string[] {
  const service = Condition?.StringEquals?.['kms:ViaService']?.split('.')[0];
  const subjects = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  const others = Condition?.['ForAllValues:StringNotLike']?.['dynamodb:LeadingKeys'];
  const only = `${service === undefined ? '' : ` via ${service}`}${subjects === undefined ? '' : ` of ${[subjects].flat()}`}${others === undefined ? '' : ` but ${[others].flat()}`}`;
  return [Action]
    .flat()
    .flatMap((action) => [Resource].flat().map((resource) => `${action} on ${nameOf(resource)}${only}`));
}

function nameOf(resource: Properties): string {
  const text = JSON.stringify(resource);
  const name = /(CanaryKey|Shops|Keys|Sessions|Audit|Ring|DataKey|AdminGroup)/.exec(text)?.[1] ?? text;
  return name + (/\/index\/\w+/.exec(text)?.[0] ?? '');
}
