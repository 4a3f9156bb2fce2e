import { Duration } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { headers } from '../../lambda/contract/headers.ts';

/**
 * No caching at the gateway: a decision also depends on the origin, on time and on revocations, and one kept under the credential alone
 * would let a foreign origin in.
 */
const requestAuthorizer = (scope: Construct, id: string, handler: IFunction, identitySource: string): IAuthorizer =>
  new RequestAuthorizer(scope, id, {
    handler,
    identitySources: [identitySource],
    resultsCacheTtl: Duration.seconds(0),
  });

/** The authorizer of widget calls. */
export const widgetAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.header(headers.widgetToken));

/** The authorizer of the admin API. */
export const adminAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.header('Cookie'));

/** The authorizer of analytics calls. Its credential stands in any of three headers, so the gateway demands none: what every call has. */
export const analyticsAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.context('requestId'));

/** The authorizer of data router calls. */
export const dataRouterAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.header(headers.serviceKey));
