import { Template } from 'aws-cdk-lib/assertions';
import {
  type Properties,
  resourcesOf,
  type SynthesizedStage,
  synthesizedStacks,
  synthesizeStage,
} from '../support/stacks.ts';

const KEY_POLICY =
  "a key's own policy: the resource is that key, and without this statement neither a role's policy nor an administrator could ever reach it; it gives nothing to anyone whom no policy of the account allows it";

/** All there is of `*` for an action or a resource, by what is deployed, each with the reason why it has to be. */
const wildcards: Record<string, Record<string, string>> = {
  Data: { 'DataKey: kms:* on *': KEY_POLICY },
  Api: {},
  Operations: {
    'AlarmTopicKey: kms:* on *': KEY_POLICY,
    'AlarmTopicKey: kms:Decrypt,kms:GenerateDataKey* on *':
      "a key's own policy: the resource is that key; CloudWatch alone has it, which says GenerateDataKey* itself in what it documents for encrypted topics",
  },
  Web: {
    'FilesBucketPolicy: s3:* on FilesBucket,FilesBucket/*': 'a denial: whatever it is, without TLS nobody does it',
    'FilesBucketPolicy: s3:GetObject on FilesBucket/*':
      'CloudFront, on behalf of our distribution, reads files by their names',
    'UploadRoleDefaultPolicy: s3:PutObject on FilesBucket/*': 'the upload writes files, whatever a release calls them',
  },
};

/** What one more option of a stage adds. */
const TRACES = 'xray:PutTelemetryRecords,xray:PutTraceSegments on *';
const tracing = { [TRACES]: 'X-Ray has no resources by which traces could be restricted' };

/** AWS's own policies, in which we can't see to that. */
const managedPolicies: Record<string, string> = {
  'RestApiCloudWatchRole: service-role/AmazonAPIGatewayPushToCloudWatchLogs':
    'one per account and region, which only API Gateway itself can take: access logs of any REST API are written under it',
};

type Part = [name: string, template: Template, part: string];

const WATCHED = { canaryShopId: 'shop_canary', alarmEmail: 'alarms@example.com' };
const partsOf = (name: string, { data, api, operations, web }: SynthesizedStage): Part[] => [
  [`${name}, data`, data, 'Data'],
  [`${name}, API`, api, 'Api'],
  [`${name}, operations`, operations, 'Operations'],
  [`${name}, web`, web, 'Web'],
];
const templates = [
  ...partsOf('dev', synthesizeStage('dev', { production: false })),
  ...partsOf('prod', synthesizeStage('prod', { production: true, ...WATCHED })),
];

/** Every statement of a template, wherever it is: in a policy, in a role, in a key, or where nobody thought of. */
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

/** Every use of `*` as an action or a resource, by resource. */
const wildcardsOf = (template: Template): string[] =>
  statementsOf(template)
    .map(([id, { Action, Resource }]) => [id, listOf(Action).join(), listOf(Resource).map(nameOf)] as const)
    .filter(([, actions, resources]) => actions.includes('*') || resources.some((name) => name.endsWith('*')))
    .map(([id, actions, resources]) => `${id}: ${actions} on ${resources.join()}`);

/** `*`, `FilesBucket/*`; what has no end of its own as it is there. */
function nameOf(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { 'Fn::GetAtt': attribute, 'Fn::Join': joined } = resource as Properties;
  if (joined !== undefined) return joined[1].map(nameOf).join('');
  return attribute?.[1] === 'Arn' ? attribute[0].replace(/[0-9A-F]{8}$/, '') : JSON.stringify(resource);
}

test.each(templates)('%s: no `*` covers an action or a resource but those listed', (_name, template, part) => {
  expect(statementsOf(template).length).toBeGreaterThan(0);
  expect(wildcardsOf(template)).toEqual(Object.keys(wildcards[part] ?? {}));
});

test("tracing adds one `*` to each function's role and none elsewhere", () => {
  for (const [, template, part] of partsOf(
    '',
    synthesizeStage('prod', { production: true, ...WATCHED, tracing: true }),
  )) {
    const added = wildcardsOf(template).filter((found) => !Object.hasOwn(wildcards[part] ?? {}, found));
    expect(added.filter((found) => !Object.hasOwn(tracing, found.replace(/^\w+RoleDefaultPolicy: /, '')))).toEqual([]);
    // The upload's function is CDK's, which doesn't trace it.
    expect(added).toHaveLength(part === 'Web' ? 0 : resourcesOf(template, 'AWS::Lambda::Function').length);
  }
});

test('a network for upstreams adds one `*` that allows and one that denies to what forwards, and none elsewhere', () => {
  const upstreamVpc = { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], securityGroupIds: ['sg-0123abcd'] };
  const options = { upstreamUrl: 'https://api.example.com', upstreamVpc };
  for (const [, template, part] of partsOf('', synthesizeStage('prod', { production: true, ...WATCHED, ...options }))) {
    const added = wildcardsOf(template).filter((found) => !Object.hasOwn(wildcards[part] ?? {}, found));
    const interfaces = expect.stringMatching(/^WidgetEndpointRoleDefaultPolicy: (ec2:\w+,){5}ec2:\w+ on \*$/);
    expect(added).toEqual(part === 'Api' ? [interfaces, interfaces] : []);
  }
});

test('a copy of the data key in another region has the policy of the key, and no other `*`', () => {
  const { stacks } = synthesizedStacks('prod', { production: true, replicaRegions: ['eu-central-1'] }).app.synth();
  const copies = stacks.filter(({ stackName }) => stackName.startsWith('WidgetGate-prod-DataKey'));
  expect(copies).toHaveLength(2);
  for (const { template } of copies)
    expect(wildcardsOf(Template.fromJSON(template))).toEqual([
      expect.stringMatching(/^DataKey(17AFBB84)?: kms:\* on \*$/),
    ]);
});

test.each(templates)(
  '%s: every statement allows, or denies what is not encrypted, and names what it is about',
  (_name, template) => {
    for (const [id, statement] of statementsOf(template)) {
      const denial = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
      expect([id, statement]).toEqual([
        id,
        expect.objectContaining(
          ['AlarmTopicPolicy', 'FilesBucketPolicy'].includes(id) && statement.Effect === 'Deny'
            ? denial
            : { Effect: 'Allow' },
        ),
      ]);
      expect(Object.keys(statement).filter((member) => member.startsWith('Not'))).toEqual([]);
    }
  },
);

test.each(templates)("%s: no policy of AWS's own is attached but those listed", (_name, template, part) => {
  const attached = resourcesOf(template, 'AWS::IAM::Role').flatMap(([id, { ManagedPolicyArns = [] }]) =>
    ManagedPolicyArns.map((arn: unknown) => `${id.replace(/[0-9A-F]{8}$/, '')}: ${policyName(arn)}`),
  );
  expect(attached).toEqual(part === 'Api' ? Object.keys(managedPolicies) : []);
});

const policyName = (arn: unknown): string => /policy\/([\w/-]+)/.exec(JSON.stringify(arn))?.[1] ?? JSON.stringify(arn);

test.each(templates)(
  "%s: rights come from roles' own policies: none is written into a role, a table or a secret",
  (_name, template) => {
    for (const [, role] of resourcesOf(template, 'AWS::IAM::Role')) expect(role).not.toHaveProperty('Policies');
    for (const type of ['IAM::ManagedPolicy', 'IAM::RolePolicy', 'SecretsManager::ResourcePolicy'])
      template.resourceCountIs(`AWS::${type}`, 0);
    for (const [, { Replicas }] of resourcesOf(template, 'AWS::DynamoDB::GlobalTable'))
      expect(Replicas[0]).not.toHaveProperty('ResourcePolicy');
  },
);

test.each(templates)('%s: each function writes to its own log group only', (_name, template, part) => {
  const policies = resourcesOf(template, 'AWS::IAM::Policy');
  // Where there are functions, there are policies to look at.
  expect(policies.length > 0).toBe(part !== 'Data');
  for (const [id, { PolicyDocument }] of policies) {
    const logs = PolicyDocument.Statement.filter(({ Action }: Properties) => listOf(Action).join().startsWith('logs:'));
    const [, functionName] = /^(\w+)RoleDefaultPolicy/.exec(id) ?? [];
    expect(logs.map(({ Resource }: Properties) => Resource)).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${functionName}Logs[0-9A-F]{8}$`)), 'Arn'] },
    ]);
  }
});

/** On behalf of which resource of ours a service may invoke a function. */
const callers: Record<string, RegExp> = {
  'apigateway.amazonaws.com': /\{"Ref":"RestApi[0-9A-F]{8}"\}/,
  'secretsmanager.amazonaws.com': /PublishOutputRef(Ring|SigningKeys)Secret/,
  'events.amazonaws.com': /\{"Fn::GetAtt":\["(RingAge|CanaryRun)Schedule[0-9A-F]{8}","Arn"\]\}/,
};

test.each(templates)(
  '%s: only one service may invoke a function, on behalf of one resource of ours',
  (_name, template, part) => {
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission');
    expect(permissions.length > 0).toBe(['Api', 'Operations'].includes(part));
    for (const [, { Action, Principal, SourceArn }] of permissions) {
      expect(Action).toBe('lambda:InvokeFunction');
      expect(Object.keys(callers)).toContain(Principal);
      expect(JSON.stringify(SourceArn)).toMatch(callers[Principal] as RegExp);
    }
  },
);

test("the data key's own policy trusts the account, whose roles' policies decide, and nobody else", () => {
  const trusted = templates
    .filter(([, , part]) => part === 'Data')
    .flatMap(([, template]) => resourcesOf(template, 'AWS::KMS::Key'))
    .flatMap(([, { KeyPolicy }]) => KeyPolicy.Statement.map(({ Principal }: Properties) => JSON.stringify(Principal)));
  const account = /^\{"AWS":\{"Fn::Join":.*\{"Ref":"AWS::AccountId"\},":root"\]\]\}\}$/;
  expect(trusted).toEqual([expect.stringMatching(account), expect.stringMatching(account)]);
});
