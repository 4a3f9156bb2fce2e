import { type Properties, resourcesOf, synthesizeStage } from '../support/stacks.ts';

/** Each function's whole list of rights besides writing to its own log group: `action on what, by way of which service`. */
const rights: Record<string, string[]> = {
  TokenIssuer: ['dynamodb:GetItem on Keys', 'dynamodb:GetItem on Shops', 'kms:Decrypt on DataKey via dynamodb'],
  TokenInspector: [
    'dynamodb:GetItem on Keys',
    'dynamodb:GetItem on Shops',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  WidgetAuthorizer: [
    'dynamodb:GetItem on Shops',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
  WidgetEndpoint: [],
  ShopAdmin: [
    'dynamodb:GetItem on Shops',
    'dynamodb:PutItem on Keys',
    'dynamodb:PutItem on Shops',
    'kms:Decrypt on DataKey via dynamodb',
    'kms:Decrypt on DataKey via secretsmanager',
    'secretsmanager:GetSecretValue on Ring',
  ],
};

const { api } = synthesizeStage('prod', { production: true });
const policies = resourcesOf(api, 'AWS::IAM::Policy');
const statements: [string, Properties][] = policies.flatMap(([id, { PolicyDocument }]) =>
  PolicyDocument.Statement.map((statement: Properties): [string, Properties] => [id, statement]),
);

test('no statement has a wildcard for its action or its resource', () => {
  for (const [, { Action, Resource }] of statements) {
    expect(JSON.stringify(Action)).not.toContain('*');
    expect([Resource].flat()).not.toContain('*');
  }
});

test.each(Object.entries(rights))('%s may do exactly this', (name, expected) => {
  const own = statements.filter(
    ([id, { Action }]) => id.startsWith(`${name}Role`) && ![Action].flat().join().startsWith('logs:'),
  );
  expect(own.flatMap(([, statement]) => describeStatement(statement)).sort()).toEqual(expected);
});

test.each(Object.keys(rights))('%s writes to its own log group only', (name) => {
  const logs = statements.filter(
    ([id, { Action }]) => id.startsWith(`${name}Role`) && [Action].flat().join().startsWith('logs:'),
  );
  expect(logs.map(([, { Resource }]) => Resource)).toEqual([
    { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${name}Logs`)), 'Arn'] },
  ]);
});

test('every role belongs to one function and only Lambda can take it, but the account’s log role of API Gateway', () => {
  const roles = resourcesOf(api, 'AWS::IAM::Role');
  expect(roles).toHaveLength(Object.keys(rights).length + 1);
  for (const [id, { AssumeRolePolicyDocument, ManagedPolicyArns }] of roles) {
    const service = AssumeRolePolicyDocument.Statement[0].Principal.Service;
    expect(service).toBe(id.includes('CloudWatchRole') ? 'apigateway.amazonaws.com' : 'lambda.amazonaws.com');
    expect(ManagedPolicyArns === undefined).toBe(!id.includes('CloudWatchRole'));
  }
});

function describeStatement({ Action, Resource, Condition }: Properties): string[] {
  const via = Condition?.StringEquals?.['kms:ViaService']?.split('.')[0];
  return [Action]
    .flat()
    .flatMap((action) =>
      [Resource].flat().map((resource) => `${action} on ${nameOf(resource)}${via === undefined ? '' : ` via ${via}`}`),
    );
}

const nameOf = (resource: Properties): string =>
  /(Shops|Keys|Sessions|Audit|Ring|DataKey)/.exec(JSON.stringify(resource))?.[1] ?? JSON.stringify(resource);
