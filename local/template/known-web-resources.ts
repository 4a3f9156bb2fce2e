import type { KnownResource } from './known-resources.ts';

/** What of the web's resources the local host acts on. Members of a distribution and of a policy are checked where they are read. */
export const knownWebResources: Readonly<Record<string, KnownResource>> = {
  'AWS::S3::Bucket': {
    honoured: [],
    // Who may reach a bucket, and how it is kept: here it is a folder that the host alone reads.
    withoutEffect: ['BucketEncryption', 'OwnershipControls', 'PublicAccessBlockConfiguration', 'Tags'],
  },
  'AWS::S3::BucketPolicy': { honoured: [], withoutEffect: ['Bucket', 'PolicyDocument'] },
  'AWS::CloudFront::Distribution': { honoured: ['DistributionConfig'], withoutEffect: ['Tags'] },
  'AWS::CloudFront::Function': {
    honoured: ['FunctionCode', 'FunctionConfig'],
    withoutEffect: ['AutoPublish', 'Name', 'Tags'],
    members: { FunctionConfig: ['Comment', 'Runtime'] },
  },
  // How CloudFront proves itself to the bucket.
  'AWS::CloudFront::OriginAccessControl': { honoured: [], withoutEffect: ['OriginAccessControlConfig'] },
  'AWS::CloudFront::ResponseHeadersPolicy': { honoured: ['ResponseHeadersPolicyConfig'], withoutEffect: [] },
  // The host does what the upload's function would: its code, layer and rights have no effect.
  'AWS::Lambda::LayerVersion': { honoured: [], withoutEffect: ['Content', 'Description'] },
  'Custom::CDKBucketDeployment': {
    honoured: [
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
