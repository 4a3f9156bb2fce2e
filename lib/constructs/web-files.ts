import { RemovalPolicy } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface WebFilesProps {
  readonly production: boolean;
}

/**
 * The bucket of the files. Encrypted with S3's own key: the files are public, and a customer-managed key would need a policy for the
 * distribution. Without versions: a release keeps its files under its own name, and the few others can be created again from any release.
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
      // Not emptied by a function that may delete everything; the runbook describes how to empty it before removing a stage.
      removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    }) as IBucket;
  }
  /**
   * A missing file is a 404 for callers who may list, otherwise a 403, which would reveal that it exists. Nobody can list through the
   * distribution: the bare name belongs to the API, and queries do not reach the bucket.
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
