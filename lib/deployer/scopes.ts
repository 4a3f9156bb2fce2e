import { calledOn, type DeployedStack, idsOfType, valuesOf } from './deployed-stack.ts';

/** What a statement of a policy is about. */
export interface Scope {
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** CloudFormation names what has no name of its own `<stack>-<logical id>-<random>`, and cuts the stack's where 64 characters don't do. */
const LONGEST_STACK_NAME = 24;

/** Whom a role may be handed to. */
const PASSED_TO = ['apigateway.amazonaws.com', 'lambda.amazonaws.com'];

/**
 * The stage tag of every KMS key, by which ours are told from others: keys have no names. KMS evaluates `kms:TagResource` at a key's creation
 * without a key, so whoever may make a tagged one may also put this tag on a key whose own policy leaves that to IAM.
 */
export const STAGE_TAG = 'widget-gate:stage';

export type ScopeName = keyof ReturnType<typeof scopesOf>;

/** The scopes of one deployment, by what they cover. */
export function scopesOf(stacks: readonly DeployedStack[], stage: string) {
  const [{ partition, region, account }] = stacks as [DeployedStack];
  const arn = (service: string, what: string) => `arn:${partition}:${service}:${region}:${account}:${what}`;
  const global = (service: string, what: string) => `arn:${partition}:${service}::${account}:${what}`;
  const inApis = (path: string) => `arn:${partition}:apigateway:${region}::/${path}`;
  /** What the stacks that have resources of a service name. */
  const prefixed = (type: RegExp, make: (name: string) => string): Scope => ({
    Resource: stacks
      .filter((stack) => idsOfType(stack, type).length > 0)
      .map(({ name }) =>
        make(name.length > LONGEST_STACK_NAME ? `${name.slice(0, LONGEST_STACK_NAME)}*` : `${name}-*`),
      ),
  });
  const values = (type: string, property: string) => unique(stacks.flatMap((stack) => valuesOf(stack, type, property)));
  const when = (scope: Scope, Condition: Scope['Condition']): Scope =>
    Condition === undefined ? scope : { ...scope, Condition };

  const roles = prefixed(/^AWS::IAM::(Role|Policy)$/, (name) => global('iam', `role/${name}`));
  const boundaries = values('AWS::IAM::Role', 'PermissionsBoundary');
  const bounded = boundaries.length === 0 ? undefined : { 'iam:PermissionsBoundary': boundaries };
  const attached = values('AWS::IAM::Role', 'ManagedPolicyArns');
  const keys: Scope = { Resource: [arn('kms', 'key/*')] };
  const keysBy = (service: string) =>
    when(keys, { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } });
  const groups = values('AWS::IAM::Group', 'GroupName').map((name) => global('iam', `group/${name}`));
  const secretIds = stacks.flatMap((stack) => idsOfType(stack, /^AWS::SecretsManager::Secret$/));
  return {
    everything: { Resource: ['*'] },
    roles,
    boundedRoles: when(roles, bounded && { StringLike: bounded }),
    boundaries: bounded === undefined ? { Resource: [] } : when(roles, { StringLike: bounded }),
    attachments:
      attached.length === 0
        ? { Resource: [] }
        : when(roles, { ArnEquals: { 'iam:PolicyARN': attached }, ...(bounded && { StringLike: bounded }) }),
    passedRoles: when(roles, { StringEquals: { 'iam:PassedToService': PASSED_TO } }),
    group: { Resource: groups },
    // One that was made elsewhere stands in the rights to read it alone.
    adminGroup: {
      Resource: groups.length > 0 ? groups : unique(stacks.flatMap((stack) => calledOn(stack, 'iam:GetGroup'))),
    },
    functions: prefixed(/^AWS::Lambda::/, (name) => arn('lambda', `function:${name}`)),
    tables: prefixed(/^AWS::DynamoDB::/, (name) => arn('dynamodb', `table/${name}`)),
    logGroups: prefixed(/^AWS::Logs::/, (name) => arn('logs', `log-group:${name}`)),
    // Named by logical id alone.
    secrets: { Resource: secretIds.map((id) => arn('secretsmanager', `secret:${id}-*`)) },
    keys,
    newKeys: when({ Resource: ['*'] }, { StringEquals: { [`aws:RequestTag/${STAGE_TAG}`]: stage } }),
    ownKeys: when(keys, { StringEquals: { [`aws:ResourceTag/${STAGE_TAG}`]: stage } }),
    keysByDynamo: keysBy('dynamodb'),
    keysBySecrets: keysBy('secretsmanager'),
    newApis: { Resource: [inApis('restapis')] },
    apiReading: { Resource: [inApis('restapis'), inApis('restapis/*')] },
    // CloudFormation tags an API with its stack's name, nobody else can, and what is below the API inherits it.
    apiWriting: when(
      { Resource: [inApis('restapis/*')] },
      { StringEquals: { 'aws:ResourceTag/aws:cloudformation:stack-name': stacks.map(({ name }) => name) } },
    ),
    apiTags: { Resource: [inApis('tags/*')] },
    apiStages: { Resource: [inApis('restapis/*/stages/*')] },
    newDomains: { Resource: [inApis('domainnames')] },
    domains: {
      Resource: values('AWS::ApiGateway::DomainName', 'DomainName').flatMap((name) => [
        inApis(`domainnames/${name}`),
        inApis(`domainnames/${name}/*`),
      ]),
    },
    zones: {
      Resource: values('AWS::Route53::RecordSet', 'HostedZoneId').map(
        (id) => `arn:${partition}:route53:::hostedzone/${id}`,
      ),
    },
    zoneChanges: { Resource: [`arn:${partition}:route53:::change/*`] },
    webAcls: {
      Resource: stacks
        .flatMap((stack) => idsOfType(stack, /^AWS::WAFv2::WebACL$/))
        .map((id) => arn('wafv2', `regional/webacl/${id}-*`)),
    },
    rules: prefixed(/^AWS::Events::/, (name) => arn('events', `rule/${name}`)),
    apiAccount: { Resource: [inApis('account')] },
    alarms: prefixed(/^AWS::CloudWatch::/, (name) => arn('cloudwatch', `alarm:${name}`)),
    // CloudFormation begins the name of a dashboard with its logical id, and doesn't promise to.
    dashboards: {
      Resource: [
        ...prefixed(/^AWS::CloudWatch::Dashboard$/, (name) => name).Resource,
        ...stacks.flatMap((stack) => idsOfType(stack, /^AWS::CloudWatch::Dashboard$/)).map((id) => `${id}-*`),
      ].map((name) => global('cloudwatch', `dashboard/${name}`)),
    },
    topics: prefixed(/^AWS::SNS::/, (name) => arn('sns', name)),
    assets: {
      Resource: values('AWS::Lambda::Function', 'Code.S3Bucket').map((bucket) => `arn:${partition}:s3:::${bucket}/*`),
    },
    bootstrapVersion: {
      Resource: unique(
        stacks.flatMap(({ template }) =>
          Object.values(template.Parameters ?? {})
            .filter(({ Type }) => Type.startsWith('AWS::SSM::Parameter::'))
            .map((parameter) => arn('ssm', `parameter${String(parameter.Default)}`)),
        ),
      ),
    },
    stacks: { Resource: stacks.map(({ name }) => arn('cloudformation', `stack/${name}/*`)) },
  } satisfies Record<string, Scope>;
}

const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();
