import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { GateFunctionName } from '#contract/functions.ts';
import type { DataStack } from '../data-stack.ts';

/** Adds a function to the stack, with its own role that has no rights yet. */
export type AddFunction = (constructId: string, functionName: GateFunctionName) => LambdaFunction;

/** The rights for authenticating a service key: its record, recording its use, and the trail for refused calls. */
function grantAuthenticateServiceKey(grantee: LambdaFunction, { keys, sessions, audit }: DataStack): void {
  keys.grantRead(grantee);
  sessions.grantNoteKeyUse(grantee);
  audit.grantAppend(grantee, 'refusals');
}

/** A function that forwards calls, each with an assertion, and records why an upstream failed. */
export function addEndpoint(endpoint: LambdaFunction, { signingKeys, audit }: DataStack): LambdaFunction {
  signingKeys.grantRead(endpoint);
  audit.grantAppend(endpoint, 'refusals');
  return endpoint;
}

/** The analytics API: security tokens, sessions, and the decision on each call. */
export function addAnalytics(add: AddFunction, data: DataStack) {
  const { keys, sessions, ring, audit } = data;
  const securityTokenIssuer = add('SecurityTokenIssuer', 'security-token-issuer');
  grantAuthenticateServiceKey(securityTokenIssuer, data);
  ring.grantRead(securityTokenIssuer);

  const tempTokenIssuer = add('TempTokenIssuer', 'temp-token-issuer');
  grantAuthenticateServiceKey(tempTokenIssuer, data);
  sessions.grantCreateTempToken(tempTokenIssuer);

  const sessionExchange = add('SessionExchange', 'session-exchange');
  keys.grantRead(sessionExchange);
  sessions.grantExchangeTempToken(sessionExchange);
  sessions.grantReadRevocations(sessionExchange);
  sessions.grantEndAnalyticsSession(sessionExchange);
  ring.grantRead(sessionExchange);
  audit.grantAppend(sessionExchange, 'refusals');

  const corsPreflight = add('CorsPreflight', 'cors-preflight');
  keys.grantListServiceKeys(corsPreflight);

  const authorizer = add('AnalyticsAuthorizer', 'analytics-authorizer');
  grantAuthenticateServiceKey(authorizer, data);
  sessions.grantReadRevocations(authorizer);
  ring.grantRead(authorizer);

  return {
    'security-token-issuer': securityTokenIssuer,
    'temp-token-issuer': tempTokenIssuer,
    'session-exchange': sessionExchange,
    'cors-preflight': corsPreflight,
    'analytics-authorizer': authorizer,
    'analytics-endpoint': addEndpoint(add('AnalyticsEndpoint', 'analytics-endpoint'), data),
  };
}

/** The data router's API, with its own keys. */
export function addDataRouter(add: AddFunction, data: DataStack) {
  const authorizer = add('DataRouterAuthorizer', 'data-router-authorizer');
  grantAuthenticateServiceKey(authorizer, data);
  return {
    'data-router-authorizer': authorizer,
    'data-router-endpoint': addEndpoint(add('DataRouterEndpoint', 'data-router-endpoint'), data),
  };
}
