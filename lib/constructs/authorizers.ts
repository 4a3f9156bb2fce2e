import { Duration } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { headers } from '../../lambda/contract/headers.ts';

/**
 * No caching at the gateway: a decision also depends on the origin, on time and on revocations, and one kept under the credential alone
 * would let a foreign origin in.
 */
const requestAuthorizer = (scope: Construct, id: string, handler: IFunction, header: string): IAuthorizer =>
  new RequestAuthorizer(scope, id, {
    handler,
    identitySources: [IdentitySource.header(header)],
    resultsCacheTtl: Duration.seconds(0),
  });

/** The authorizer of widget calls. */
export const widgetAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, headers.widgetToken);

/** The authorizer of the admin API. */
export const adminAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, 'Cookie');
