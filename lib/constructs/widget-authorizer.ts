import { Duration } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { headers } from '../../lambda/contract/headers.ts';

/**
 * The authorizer of widget calls. No caching at the gateway: the decision also depends on the origin, on time and on revocations, and a
 * decision kept under the token alone would let a foreign origin in.
 */
export const widgetAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  new RequestAuthorizer(scope, id, {
    handler,
    identitySources: [IdentitySource.header(headers.widgetToken)],
    resultsCacheTtl: Duration.seconds(0),
  });
