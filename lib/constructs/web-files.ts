import { RemovalPolicy } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface WebFilesProps {
  readonly production: boolean;
}

/**
 * The bucket of the files. Encrypted by S3's own key: the files are public, and a key of our own would need a policy for the distribution.
 * Without versions: a release keeps its files under its own name, and the few others are made again from any release.
 */
export class WebFiles extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, { production }: WebFilesProps) {
    super(scope, id);
    // CDK's own types disagree about an undefined member under exactOptionalPropertyTypes.
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // Not emptied by a function that may delete everything: who removes a stage does that, as the runbook says.
      removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    }) as IBucket;
  }
  /**
   * A missing file is a 404 for who may list, else a 403, which would say that it is there. Nobody can list through the distribution: the bare
   * name, which would, is the API's, and queries don't reach the bucket.
   */
  tellMissing({ distributionArn }: IDistribution): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
        resources: [this.bucket.bucketArn],
        conditions: { StringEquals: { 'AWS:SourceArn': distributionArn } },
      }),
    );
  }
}
