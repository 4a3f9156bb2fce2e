import { Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { StageOptions } from '../stage-config/options.ts';
import { CustomDomain } from './custom-domain.ts';
import { edgeMark } from './edge-mark.ts';
import { RateLimitAcl } from './rate-limit-acl.ts';

/** Adds the options of a stage in front of its API. Returns the API's address. */
export function addApiOptions(scope: Construct, api: RestApi, { domain, waf, web }: StageOptions): string {
  if (waf !== undefined) {
    const uncounted = web === undefined ? undefined : edgeMark(Stack.of(scope));
    const acl = new RateLimitAcl(scope, 'RateLimit', { scope: 'REGIONAL', ...waf, uncounted });
    new CfnWebACLAssociation(acl, 'Association', { resourceArn: api.deploymentStage.stageArn, webAclArn: acl.arn });
  }
  return domain === undefined ? api.url : new CustomDomain(scope, 'Domain', { api, domain }).url;
}
