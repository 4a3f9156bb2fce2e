/** One call of AWS on behalf of a deployment. */
export interface Call {
  readonly action: string;
  readonly on: string;
  readonly context?: Record<string, string>;
}

export const ACCOUNT = '123456789012';
export const at = (service: string, what: string): string => `arn:aws:${service}:us-east-1:${ACCOUNT}:${what}`;
export const calls = (on: string, service: string, names: string, context: Record<string, string> = {}): Call[] =>
  names.split(' ').map((name) => ({ action: `${service}:${name}`, on, context }));

const role = `arn:aws:iam::${ACCOUNT}:role/WidgetGate-prod-Api-TokenIssuerRole8C1D2E3F-AbCdEfGhIjKl`;
const group = `arn:aws:iam::${ACCOUNT}:group/Qrvey-Admin`;
export const table = at('dynamodb', 'table/WidgetGate-prod-Data-ShopsTableE32BD51C-1ABCDEFGHIJKL');
const fn = at('lambda', 'function:WidgetGate-prod-Api-TokenIssuerFunction1A2B3C4D-aBcDeFgHiJkL');
const logs = at('logs', 'log-group:WidgetGate-prod-Api-TokenIssuerLogsFA71A92F-aBcDeFgHiJkL');
export const secret = at('secretsmanager', 'secret:RingSecret05F1793A-aBcDeFgHiJkL-AbCdEf');
export const key = at('kms', 'key/0a1b2c3d-0000-4000-8000-000000000000');
export const api = 'arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5';
export const ours = { 'aws:ResourceTag/aws:cloudformation:stack-name': 'WidgetGate-prod-Api' };
export const stageTag = { 'aws:ResourceTag/widget-gate:stage': 'prod' };
export const newStageTag = { 'aws:RequestTag/widget-gate:stage': 'prod' };
const watcher = `arn:aws:iam::${ACCOUNT}:role/WidgetGate-prod-Operatio-RingAgeHandlerRole6F1C2D3E-AbCdEfGhIjKl`;
const watcherLogs = at('logs', 'log-group:WidgetGate-prod-Operations-RingAgeHandlerLogs8A9B0C1D-aBcDeFgHiJkL');
const rule = at('events', 'rule/WidgetGate-prod-Operatio-RingAgeSchedule12345678-AbCdEfGhIjKl');
const alarm = at('cloudwatch', 'alarm:WidgetGate-prod-Operations-Alarms5xx87BCAB53-AbCdEfGhIjKl');
const dashboard = (name: string): string => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}`;
const topic = at('sns', 'WidgetGate-prod-Operations-AlarmTopicC2164170-AbCdEfGhIjKl');
const accessLog = at('logs', 'log-group:WidgetGate-prod-Api-RestAccessLogB9A28E1C-aBcDeFgHiJkL');
const managed = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
const foreignKey = at('kms', 'key/ffffffff-0000-4000-8000-000000000000');

/** What CloudFormation calls when it makes, changes and removes our stacks, written down apart from the table that grants it. */
export const needed: readonly Call[] = [
  ...calls(table, 'dynamodb', 'CreateTable DescribeTable DescribeContinuousBackups DescribeTimeToLive TagResource'),
  ...calls(table, 'dynamodb', 'UpdateTable UpdateContinuousBackups UpdateTimeToLive DeleteTable GetResourcePolicy'),
  ...calls(key, 'kms', 'DescribeKey CreateGrant', { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' }),
  ...calls(key, 'kms', 'GenerateDataKey Decrypt', { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' }),
  ...calls('*', 'kms', 'CreateKey', newStageTag),
  ...calls(key, 'kms', 'TagResource', newStageTag),
  ...calls(key, 'kms', 'DescribeKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus'),
  ...calls(key, 'kms', 'PutKeyPolicy ScheduleKeyDeletion UpdateKeyDescription', stageTag),
  ...calls('*', 'secretsmanager', 'GetRandomPassword'),
  ...calls(secret, 'secretsmanager', 'CreateSecret DescribeSecret UpdateSecret TagResource DeleteSecret'),
  ...calls(secret, 'secretsmanager', 'RotateSecret CancelRotateSecret'),
  ...calls(fn, 'lambda', 'CreateFunction GetFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction'),
  ...calls(fn, 'lambda', 'AddPermission RemovePermission GetPolicy TagResource InvokeFunction'),
  ...calls(logs, 'logs', 'CreateLogGroup PutRetentionPolicy TagResource DeleteLogGroup'),
  ...calls('*', 'logs', 'DescribeLogGroups'),
  ...calls(role, 'iam', 'CreateRole GetRole PutRolePolicy GetRolePolicy DeleteRolePolicy DeleteRole TagRole'),
  ...calls(role, 'iam', 'ListRolePolicies ListAttachedRolePolicies UpdateAssumeRolePolicy'),
  ...calls(role, 'iam', 'AttachRolePolicy DetachRolePolicy', { 'iam:PolicyARN': managed }),
  ...calls(role, 'iam', 'PassRole', { 'iam:PassedToService': 'lambda.amazonaws.com' }),
  ...calls(role, 'iam', 'PassRole', { 'iam:PassedToService': 'apigateway.amazonaws.com' }),
  ...calls(group, 'iam', 'CreateGroup GetGroup ListGroupPolicies ListAttachedGroupPolicies DeleteGroup'),
  ...calls('arn:aws:apigateway:us-east-1::/restapis', 'apigateway', 'POST GET'),
  ...calls('arn:aws:apigateway:us-east-1::/account', 'apigateway', 'GET PATCH'),
  ...calls(api, 'apigateway', 'GET PATCH DELETE', ours),
  ...calls(`${api}/resources/abc/methods/POST`, 'apigateway', 'GET PUT DELETE', ours),
  ...calls(`${api}/deployments/abc`, 'apigateway', 'GET DELETE', ours),
  ...calls(`${api}/stages/prod`, 'apigateway', 'GET PATCH DELETE', ours),
  ...calls(`${api}/gatewayresponses/UNAUTHORIZED`, 'apigateway', 'GET PUT DELETE', ours),
  ...calls(`${api}/authorizers/abc`, 'apigateway', 'GET PATCH DELETE', ours),
  ...calls(watcher, 'iam', 'CreateRole GetRole PutRolePolicy DeleteRolePolicy DeleteRole'),
  ...calls(watcherLogs, 'logs', 'CreateLogGroup PutRetentionPolicy DeleteLogGroup'),
  ...calls(rule, 'events', 'PutRule DescribeRule PutTargets RemoveTargets DeleteRule'),
  ...calls(alarm, 'cloudwatch', 'PutMetricAlarm DeleteAlarms'),
  ...calls(dashboard('Dashboard7A714131-aBcDeFgHiJkL'), 'cloudwatch', 'PutDashboard GetDashboard DeleteDashboards'),
  ...calls(dashboard('WidgetGate-prod-Operations-Dashboard7A714131-aBcD'), 'cloudwatch', 'PutDashboard'),
  ...calls(topic, 'sns', 'CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic'),
  ...calls(accessLog, 'logs', 'PutMetricFilter DescribeMetricFilters DeleteMetricFilter'),
  ...calls(`arn:aws:s3:::cdk-hnb659fds-assets-${ACCOUNT}-us-east-1/0a1b.zip`, 's3', 'GetObject'),
  ...calls(at('ssm', 'parameter/cdk-bootstrap/hnb659fds/version'), 'ssm', 'GetParameters'),
  ...calls(at('cloudformation', 'stack/WidgetGate-prod-Data/0a1b'), 'cloudformation', 'DescribeStacks'),
  ...calls(at('events', 'rule/WidgetGate-prod-Operations-RingAgeSchedule1A-aBcDeF'), 'events', 'PutRule PutTargets'),
  ...calls(at('cloudwatch', 'alarm:WidgetGate-prod-Operations-Alarms1A-aBcDeF'), 'cloudwatch', 'PutMetricAlarm'),
  ...calls(`arn:aws:cloudwatch::${ACCOUNT}:dashboard/WidgetGate-prod-Operations-Dash`, 'cloudwatch', 'PutDashboard'),
  ...calls(at('sns', 'WidgetGate-prod-Operations-AlarmTopic1A-aBcDeF'), 'sns', 'CreateTopic SetTopicAttributes'),
];

/** What would reach past the deployment. */
export const refused: readonly Call[] = [
  ...calls(`arn:aws:iam::${ACCOUNT}:user/mallory`, 'iam', 'CreateUser CreateAccessKey AttachUserPolicy'),
  ...calls(group, 'iam', 'AttachGroupPolicy PutGroupPolicy AddUserToGroup UpdateGroup'),
  ...calls(`arn:aws:iam::${ACCOUNT}:group/Others`, 'iam', 'CreateGroup GetGroup DeleteGroup'),
  ...calls(`arn:aws:iam::${ACCOUNT}:role/Admin`, 'iam', 'CreateRole PutRolePolicy UpdateAssumeRolePolicy DeleteRole'),
  ...calls(`arn:aws:iam::${ACCOUNT}:role/WidgetGate-dev-Api-TokenIssuerRole`, 'iam', 'PutRolePolicy'),
  ...calls(`arn:aws:iam::${ACCOUNT}:role/WidgetGate-prod-eu-Api-Role`, 'iam', 'PutRolePolicy'),
  ...calls(role, 'iam', 'AttachRolePolicy', { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' }),
  ...calls(role, 'iam', 'PassRole', { 'iam:PassedToService': 'ec2.amazonaws.com' }),
  ...calls(`arn:aws:iam::${ACCOUNT}:policy/p`, 'iam', 'CreatePolicy CreatePolicyVersion'),
  ...calls(`arn:aws:iam::${ACCOUNT}:role/Admin`, 'sts', 'AssumeRole'),
  ...calls(role, 'sts', 'AssumeRole'),
  ...calls(at('dynamodb', 'table/Orders'), 'dynamodb', 'DeleteTable UpdateTable DescribeTable'),
  ...calls(table, 'dynamodb', 'GetItem Scan Query PutItem DeleteItem ExportTableToPointInTime'),
  ...calls(at('lambda', 'function:orders'), 'lambda', 'UpdateFunctionCode InvokeFunction AddPermission DeleteFunction'),
  ...calls(at('logs', 'log-group:orders'), 'logs', 'DeleteLogGroup PutMetricFilter'),
  ...calls(at('events', 'rule/orders'), 'events', 'PutRule PutTargets DeleteRule'),
  ...calls(at('cloudwatch', 'alarm:orders'), 'cloudwatch', 'PutMetricAlarm DeleteAlarms'),
  ...calls(dashboard('orders'), 'cloudwatch', 'PutDashboard DeleteDashboards'),
  ...calls(at('sns', 'orders'), 'sns', 'SetTopicAttributes DeleteTopic Publish'),
  ...calls(`${logs}:log-stream:s`, 'logs', 'GetLogEvents'),
  ...calls(logs, 'logs', 'FilterLogEvents'),
  ...calls(at('secretsmanager', 'secret:orders-AbCdEf'), 'secretsmanager', 'GetSecretValue DeleteSecret'),
  ...calls(foreignKey, 'kms', 'PutKeyPolicy ScheduleKeyDeletion Decrypt'),
  ...calls(key, 'kms', 'Decrypt'),
  ...calls('arn:aws:apigateway:us-east-1::/restapis/orders', 'apigateway', 'DELETE PATCH'),
  ...calls('arn:aws:apigateway:us-east-1::/apikeys', 'apigateway', 'GET POST'),
  ...calls(`arn:aws:s3:::cdk-hnb659fds-assets-${ACCOUNT}-us-east-1/0a1b.zip`, 's3', 'PutObject'),
  ...calls(at('cloudformation', 'stack/WidgetGate-prod-Data/0a1b'), 'cloudformation', 'DeleteStack'),
];
