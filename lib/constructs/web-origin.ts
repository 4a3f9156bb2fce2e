import { Duration } from 'aws-cdk-lib';
import { type IOrigin, OriginProtocolPolicy, OriginSslPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, RestApiOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { ApiStack } from '../api-stack.ts';
import type { StageOptions } from '../stage-config/options.ts';
import { edgeMark } from './edge-mark.ts';

/** One second longer than API Gateway's maximum, so that its own refusal arrives. */
const LONGEST_ANSWER = Duration.seconds(30);

/** The REST API as CloudFront calls it: at its stage, or under its custom domain, which closes the stage's address. */
export function apiOrigin(stack: ApiStack, { domain }: Pick<StageOptions, 'domain'>): IOrigin {
  const mark = edgeMark(stack);
  const props = {
    readTimeout: LONGEST_ANSWER,
    customHeaders: { [mark.header]: mark.value },
  };
  if (domain === undefined) return new RestApiOrigin(stack.api, props);
  return new HttpOrigin(domain.name, {
    ...props,
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
  });
}
