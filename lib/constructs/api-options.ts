import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { StageOptions } from '../stage-config/options.ts';
import { CustomDomain } from './custom-domain.ts';
import { RateLimitAcl } from './rate-limit-acl.ts';

/** Adds what a stage turns on in front of its API. Returns the API's address. */
export function addApiOptions(scope: Construct, api: RestApi, { domain, waf }: StageOptions): string {
  if (waf !== undefined) new RateLimitAcl(scope, 'RateLimit', { stage: api.deploymentStage, ...waf });
  return domain === undefined ? api.url : new CustomDomain(scope, 'Domain', { api, domain }).url;
}
