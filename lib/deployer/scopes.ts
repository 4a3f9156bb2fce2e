import { environment } from '#contract/environment.ts';
import { copyRegionsOf, type DeployedStack, homeOf, idsOfType, idsWith, valuesOf } from './deployed-stack.ts';

/** The resources of a policy's statement. */
export interface Scope {
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * CloudFormation names a resource without a name of its own `<stack>-<logical id>-<random>`, and shortens the stack's name to fit into 64
 * characters.
 */
const LONGEST_STACK_NAME = 24;

/** The services to which a role may be passed. */
const PASSED_TO = ['apigateway.amazonaws.com', 'lambda.amazonaws.com'];

/**
 * The stage tag of every KMS key, which distinguishes ours from others: keys have no names. KMS evaluates `kms:TagResource` at a key's creation
 * without a key, so a deployer that may create a tagged one may also put this tag on a key whose own policy leaves that to IAM.
 */
export const STAGE_TAG = 'widget-gate:stage';

export type ScopeName = keyof ReturnType<typeof scopesOf>;

/** The scopes of one deployment, by their resources. */
export function scopesOf(stacks: readonly DeployedStack[], stage: string) {
  const { partition, region, account } = homeOf(stacks);
  const copies = copyRegionsOf(stacks);
  const regions = [region, ...copies];
  const arn = (service: string, what: string, where = region) =>
    `arn:${partition}:${service}:${where}:${account}:${what}`;
  const global = (service: string, what: string) => `arn:${partition}:${service}::${account}:${what}`;
  const inApis = (path: string) => `arn:${partition}:apigateway:${region}::/${path}`;
  /** The names of the stacks that have resources of a service. */
  const prefixed = (type: RegExp, make: (name: string) => string | string[]): Scope => ({
    Resource: stacks
      .filter((stack) => idsOfType(stack, type).length > 0)
      .flatMap(({ name }) =>
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
  const groups = values('AWS::IAM::Group', 'GroupName').map((name) => global('iam', `group/${name}`));
  // A group that is created elsewhere is a plain name in the output.
  const existingGroups = stacks
    .map(({ template }) => template.Outputs?.AdminGroupName?.Value)
    .filter((name) => typeof name === 'string')
    .map((name) => global('iam', `group/${name}`));
  const keysIn = (where: readonly string[]): Scope => ({ Resource: where.map((one) => arn('kms', 'key/*', one)) });
  const keys = keysIn(regions);
  const via = (service: string, scope: Scope) =>
    when(scope, { StringEquals: { 'kms:ViaService': regions.map((one) => `${service}.${one}.amazonaws.com`) } });
  const tablesIn = (where: readonly string[]) =>
    prefixed(/^AWS::DynamoDB::/, (name) => where.map((one) => arn('dynamodb', `table/${name}`, one)));
  const ownTag = { [`aws:ResourceTag/${STAGE_TAG}`]: stage };
  const secretIds = stacks.flatMap((stack) => idsOfType(stack, /^AWS::SecretsManager::Secret$/));
  const copiedSecretIds = stacks.flatMap((stack) => idsWith(stack, 'AWS::SecretsManager::Secret', 'ReplicaRegions'));
  const secrets = (ids: readonly string[]): Scope => ({
    Resource: ids.map((id) => arn('secretsmanager', `secret:${id}-*`)),
  });
  const ownStack = (own: readonly DeployedStack[]) => ({
    'aws:ResourceTag/aws:cloudformation:stack-name': own.map(({ name }) => name),
  });
  const withType = (type: RegExp) => stacks.filter((stack) => idsOfType(stack, type).length > 0);
  // CloudFormation tags an API with its stack's name, which nobody else can do, and resources below the API inherit the tag.
  const ownApis = when(
    { Resource: [inApis('restapis/*')] },
    { StringEquals: ownStack(withType(/^AWS::ApiGateway::RestApi$/)) },
  );
  const hasApiPolicy = stacks.some((stack) => idsWith(stack, 'AWS::ApiGateway::RestApi', 'Policy').length > 0);
  const assets = values('AWS::Lambda::Function', 'Code.S3Bucket').map((bucket) => `arn:${partition}:s3:::${bucket}/*`);
  // Including their contents: a name's wildcard also matches slashes.
  const buckets = prefixed(/^AWS::S3::Bucket$/, (name) => `arn:${partition}:s3:::${name.toLowerCase()}`);
  const distributions: Scope = { Resource: [global('cloudfront', 'distribution/*')] };
  const idsOf = (type: RegExp) => stacks.flatMap((stack) => idsOfType(stack, type));
  /** The role that a service creates for itself, once per account, at the first use. */
  const linkedRole = (service: string, name: string, needed: boolean): Scope => ({
    Resource: needed ? [global('iam', `role/aws-service-role/${service}/${name}`)] : [],
  });
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
    administrators: { Resource: unique([...groups, ...existingGroups]) },
    functions: prefixed(/^AWS::Lambda::/, (name) => arn('lambda', `function:${name}`)),
    // EC2's Describe actions ignore resources. Empty if no function is attached to a network.
    networks: {
      Resource: stacks.some((stack) => idsWith(stack, 'AWS::Lambda::Function', 'VpcConfig').length > 0) ? ['*'] : [],
    },
    tables: tablesIn(regions),
    logGroups: prefixed(/^AWS::Logs::/, (name) => arn('logs', `log-group:${name}`)),
    // Named by logical id alone.
    secrets: secrets(secretIds),
    // Including one that is created elsewhere.
    readSecrets: {
      Resource: unique([
        ...secrets(secretIds).Resource,
        ...values('AWS::Lambda::Function', `Environment.Variables.${environment.upstreamCaSecret}`),
      ]),
    },
    keys,
    newKeys: when({ Resource: ['*'] }, { StringEquals: { [`aws:RequestTag/${STAGE_TAG}`]: stage } }),
    ownKeys: when(keys, { StringEquals: ownTag }),
    keysByDynamo: via('dynamodb', keys),
    keysBySecrets: via('secretsmanager', keys),
    // The resources in other regions; empty if the stage has no copies.
    tableCopies: tablesIn(copies),
    copiedSecrets: secrets(copiedSecretIds),
    keyCopiesBySecrets: via('secretsmanager', keysIn(copies)),
    copiedKeys: when(keysIn(copies.length === 0 ? [] : [region]), {
      StringEquals: { ...ownTag, 'kms:ReplicaRegion': copies },
    }),
    // AWS documents no condition for the creation of a copy.
    newKeyCopies: { Resource: copies.length === 0 ? [] : ['*'] },
    replicationRole: linkedRole(
      'replication.dynamodb.amazonaws.com',
      'AWSServiceRoleForDynamoDBReplication',
      copies.length > 0,
    ),
    multiRegionKeyRole: linkedRole(
      'mrk.kms.amazonaws.com',
      'AWSServiceRoleForKeyManagementServiceMultiRegionKeys',
      copies.length > 0,
    ),
    domainRole: linkedRole('ops.apigateway.amazonaws.com', 'AWSServiceRoleForAPIGateway', true),
    newApis: { Resource: [inApis('restapis')] },
    apiReading: { Resource: [inApis('restapis'), inApis('restapis/*')] },
    apiWriting: ownApis,
    newApiPolicies: { Resource: hasApiPolicy ? [inApis('restapis')] : [] },
    apiPolicies: hasApiPolicy ? ownApis : { Resource: [] },
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
      Resource: stacks.flatMap((stack) =>
        idsOfType(stack, /^AWS::WAFv2::WebACL$/).map((id) => {
          const { Scope = 'REGIONAL' } = (stack.template.Resources[id]?.Properties ?? {}) as { Scope?: string };
          return arn('wafv2', `${Scope === 'CLOUDFRONT' ? 'global' : 'regional'}/webacl/${id}-*`, stack.region);
        }),
      ),
    },
    rules: prefixed(/^AWS::Events::/, (name) => arn('events', `rule/${name}`)),
    apiAccount: { Resource: [inApis('account')] },
    alarms: prefixed(/^AWS::CloudWatch::/, (name) => arn('cloudwatch', `alarm:${name}`)),
    // CloudFormation begins the name of a dashboard with its logical id, but does not guarantee it.
    dashboards: {
      Resource: [
        ...prefixed(/^AWS::CloudWatch::Dashboard$/, (name) => name).Resource,
        ...stacks.flatMap((stack) => idsOfType(stack, /^AWS::CloudWatch::Dashboard$/)).map((id) => `${id}-*`),
      ].map((name) => global('cloudwatch', `dashboard/${name}`)),
    },
    topics: prefixed(/^AWS::SNS::/, (name) => arn('sns', name)),
    assets: { Resource: assets },
    bootstrapVersion: {
      Resource: unique(
        stacks.flatMap((stack) =>
          Object.values(stack.template.Parameters ?? {})
            .filter(({ Type }) => Type.startsWith('AWS::SSM::Parameter::'))
            .map((parameter) => arn('ssm', `parameter${String(parameter.Default)}`, stack.region)),
        ),
      ),
    },
    buckets,
    files: { Resource: [...buckets.Resource, ...assets] },
    distributions,
    ownDistributions: when(distributions, { StringEquals: ownStack(withType(/^AWS::CloudFront::Distribution$/)) }),
    edgeFunctions: {
      Resource: values('AWS::CloudFront::Function', 'Name').map((name) => global('cloudfront', `function/${name}`)),
    },
    accessControls: { Resource: [global('cloudfront', 'origin-access-control/*')] },
    headersPolicies: { Resource: [global('cloudfront', 'response-headers-policy/*')] },
    // Named by logical id alone.
    layers: { Resource: idsOf(/^AWS::Lambda::LayerVersion$/).map((id) => arn('lambda', `layer:${id}*`)) },
    stacks: { Resource: stacks.map((stack) => arn('cloudformation', `stack/${stack.name}/*`, stack.region)) },
  } satisfies Record<string, Scope>;
}

const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** Actions of one service on the resources of a scope. */
export interface Grant {
  readonly on: ScopeName;
  readonly actions: readonly string[];
}
