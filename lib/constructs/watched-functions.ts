import type { FunctionName, GateFunctionName } from '#contract/functions.ts';

export const AUTHORIZERS = [
  'widget-authorizer',
  'analytics-authorizer',
  'data-router-authorizer',
  'admin-authorizer',
] as const satisfies readonly FunctionName[];
/** Behind the routes without an authorizer, and the admin API. */
export const DIRECT_HANDLERS = [
  'token-issuer',
  'token-inspector',
  'security-token-issuer',
  'temp-token-issuer',
  'session-exchange',
  'cors-preflight',
  'jwks',
  'admin-login',
  'admin-api',
] as const satisfies readonly FunctionName[];
export const ENDPOINTS = ['widget-endpoint', 'analytics-endpoint', 'data-router-endpoint'] as const;
/** Functions that refuse leaked keys of servers. */
export const KEY_READERS = [
  'token-issuer',
  'token-inspector',
  'security-token-issuer',
  'temp-token-issuer',
  'session-exchange',
  'widget-authorizer',
  'analytics-authorizer',
  'data-router-authorizer',
] as const satisfies readonly FunctionName[];
/** Functions in the path of every widget or analytics call. */
export const HOT_PATH: readonly GateFunctionName[] = [
  ...AUTHORIZERS,
  ...ENDPOINTS,
  'token-issuer',
  'security-token-issuer',
];
