import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import type { ApiStack } from './api-stack.ts';
import { RateLimitAcl } from './constructs/rate-limit-acl.ts';
import { WebDistribution } from './constructs/web-distribution.ts';
import { WebFiles } from './constructs/web-files.ts';
import { apiOrigin } from './constructs/web-origin.ts';
import { WebUpload } from './constructs/web-upload.ts';
import type { StageOptions } from './stage-config/options.ts';
import { CLOUDFRONT_REGION, type WebDomainOption } from './stage-config/web.ts';
import type { StageConfig } from './stage-config.ts';

export interface WebStackProps extends StackProps {
  readonly config: StageConfig;
  readonly api: ApiStack;
}

/** Widget, console and API under one name: CloudFront before the REST API and a bucket of files. */
export class WebStack extends Stack {
  /** `https://<name>/` */
  readonly url: string;

  constructor(scope: Construct, id: string, props: WebStackProps) {
    super(scope, id, props);
    const { config, api } = props;
    // For an API with a custom domain nothing else is read.
    this.addStackDependency(api);
    const domain = config.web?.domain;
    const files = new WebFiles(this, 'Files', config);
    const { bucket } = files;
    const { distribution } = new WebDistribution(this, 'Web', {
      stage: config.stage,
      api: apiOrigin(api, config),
      bucket,
      domain,
      webAclArn: addRateLimit(this, config, props),
    });
    files.tellMissing(distribution);
    new WebUpload(this, 'Upload', {
      bucket,
      distribution,
      production: config.production,
      logRetention: config.logRetentionDays as RetentionDays,
    });
    if (domain !== undefined) addRecords(this, domain, distribution);
    this.url = `https://${domain?.name ?? distribution.distributionDomainName}/`;
    new CfnOutput(this, 'WebUrl', { value: this.url, description: 'Widget, console and API under one name' });
    if (domain !== undefined)
      new CfnOutput(this, 'WebTarget', {
        value: distribution.distributionDomainName,
        description: 'Where your own domain name must point (a CNAME or alias record)',
      });
    new CfnOutput(this, 'WebBucket', { value: bucket.bucketName, description: 'The files of the web' });
  }
}

/** The name's own records, IPv4 and IPv6, if the zone is known. */
function addRecords(scope: Construct, { name, hostedZoneId }: WebDomainOption, distribution: IDistribution): void {
  if (hostedZoneId === undefined) return;
  const aliasTarget = {
    dnsName: distribution.distributionDomainName,
    hostedZoneId: CloudFrontTarget.CLOUDFRONT_ZONE_ID,
  };
  for (const type of ['A', 'AAAA']) new CfnRecordSet(scope, `Record${type}`, { name, type, hostedZoneId, aliasTarget });
}

/**
 * A rate limit by true addresses: before CloudFront, because the API's own web ACL sees only CloudFront's addresses.
 * CloudFront uses web ACLs of one region only.
 */
function addRateLimit(web: Stack, { waf }: StageOptions, props: StackProps): string | undefined {
  if (waf === undefined) return undefined;
  const named = props.stackName === undefined ? {} : { stackName: `${props.stackName}Acl` };
  const env = { ...props.env, region: CLOUDFRONT_REGION };
  const place =
    web.region === CLOUDFRONT_REGION
      ? web
      : new Stack(web.node.scope as Construct, `${web.node.id}Acl`, { ...props, ...named, env });
  return new RateLimitAcl(place, 'RateLimit', { scope: 'CLOUDFRONT', ...waf }).arn;
}
