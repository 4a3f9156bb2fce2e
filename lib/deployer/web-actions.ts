import type { Grant, ScopeName } from './scopes.ts';

const grant = (on: ScopeName, service: string, names: string): Grant => ({
  on,
  actions: names.split(' ').map((name) => `${service}:${name}`),
});

/**
 * The same for the web's resource types. CloudFront's are global; its ids are not known in advance, so creating one is
 * a right on every resource. A certificate is named, not read.
 */
export const webActions: readonly (readonly [type: string, grants: readonly Grant[]])[] = [
  [
    'AWS::S3::Bucket',
    [
      grant(
        'buckets',
        's3',
        'CreateBucket DeleteBucket Get*Configuration GetBucket* ListBucket ListTagsForResource PutBucketOwnershipControls PutBucketPublicAccessBlock PutBucketTagging PutEncryptionConfiguration TagResource UntagResource',
      ),
    ],
  ],
  ['AWS::S3::BucketPolicy', [grant('buckets', 's3', 'DeleteBucketPolicy GetBucketPolicy PutBucketPolicy')]],
  [
    'AWS::CloudFront::Distribution',
    [
      grant('everything', 'cloudfront', 'CreateDistribution'),
      grant('distributions', 'cloudfront', 'GetDistribution GetDistributionConfig ListTagsForResource TagResource'),
      grant('ownDistributions', 'cloudfront', 'DeleteDistribution UntagResource UpdateDistribution'),
    ],
  ],
  [
    'AWS::CloudFront::Function',
    [
      grant('everything', 'cloudfront', 'CreateFunction'),
      grant(
        'edgeFunctions',
        'cloudfront',
        'DeleteFunction DescribeFunction GetFunction ListTagsForResource PublishFunction TagResource UntagResource UpdateFunction',
      ),
    ],
  ],
  [
    'AWS::CloudFront::OriginAccessControl',
    [
      grant('everything', 'cloudfront', 'CreateOriginAccessControl'),
      grant(
        'accessControls',
        'cloudfront',
        'DeleteOriginAccessControl GetOriginAccessControl GetOriginAccessControlConfig UpdateOriginAccessControl',
      ),
    ],
  ],
  [
    'AWS::CloudFront::ResponseHeadersPolicy',
    [
      grant('everything', 'cloudfront', 'CreateResponseHeadersPolicy'),
      grant(
        'headersPolicies',
        'cloudfront',
        'DeleteResponseHeadersPolicy GetResponseHeadersPolicy GetResponseHeadersPolicyConfig UpdateResponseHeadersPolicy',
      ),
    ],
  ],
  ['AWS::Lambda::LayerVersion', [grant('layers', 'lambda', 'DeleteLayerVersion GetLayerVersion PublishLayerVersion')]],
  ['Custom::CDKBucketDeployment', [grant('functions', 'lambda', 'InvokeFunction')]],
];
