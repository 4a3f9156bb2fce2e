import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { GateFunctionName } from '../../lambda/contract/functions.ts';
import type { DataStack } from '../data-stack.ts';

/** Adds a function to the stack, with a role of its own that may do nothing yet. */
export type AddFunction = (constructId: string, functionName: GateFunctionName) => LambdaFunction;

/** The analytics API: security tokens, sessions, and what decides on each call. */
export function addAnalytics(add: AddFunction, { keys, sessions, ring, audit }: DataStack) {
  const securityTokenIssuer = add('SecurityTokenIssuer', 'security-token-issuer');
  keys.grantRead(securityTokenIssuer);
  sessions.grantNoteKeyUse(securityTokenIssuer);
  ring.grantRead(securityTokenIssuer);
  audit.grantAppend(securityTokenIssuer, 'refusals');

  const tempTokenIssuer = add('TempTokenIssuer', 'temp-token-issuer');
  keys.grantRead(tempTokenIssuer);
  sessions.grantNoteKeyUse(tempTokenIssuer);
  sessions.grantCreateTempToken(tempTokenIssuer);
  audit.grantAppend(tempTokenIssuer, 'refusals');

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
  keys.grantRead(authorizer);
  sessions.grantNoteKeyUse(authorizer);
  sessions.grantReadRevocations(authorizer);
  ring.grantRead(authorizer);
  audit.grantAppend(authorizer, 'refusals');

  return {
    'security-token-issuer': securityTokenIssuer,
    'temp-token-issuer': tempTokenIssuer,
    'session-exchange': sessionExchange,
    'cors-preflight': corsPreflight,
    'analytics-authorizer': authorizer,
    'analytics-endpoint': add('AnalyticsEndpoint', 'analytics-endpoint'),
  };
}

/** The data router's API, with keys of its own. */
export function addDataRouter(add: AddFunction, { keys, sessions, audit }: DataStack) {
  const authorizer = add('DataRouterAuthorizer', 'data-router-authorizer');
  keys.grantRead(authorizer);
  sessions.grantNoteKeyUse(authorizer);
  audit.grantAppend(authorizer, 'refusals');
  return {
    'data-router-authorizer': authorizer,
    'data-router-endpoint': add('DataRouterEndpoint', 'data-router-endpoint'),
  };
}
