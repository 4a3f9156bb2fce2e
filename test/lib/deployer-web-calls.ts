import { ACCOUNT, at, type Call, calls } from './deployer-calls.ts';

const bucket = 'arn:aws:s3:::widgetgate-prod-web-filesbucket7c17ee2e-abcdefghijkl';
const edge = (what: string): string => `arn:aws:cloudfront::${ACCOUNT}:${what}`;
const distribution = edge('distribution/E1U5RQF7T870K0');
const page = edge('function/us-east-1WidgetGateprodWebPagesB7A7EF60');
const layer = at('lambda', 'layer:UploadImmutableAwsCliLayer3095370D');
const ours = { 'aws:ResourceTag/aws:cloudformation:stack-name': 'WidgetGate-prod-Web' };

/** What CloudFormation calls for the web and for nothing else, written down apart from the table that grants it. */
export const webNeeded: readonly Call[] = [
  ...calls(bucket, 's3', 'CreateBucket DeleteBucket GetBucketPublicAccessBlock PutBucketPublicAccessBlock'),
  ...calls(bucket, 's3', 'GetEncryptionConfiguration PutEncryptionConfiguration GetBucketTagging PutBucketTagging'),
  ...calls(bucket, 's3', 'GetBucketOwnershipControls PutBucketOwnershipControls ListBucket TagResource'),
  ...calls(bucket, 's3', 'GetBucketPolicy PutBucketPolicy DeleteBucketPolicy'),
  ...calls('*', 'cloudfront', 'CreateDistribution CreateFunction CreateOriginAccessControl'),
  ...calls('*', 'cloudfront', 'CreateResponseHeadersPolicy'),
  ...calls(distribution, 'cloudfront', 'GetDistribution GetDistributionConfig TagResource ListTagsForResource'),
  ...calls(distribution, 'cloudfront', 'UpdateDistribution DeleteDistribution UntagResource', ours),
  ...calls(page, 'cloudfront', 'GetFunction DescribeFunction UpdateFunction PublishFunction DeleteFunction'),
  ...calls(edge('origin-access-control/E2'), 'cloudfront', 'GetOriginAccessControl UpdateOriginAccessControl'),
  ...calls(edge('origin-access-control/E2'), 'cloudfront', 'DeleteOriginAccessControl'),
  ...calls(edge('response-headers-policy/0a1b'), 'cloudfront', 'GetResponseHeadersPolicy UpdateResponseHeadersPolicy'),
  ...calls(edge('response-headers-policy/0a1b'), 'cloudfront', 'DeleteResponseHeadersPolicy'),
  ...calls(layer, 'lambda', 'PublishLayerVersion'),
  ...calls(`${layer}:1`, 'lambda', 'GetLayerVersion DeleteLayerVersion'),
  ...calls(at('lambda', 'function:WidgetGate-prod-Web-CustomCDKBucketDeployment8693-aBc'), 'lambda', 'InvokeFunction'),
];

/** What of these services would reach past the deployment, or is not CloudFormation's to do. */
export const webRefused: readonly Call[] = [
  ...calls('arn:aws:s3:::orders', 's3', 'CreateBucket DeleteBucket PutBucketPolicy ListBucket'),
  ...calls('arn:aws:s3:::widgetgate-dev-web-filesbucket7c17ee2e-x', 's3', 'DeleteBucket PutBucketPolicy'),
  ...calls(`${bucket}/widget.js`, 's3', 'GetObject PutObject DeleteObject PutObjectAcl'),
  ...calls(bucket, 's3', 'PutBucketAcl PutBucketWebsite PutBucketVersioning'),
  ...calls(distribution, 'cloudfront', 'UpdateDistribution DeleteDistribution'),
  ...calls(distribution, 'cloudfront', 'CreateInvalidation AssociateAlias', ours),
  ...calls(edge('function/orders'), 'cloudfront', 'UpdateFunction PublishFunction DeleteFunction'),
  ...calls(`${at('lambda', 'layer:orders')}:1`, 'lambda', 'DeleteLayerVersion'),
  ...calls('*', 'cloudfront', 'CreateKeyGroup CreatePublicKey CreateCachePolicy'),
];
