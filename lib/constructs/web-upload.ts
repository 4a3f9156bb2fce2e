import { RemovalPolicy } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { WEB_FILES } from '../assets.ts';

const FIVE_MINUTES = 'public, max-age=300, stale-while-revalidate=86400';
const A_YEAR = 'public, max-age=31536000, immutable';

/** A part of the files: those that match, by how long they may be cached. */
interface Part {
  readonly id: string;
  readonly exclude: string[];
  readonly include: string[];
  readonly cacheControl: string;
  /** Paths that edges must fetch again after a deployment. */
  readonly changed?: string[];
}

/** In the order of their upload: a file is uploaded before the page or `latest.json` that refers to it. */
const PARTS: readonly Part[] = [
  // Named by version or by hash: their bytes never change.
  {
    id: 'Immutable',
    exclude: ['*'],
    include: ['widget/*/*', 'admin/assets/*'],
    cacheControl: A_YEAR,
  },
  {
    id: 'Floating',
    exclude: ['*'],
    include: ['widget.js', 'widget/latest.json'],
    cacheControl: FIVE_MINUTES,
    changed: ['/widget.js', '/widget/latest.json'],
  },
  { id: 'Pages', exclude: ['widget*', 'admin/assets/*'], include: [], cacheControl: 'no-cache' },
];

export interface WebUploadProps {
  readonly production: boolean;
  readonly bucket: IBucket;
  readonly distribution: IDistribution;
  readonly logRetention: RetentionDays;
}

/** Adds the files of this release to those of former ones at each deployment, and deletes none. */
export class WebUpload extends Construct {
  constructor(scope: Construct, id: string, props: WebUploadProps) {
    super(scope, id);
    const { bucket, distribution } = props;
    const files = new Asset(this, 'Files', { path: WEB_FILES });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: props.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = uploaderRole(this, files, logGroup, props);
    let before: BucketDeployment | undefined;
    for (const { changed, ...part } of PARTS) {
      const deployment = new BucketDeployment(this, part.id, {
        ...part,
        sources: [sourceOf(files)],
        destinationBucket: bucket,
        cacheControl: [CacheControl.fromString(part.cacheControl)],
        prune: false,
        outputObjectKeys: false,
        logGroup,
        // Its rights are those below. By default the construct would also grant reading, deleting, and invalidating any distribution.
        role: role.withoutPolicyUpdates(),
        ...(changed !== undefined && { distribution, distributionPaths: changed }),
      });
      deployment.node.addDependency(role);
      if (before !== undefined) {
        deployment.node.addDependency(before);
        // All share the function of the first, and so its layer.
        deployment.node.tryRemoveChild('AwsCliLayer');
      }
      before = deployment;
    }
  }
}

const sourceOf = (files: Asset): ISource => Source.bucket(files.bucket, files.s3ObjectKey);

function uploaderRole(
  scope: Construct,
  files: Asset,
  logGroup: LogGroup,
  { bucket, distribution }: WebUploadProps,
): Role {
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const allow = (action: string | string[], ...resources: string[]) =>
    role.addToPolicy(new PolicyStatement({ actions: [action].flat(), resources }));
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
  allow('s3:GetObject', files.bucket.arnForObjects(files.s3ObjectKey));
  allow('s3:ListBucket', bucket.bucketArn);
  allow('s3:PutObject', bucket.arnForObjects('*'));
  allow(['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'], distribution.distributionArn);
  return role;
}
