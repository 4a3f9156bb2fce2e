import type { Template } from 'aws-cdk-lib/assertions';
import { type Properties, resourcesOf, synthesizeStage } from '../support/stacks.ts';

/** All there is of `*` for an action or a resource, each with the reason why it has to be. */
const wildcards: Record<string, string> = {
  'DataKey: kms:* on *':
    'a key’s own policy: the resource is that key, and without this statement neither a role’s policy nor an administrator could ever reach it; it gives nothing to anyone whom no policy of the account allows it',
};

/** AWS's own policies, in which we can’t see to that. */
const managedPolicies: Record<string, string> = {
  'RestApiCloudWatchRole: service-role/AmazonAPIGatewayPushToCloudWatchLogs':
    'one per account and region, which only API Gateway itself can take: access logs of any REST API are written under it',
};

const templates = ['dev', 'prod'].flatMap((stage): [string, Template][] => {
  const { api, data } = synthesizeStage(stage, { production: stage === 'prod' });
  return [
    [`${stage}, API`, api],
    [`${stage}, data`, data],
  ];
});

/** Every statement of a template, wherever it stands: in a policy, in a role, in a key, or where nobody thought of. */
function statementsOf(template: Template): [id: string, statement: Properties][] {
  const found = (value: unknown): Properties[] => {
    if (value === null || typeof value !== 'object') return [];
    const { Statement } = value as Properties;
    return [...(Array.isArray(Statement) ? Statement : []), ...Object.values(value).flatMap(found)];
  };
  return Object.entries(template.toJSON().Resources as Properties).flatMap(([id, resource]) =>
    found(resource).map((statement): [string, Properties] => [id.replace(/[0-9A-F]{8}$/, ''), statement]),
  );
}

const listOf = (value: unknown): unknown[] => (value === undefined ? [] : [value].flat());

test.each(templates)('%s: no `*` stands for an action or a resource but those listed', (name, template) => {
  const statements = statementsOf(template);
  expect(statements.length).toBeGreaterThan(0);
  const found = statements
    .filter(([, { Action, Resource }]) => JSON.stringify(Action).includes('*') || listOf(Resource).includes('*'))
    .map(([id, { Action, Resource }]) => `${id}: ${listOf(Action).join()} on ${listOf(Resource).join()}`);
  expect(found).toEqual(name.endsWith('data') ? Object.keys(wildcards) : []);
});

test.each(templates)('%s: every statement allows, and names what it is about', (_name, template) => {
  for (const [id, statement] of statementsOf(template)) {
    expect([id, statement.Effect]).toEqual([id, 'Allow']);
    expect(Object.keys(statement).filter((member) => member.startsWith('Not'))).toEqual([]);
  }
});

test.each(templates)('%s: no policy of AWS’s own is attached but those listed', (name, template) => {
  const attached = resourcesOf(template, 'AWS::IAM::Role').flatMap(([id, { ManagedPolicyArns = [] }]) =>
    ManagedPolicyArns.map((arn: unknown) => `${id.replace(/[0-9A-F]{8}$/, '')}: ${policyName(arn)}`),
  );
  expect(attached).toEqual(name.endsWith('API') ? Object.keys(managedPolicies) : []);
});

const policyName = (arn: unknown): string => /policy\/([\w/-]+)/.exec(JSON.stringify(arn))?.[1] ?? JSON.stringify(arn);

test.each(templates)(
  '%s: rights come from roles’ own policies: none is written into a role, a table or a secret',
  (_name, template) => {
    for (const [, role] of resourcesOf(template, 'AWS::IAM::Role')) expect(role).not.toHaveProperty('Policies');
    for (const type of ['IAM::ManagedPolicy', 'IAM::RolePolicy', 'SecretsManager::ResourcePolicy'])
      template.resourceCountIs(`AWS::${type}`, 0);
    for (const [, { Replicas }] of resourcesOf(template, 'AWS::DynamoDB::GlobalTable'))
      expect(Replicas[0]).not.toHaveProperty('ResourcePolicy');
  },
);

test.each(templates)('%s: each function writes to its own log group only', (_name, template) => {
  for (const [id, { PolicyDocument }] of resourcesOf(template, 'AWS::IAM::Policy')) {
    const logs = PolicyDocument.Statement.filter(({ Action }: Properties) => listOf(Action).join().startsWith('logs:'));
    const [, functionName] = /^(\w+)RoleDefaultPolicy/.exec(id) ?? [];
    expect(logs.map(({ Resource }: Properties) => Resource)).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${functionName}Logs[0-9A-F]{8}$`)), 'Arn'] },
    ]);
  }
});

test.each(templates)(
  '%s: whoever may invoke a function is one service, on behalf of one resource of ours',
  (_name, template) => {
    for (const [, { Action, Principal, SourceArn }] of resourcesOf(template, 'AWS::Lambda::Permission')) {
      expect(Action).toBe('lambda:InvokeFunction');
      expect(['apigateway.amazonaws.com', 'secretsmanager.amazonaws.com']).toContain(Principal);
      expect(JSON.stringify(SourceArn)).toMatch(/\{"Ref":"RestApi[0-9A-F]{8}"\}|PublishOutputRefRingSecret/);
    }
  },
);

test('the data key’s own policy trusts the account, whose roles’ policies decide, and nobody else', () => {
  for (const [, template] of templates)
    for (const [, { KeyPolicy }] of resourcesOf(template, 'AWS::KMS::Key'))
      for (const { Principal } of KeyPolicy.Statement)
        expect(JSON.stringify(Principal)).toMatch(
          /^\{"AWS":\{"Fn::Join":.*\{"Ref":"AWS::AccountId"\},":root"\]\]\}\}$/,
        );
});
