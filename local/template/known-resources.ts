import type { KnownResource } from './known-resource.ts';

/** What of the web's resources the local host acts on. Members of a distribution and of a policy are checked where they are read. */
const knownWebResources: Readonly<Record<string, KnownResource>> = {
  'AWS::S3::Bucket': {
    honored: [],
    // Who may reach a bucket, and how it is kept: here it is a folder that the host alone reads.
    withoutEffect: ['BucketEncryption', 'OwnershipControls', 'PublicAccessBlockConfiguration', 'Tags'],
  },
  'AWS::S3::BucketPolicy': { honored: [], withoutEffect: ['Bucket', 'PolicyDocument'] },
  'AWS::CloudFront::Distribution': { honored: ['DistributionConfig'], withoutEffect: ['Tags'] },
  'AWS::CloudFront::Function': {
    honored: ['FunctionCode', 'FunctionConfig'],
    withoutEffect: ['AutoPublish', 'Name', 'Tags'],
    members: { FunctionConfig: ['Comment', 'Runtime'] },
  },
  // How CloudFront proves itself to the bucket.
  'AWS::CloudFront::OriginAccessControl': { honored: [], withoutEffect: ['OriginAccessControlConfig'] },
  'AWS::CloudFront::ResponseHeadersPolicy': { honored: ['ResponseHeadersPolicyConfig'], withoutEffect: [] },
  // The host does what the upload's function would: its code, layer and rights have no effect.
  'AWS::Lambda::LayerVersion': { honored: [], withoutEffect: ['Content', 'Description'] },
  'Custom::CDKBucketDeployment': {
    honored: [
      'ServiceToken',
      'SourceBucketNames',
      'SourceObjectKeys',
      'DestinationBucketName',
      'Prune',
      'Exclude',
      'Include',
      'SystemMetadata',
    ],
    // Nothing is cached that could be invalidated, and nobody reads what it puts out.
    withoutEffect: ['DistributionId', 'DistributionPaths', 'OutputObjectKeys', 'WaitForDistributionInvalidation'],
    members: { SystemMetadata: ['cache-control'] },
  },
};

/** Descriptions, tags, retention and display settings: nothing that a call could notice. */
const DESCRIPTIVE = ['Description', 'Tags'];

/** A type or property that is not here stops the host: it must not run something else than what is deployed. */
export const knownResources: Readonly<Record<string, KnownResource>> = {
  'AWS::DynamoDB::GlobalTable': {
    honored: [
      'AttributeDefinitions',
      'KeySchema',
      'GlobalSecondaryIndexes',
      'TimeToLiveSpecification',
      'SSESpecification',
      'Replicas',
    ],
    // On demand is the only mode here; throughput is not metered.
    withoutEffect: ['BillingMode', ...DESCRIPTIVE],
    // Of a replica the key and the place count; recovery, protection, insights and the indexes' throughput are AWS's own.
    members: {
      Replicas: [
        'Region',
        'SSESpecification',
        'DeletionProtectionEnabled',
        'PointInTimeRecoverySpecification',
        'ContributorInsightsSpecification',
        'GlobalSecondaryIndexes',
        'TableClass',
        'Tags',
      ],
      TimeToLiveSpecification: ['AttributeName', 'Enabled'],
    },
  },
  'AWS::KMS::Key': {
    honored: ['KeyPolicy'],
    withoutEffect: ['EnableKeyRotation', 'PendingWindowInDays', ...DESCRIPTIVE],
  },
  'AWS::SecretsManager::Secret': { honored: ['GenerateSecretString', 'KmsKeyId', 'Name'], withoutEffect: DESCRIPTIVE },
  'AWS::SecretsManager::ResourcePolicy': {
    honored: ['SecretId', 'ResourcePolicy'],
    withoutEffect: ['BlockPublicPolicy'],
  },
  'AWS::SecretsManager::RotationSchedule': {
    honored: ['SecretId', 'RotationLambdaARN'],
    // Nothing runs here by the calendar: a rotation is asked for.
    withoutEffect: ['RotationRules', 'RotateImmediatelyOnUpdate'],
  },
  'AWS::IAM::Group': { honored: ['GroupName'], withoutEffect: [] },
  'AWS::IAM::Role': {
    honored: ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
    // A boundary is a policy of the account's, which no template has.
    withoutEffect: ['MaxSessionDuration', 'PermissionsBoundary', ...DESCRIPTIVE],
  },
  'AWS::IAM::Policy': { honored: ['PolicyDocument', 'Roles'], withoutEffect: ['PolicyName'] },
  'AWS::Lambda::Function': {
    honored: [
      'Code',
      'Environment',
      'Handler',
      'Layers',
      'MemorySize',
      'ReservedConcurrentExecutions',
      'Role',
      'Runtime',
      'Timeout',
    ],
    // The machine's own architecture runs it, on the machine's own network; log lines go to the host's output.
    withoutEffect: ['Architectures', 'LoggingConfig', 'TracingConfig', 'VpcConfig', ...DESCRIPTIVE],
    members: { Code: ['S3Bucket', 'S3Key'], Environment: ['Variables'] },
  },
  'AWS::Lambda::Permission': { honored: ['Action', 'FunctionName', 'Principal', 'SourceArn'], withoutEffect: [] },
  'AWS::Logs::LogGroup': { honored: [], withoutEffect: ['RetentionInDays', ...DESCRIPTIVE] },
  'AWS::ApiGateway::RestApi': {
    honored: ['Name', 'BinaryMediaTypes'],
    withoutEffect: ['EndpointConfiguration', ...DESCRIPTIVE],
  },
  'AWS::ApiGateway::Resource': { honored: ['ParentId', 'PathPart', 'RestApiId'], withoutEffect: [] },
  'AWS::ApiGateway::Method': {
    honored: ['AuthorizationType', 'AuthorizerId', 'HttpMethod', 'Integration', 'ResourceId', 'RestApiId'],
    // The mapping of an answer is in the integration; ApiKeyRequired false is checked by the loader.
    withoutEffect: ['MethodResponses', 'ApiKeyRequired'],
    // A proxy integration is always posted and passed through.
    members: {
      Integration: [
        'ContentHandling',
        'Type',
        'Uri',
        'TimeoutInMillis',
        'RequestTemplates',
        'IntegrationResponses',
        'IntegrationHttpMethod',
        'PassthroughBehavior',
        'ResponseTransferMode',
      ],
    },
  },
  'AWS::ApiGateway::Authorizer': {
    honored: ['AuthorizerResultTtlInSeconds', 'AuthorizerUri', 'IdentitySource', 'Name', 'RestApiId', 'Type'],
    withoutEffect: [],
  },
  'AWS::ApiGateway::GatewayResponse': {
    honored: ['ResponseParameters', 'ResponseTemplates', 'ResponseType', 'RestApiId', 'StatusCode'],
    withoutEffect: [],
  },
  'AWS::ApiGateway::Stage': {
    honored: ['MethodSettings', 'RestApiId', 'StageName'],
    withoutEffect: ['AccessLogSetting', 'DeploymentId', 'TracingEnabled', ...DESCRIPTIVE],
    // Logs and metrics of the gateway don't exist here.
    members: {
      MethodSettings: [
        'ResourcePath',
        'HttpMethod',
        'ThrottlingRateLimit',
        'ThrottlingBurstLimit',
        'DataTraceEnabled',
        'LoggingLevel',
        'MetricsEnabled',
      ],
    },
  },
  // One deployment at a time: the template's methods are what is deployed.
  'AWS::ApiGateway::Deployment': { honored: ['RestApiId'], withoutEffect: DESCRIPTIVE },
  // The account's log role, for logs that don't exist here.
  'AWS::ApiGateway::Account': { honored: [], withoutEffect: ['CloudWatchRoleArn'] },
  ...knownWebResources,
  'AWS::CDK::Metadata': { honored: [], withoutEffect: ['Analytics'] },
};
