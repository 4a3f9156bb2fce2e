import { Duration } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { headers } from '#contract/headers.ts';

/**
 * No caching at the gateway: a decision also depends on the origin, on time and on revocations, and one kept under the credential alone
 * would let a foreign origin in.
 */
const requestAuthorizer = (scope: Construct, id: string, handler: IFunction, ...identitySources: string[]) =>
  new RequestAuthorizer(scope, id, { handler, identitySources, resultsCacheTtl: Duration.seconds(0) });

/**
 * The authorizer of widget calls: the one whose decisions a stage may have kept, because token and origin are all that they depend on besides
 * time and changes of the shop. The price: API Gateway then refuses a call without an Origin (401), whoever sends it.
 */
export function widgetAuthorizer(scope: Construct, id: string, handler: IFunction, cacheSeconds: number): IAuthorizer {
  const token = IdentitySource.header(headers.widgetToken);
  if (cacheSeconds === 0) return requestAuthorizer(scope, id, handler, token);
  return new RequestAuthorizer(scope, id, {
    handler,
    identitySources: [token, IdentitySource.header('Origin')],
    resultsCacheTtl: Duration.seconds(cacheSeconds),
  });
}

/** The authorizer of the admin API. */
export const adminAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.header('Cookie'));

/** The authorizer of analytics calls. Its credential stands in any of three headers, so the gateway demands none: what every call has. */
export const analyticsAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.context('requestId'));

/** The authorizer of data router calls. */
export const dataRouterAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.header(headers.serviceKey));
