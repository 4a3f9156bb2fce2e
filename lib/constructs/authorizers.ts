import { Duration } from 'aws-cdk-lib';
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { headers } from '#contract/headers.ts';

/**
 * No caching at the gateway: a decision also depends on the origin, on time and on revocations. A decision cached by the credential alone
 * would allow other origins.
 */
const requestAuthorizer = (scope: Construct, id: string, handler: IFunction, ...identitySources: string[]) =>
  new RequestAuthorizer(scope, id, { handler, identitySources, resultsCacheTtl: Duration.seconds(0) });

/**
 * The authorizer of widget calls. A stage may have only its decisions cached, because apart from time and changes of the shop they depend
 * only on token and origin. With caching, API Gateway refuses every call without an Origin (401).
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

/** The authorizer of analytics calls. Its credential is in any of three headers, so its identity source is a value that every call has. */
export const analyticsAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.context('requestId'));

/** The authorizer of data router calls. */
export const dataRouterAuthorizer = (scope: Construct, id: string, handler: IFunction): IAuthorizer =>
  requestAuthorizer(scope, id, handler, IdentitySource.header(headers.serviceKey));
