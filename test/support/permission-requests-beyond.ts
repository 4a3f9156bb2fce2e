import type { Deployment, RoleResource } from '#local/model.ts';
import type { PermissionRequest, Requests } from './permission-request.ts';

type Row = readonly [action: string, on: string, resource: string];

const SECRET_ACTIONS = [
  'GetSecretValue',
  'PutSecretValue',
  'UpdateSecretVersionStage',
  'UpdateSecret',
  'DescribeSecret',
  'DeleteSecret',
  'RotateSecret',
  'PutResourcePolicy',
  'ReplicateSecretToRegions',
];
const KEY_ACTIONS = ['Decrypt', 'Encrypt', 'GenerateDataKey', 'CreateGrant', 'DescribeKey'];
const KEY_ADMINISTRATION = ['PutKeyPolicy', 'ScheduleKeyDeletion', 'DisableKey', 'DisableKeyRotation'];
const GROUP_ACTIONS = [
  'GetGroup',
  'AddUserToGroup',
  'RemoveUserFromGroup',
  'PutGroupPolicy',
  'AttachGroupPolicy',
  'UpdateGroup',
  'DeleteGroup',
];
const ROLE_ACTIONS = ['PassRole', 'PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy'];
const LOG_ACTIONS = ['CreateLogStream', 'PutLogEvents', 'GetLogEvents', 'DeleteLogStream'];
const LOG_ADMINISTRATION = ['CreateLogGroup', 'DeleteLogGroup', 'FilterLogEvents', 'PutRetentionPolicy'];
const CODE_ACTIONS = ['InvokeFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration', 'AddPermission'];

/** All requests but those to tables. */
export function otherRequests(deployment: Deployment, role: RoleResource): Requests {
  const rows = [
    ...secretRows(deployment),
    ...identityRows(deployment, role),
    ...logRows(deployment, role),
    ...elsewhereRows(deployment),
  ];
  const requests = rows.map(([action, on, resource]): [string, PermissionRequest] => [
    `${action} on ${on}`,
    { action, resource, context: {} },
  ]);
  return new Map([...requests, ...keyRequests(deployment)]);
}

const rowsOf = (service: string, actions: readonly string[], on: string, resource: string): Row[] =>
  actions.map((action) => [`${service}:${action}`, on, resource]);

function secretRows({ secrets }: Deployment): Row[] {
  const arnOf = (prefix: string): string =>
    secrets.find(({ logicalId }) => logicalId.startsWith(`${prefix}Secret`))?.arn ?? '';
  const arn = arnOf('Ring');
  return [
    ...rowsOf('secretsmanager', SECRET_ACTIONS, 'Ring', arn),
    ...rowsOf('secretsmanager', SECRET_ACTIONS, 'SigningKeys', arnOf('SigningKeys')),
    ...rowsOf('secretsmanager', SECRET_ACTIONS, 'a secret named like Ring', `${arn}2`),
    ...rowsOf('secretsmanager', SECRET_ACTIONS, 'another secret', arn.replace(/secret:.*/, 'secret:other-AbCdEf')),
    ...rowsOf('secretsmanager', ['ListSecrets', 'BatchGetSecretValue'], 'everything', '*'),
  ];
}

/** Use of a key through each service and directly: only the way that a policy names may be open. */
function keyRequests({ kmsKeys, region }: Deployment): Requests {
  const arn = kmsKeys[0]?.arn ?? '';
  const requests: Requests = new Map();
  const ways = ['dynamodb', 'secretsmanager', 's3', 'lambda'].map((service) => [
    ` via ${service}`,
    { 'kms:ViaService': `${service}.${region}.amazonaws.com` },
  ]) as [string, object][];
  const elsewhere = { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' };
  for (const [way, context] of [['', {}], [' via dynamodb of another region', elsewhere], ...ways] as typeof ways) {
    for (const action of KEY_ACTIONS.map((name) => `kms:${name}`)) {
      requests.set(`${action} on DataKey${way}`, { action, resource: arn, context: { ...context } });
      requests.set(`${action} on another key${way}`, { action, resource: `${arn}2`, context: { ...context } });
    }
  }
  for (const action of KEY_ADMINISTRATION.map((name) => `kms:${name}`))
    requests.set(`${action} on DataKey`, { action, resource: arn, context: {} });
  return requests;
}

function identityRows({ groups, roles, accountId }: Deployment, role: RoleResource): Row[] {
  const arn = groups[0]?.arn ?? '';
  const user = `arn:aws:iam::${accountId}:user/alice`;
  const other = roles.find((candidate) => candidate !== role)?.arn ?? '';
  return [
    ...rowsOf('iam', GROUP_ACTIONS, 'AdminGroup', arn),
    ...rowsOf('iam', ['GetGroup', 'AddUserToGroup'], 'a group named like AdminGroup', `${arn}2`),
    ...rowsOf('iam', ['CreateAccessKey', 'CreateUser', 'PutUserPolicy', 'AttachUserPolicy'], 'a user', user),
    ...rowsOf('iam', ROLE_ACTIONS, 'its own role', role.arn),
    ...rowsOf('iam', ['ListUsers', 'ListGroups', 'GetAccountAuthorizationDetails'], 'everything', '*'),
    ...rowsOf('sts', ['AssumeRole'], 'another role', other),
  ];
}

function logRows({ roles }: Deployment, role: RoleResource): Row[] {
  const own = logGroupOf(role);
  const other = roles.filter((candidate) => candidate !== role).flatMap((candidate) => logGroupOf(candidate) ?? [])[0];
  return [
    ...(own === undefined ? [] : rowsOf('logs', LOG_ACTIONS, 'its own log', `${own}:log-stream:2026/11/21/a`)),
    ...rowsOf('logs', LOG_ACTIONS, 'another log', `${other}:log-stream:2026/11/21/a`),
    ...rowsOf('logs', LOG_ADMINISTRATION, 'another log', `${other}`),
  ];
}

/** As the role's own policy names it; that this is its function's log group, a test of the template shows. */
function logGroupOf({ policies }: RoleResource): string | undefined {
  const granted = policies.flatMap(({ Statement }) => Statement).flatMap(({ Resource = [] }) => Resource);
  return granted.find((arn) => arn.startsWith('arn:aws:logs:'))?.replace(/:\*$/, '');
}

function elsewhereRows({ functions, accountId, region }: Deployment): Row[] {
  const target = functions[0]?.arn ?? '';
  return [
    ...rowsOf('lambda', CODE_ACTIONS, 'a function', target),
    ...rowsOf('s3', ['GetObject', 'PutObject'], 'an object', 'arn:aws:s3:::bucket/object'),
    ...rowsOf('ssm', ['GetParameter'], 'a parameter', `arn:aws:ssm:${region}:${accountId}:parameter/p`),
    ...rowsOf('cloudformation', ['DeleteStack'], 'a stack', `arn:aws:cloudformation:${region}:${accountId}:stack/s/1`),
    ...rowsOf('sqs', ['SendMessage'], 'a queue', `arn:aws:sqs:${region}:${accountId}:q`),
  ];
}
