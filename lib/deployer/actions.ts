import type { Grant, ScopeName } from './scopes.ts';
import { webActions } from './web-actions.ts';

const grant = (on: ScopeName, service: string, names: string): Grant => ({
  on,
  actions: names.split(' ').map((name) => `${service}:${name}`),
});

/** API Gateway's control plane is named by verb and path, the same for every resource below an API. */
const belowAnApi: readonly Grant[] = [
  grant('apiReading', 'apigateway', 'GET'),
  grant('apiWriting', 'apigateway', 'DELETE PATCH POST PUT'),
];

const tagged: readonly Grant[] = [grant('apiTags', 'apigateway', 'DELETE PUT')];

const roleRights: readonly Grant[] = [
  grant('roles', 'iam', 'GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies'),
  grant('boundedRoles', 'iam', 'DeleteRolePolicy PutRolePolicy'),
];

/**
 * The actions that CloudFormation calls to create, read, update and delete a resource of each type, as our templates use it. Based on the
 * handler permissions in the CloudFormation registry's schemas (`aws cloudformation describe-type`, as of August 2026), without those for
 * properties that we do not set: layers, code signing, streams, autoscaling, and policies or members of the group; plus the rights on keys
 * that DynamoDB and Secrets Manager require from a caller that names a customer-managed key. A scope is empty if the stage turned its
 * feature off: so items of tables are included only where DynamoDB requires them, in the regions that get copies.
 */
export const deployerActions: ReadonlyMap<string, readonly Grant[]> = new Map<string, readonly Grant[]>([
  ['AWS::CDK::Metadata', []],
  ...webActions,
  [
    'AWS::DynamoDB::GlobalTable',
    [
      grant(
        'tables',
        'dynamodb',
        'CreateTable DeleteTable Describe* GetResourcePolicy ListTagsOfResource TagResource UntagResource UpdateContinuousBackups UpdateContributorInsights UpdateTable UpdateTimeToLive',
      ),
      grant('everything', 'application-autoscaling', 'Describe*'),
      grant('keysByDynamo', 'kms', 'CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey* ReEncrypt* RevokeGrant'),
      grant(
        'tableCopies',
        'dynamodb',
        'BatchWriteItem CreateTableReplica DeleteItem DeleteTableReplica GetItem PutItem Query Scan UpdateItem',
      ),
      grant('replicationRole', 'iam', 'CreateServiceLinkedRole'),
    ],
  ],
  [
    'AWS::KMS::Key',
    [
      grant('newKeys', 'kms', 'CreateKey TagResource'),
      grant('keys', 'kms', 'DescribeKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListResourceTags'),
      grant(
        'ownKeys',
        'kms',
        'DisableKey DisableKeyRotation EnableKey PutKeyPolicy ScheduleKeyDeletion UntagResource UpdateKeyDescription',
      ),
      grant('multiRegionKeyRole', 'iam', 'CreateServiceLinkedRole'),
    ],
  ],
  [
    'AWS::KMS::ReplicaKey',
    [
      grant('copiedKeys', 'kms', 'ReplicateKey'),
      grant('newKeyCopies', 'kms', 'CreateKey'),
      grant('newKeys', 'kms', 'TagResource'),
      grant('keys', 'kms', 'DescribeKey GetKeyPolicy ListResourceTags'),
      grant(
        'ownKeys',
        'kms',
        'DisableKey EnableKey PutKeyPolicy ScheduleKeyDeletion UntagResource UpdateKeyDescription',
      ),
    ],
  ],
  [
    'AWS::SecretsManager::Secret',
    [
      grant('everything', 'secretsmanager', 'GetRandomPassword'),
      grant(
        'secrets',
        'secretsmanager',
        'CreateSecret DeleteSecret DescribeSecret GetSecretValue TagResource UntagResource UpdateSecret',
      ),
      grant('keysBySecrets', 'kms', 'Decrypt GenerateDataKey'),
      grant('copiedSecrets', 'secretsmanager', 'RemoveRegionsFromReplication ReplicateSecretToRegions'),
      grant('keyCopiesBySecrets', 'kms', 'Encrypt'),
    ],
  ],
  [
    'AWS::SecretsManager::RotationSchedule',
    [
      grant('secrets', 'secretsmanager', 'CancelRotateSecret DescribeSecret RotateSecret'),
      grant('functions', 'lambda', 'InvokeFunction'),
    ],
  ],
  [
    'AWS::IAM::Group',
    [grant('group', 'iam', 'CreateGroup DeleteGroup GetGroup ListAttachedGroupPolicies ListGroupPolicies')],
  ],
  ['AWS::IAM::Policy', roleRights],
  [
    'AWS::IAM::Role',
    [
      ...roleRights,
      grant('roles', 'iam', 'DeleteRole TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription'),
      grant('boundedRoles', 'iam', 'CreateRole'),
      grant('boundaries', 'iam', 'PutRolePermissionsBoundary'),
      grant('attachments', 'iam', 'AttachRolePolicy DetachRolePolicy'),
      grant('passedRoles', 'iam', 'PassRole'),
    ],
  ],
  [
    'AWS::Lambda::Function',
    [
      grant(
        'functions',
        'lambda',
        'CreateFunction DeleteFunction DeleteFunctionConcurrency GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration GetFunctionRecursionConfig GetFunctionScalingConfig GetRuntimeManagementConfig ListTags PutFunctionConcurrency PutFunctionRecursionConfig PutRuntimeManagementConfig TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration',
      ),
      grant('networks', 'ec2', 'DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs'),
    ],
  ],
  ['AWS::Lambda::Permission', [grant('functions', 'lambda', 'AddPermission GetPolicy RemovePermission')]],
  [
    'AWS::Logs::LogGroup',
    [
      grant('everything', 'logs', 'DescribeLogGroups'),
      grant(
        'logGroups',
        'logs',
        'CreateLogGroup DeleteLogGroup DeleteRetentionPolicy GetDataProtectionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource',
      ),
    ],
  ],
  ['AWS::ApiGateway::Account', [grant('apiAccount', 'apigateway', 'GET PATCH')]],
  [
    'AWS::ApiGateway::RestApi',
    [
      ...belowAnApi,
      ...tagged,
      grant('newApis', 'apigateway', 'POST'),
      grant('newApiPolicies', 'apigateway', 'UpdateRestApiPolicy'),
      grant('apiPolicies', 'apigateway', 'UpdateRestApiPolicy'),
    ],
  ],
  ['AWS::ApiGateway::Stage', [...belowAnApi, ...tagged]],
  ...['Authorizer', 'Deployment', 'GatewayResponse', 'Method', 'Resource'].map((name): [string, readonly Grant[]] => [
    `AWS::ApiGateway::${name}`,
    belowAnApi,
  ]),
  // A custom domain, and a web ACL.
  [
    'AWS::ApiGateway::DomainName',
    [
      grant('newDomains', 'apigateway', 'GET POST'),
      grant('domains', 'apigateway', 'DELETE GET PATCH PUT'),
      grant('domainRole', 'iam', 'CreateServiceLinkedRole'),
      ...tagged,
    ],
  ],
  ['AWS::ApiGateway::BasePathMapping', [grant('domains', 'apigateway', 'DELETE GET PATCH POST')]],
  [
    'AWS::Route53::RecordSet',
    [
      grant('zones', 'route53', 'ChangeResourceRecordSets GetHostedZone ListResourceRecordSets'),
      grant('zoneChanges', 'route53', 'GetChange'),
    ],
  ],
  [
    'AWS::WAFv2::WebACL',
    [
      grant(
        'webAcls',
        'wafv2',
        'CreateWebACL DeleteWebACL GetWebACL ListTagsForResource TagResource UntagResource UpdateWebACL',
      ),
    ],
  ],
  [
    'AWS::WAFv2::WebACLAssociation',
    [
      grant('webAcls', 'wafv2', 'AssociateWebACL DisassociateWebACL GetWebACL'),
      grant('apiStages', 'wafv2', 'AssociateWebACL DisassociateWebACL GetWebACLForResource'),
      grant('apiStages', 'apigateway', 'SetWebACL'),
    ],
  ],
  // Schedules, alarms and their topic.
  [
    'AWS::Events::Rule',
    [
      grant(
        'rules',
        'events',
        'DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets TagResource UntagResource',
      ),
    ],
  ],
  [
    'AWS::CloudWatch::Alarm',
    [
      grant('alarms', 'cloudwatch', 'DeleteAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource'),
      grant('everything', 'cloudwatch', 'DescribeAlarms'),
    ],
  ],
  [
    'AWS::CloudWatch::CompositeAlarm',
    [
      grant('alarms', 'cloudwatch', 'DeleteAlarms ListTagsForResource PutCompositeAlarm TagResource UntagResource'),
      grant('everything', 'cloudwatch', 'DescribeAlarms'),
    ],
  ],
  [
    'AWS::CloudWatch::Dashboard',
    [
      grant(
        'dashboards',
        'cloudwatch',
        'DeleteDashboards GetDashboard ListTagsForResource PutDashboard TagResource UntagResource',
      ),
    ],
  ],
  ['AWS::Logs::MetricFilter', [grant('logGroups', 'logs', 'DeleteMetricFilter DescribeMetricFilters PutMetricFilter')]],
  [
    'AWS::SNS::Topic',
    [
      grant(
        'topics',
        'sns',
        'CreateTopic DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource SetTopicAttributes Subscribe TagResource UntagResource',
      ),
      grant('everything', 'sns', 'Unsubscribe'),
    ],
  ],
  ['AWS::SNS::TopicPolicy', [grant('topics', 'sns', 'GetTopicAttributes SetTopicAttributes')]],
  [
    'AWS::SNS::Subscription',
    [
      grant('topics', 'sns', 'Subscribe'),
      grant('everything', 'sns', 'GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe'),
    ],
  ],
]);
