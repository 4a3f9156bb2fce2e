import type { ErrorCode } from './errors.ts';

/**
 * The catalog entry for each response type that API Gateway itself returns. The entry's status overrides API Gateway's own. ACCESS_DENIED
 * is missing: an authorizer's Deny has its own code and message in its context.
 */
export const gatewayResponses = {
  UNAUTHORIZED: 'unauthorized',
  MISSING_AUTHENTICATION_TOKEN: 'not_found',
  RESOURCE_NOT_FOUND: 'not_found',
  INVALID_API_KEY: 'forbidden',
  INVALID_SIGNATURE: 'forbidden',
  EXPIRED_TOKEN: 'forbidden',
  WAF_FILTERED: 'forbidden',
  BAD_REQUEST_BODY: 'bad_request',
  BAD_REQUEST_PARAMETERS: 'bad_request',
  DEFAULT_4XX: 'bad_request',
  REQUEST_TOO_LARGE: 'request_too_large',
  THROTTLED: 'too_many_requests',
  QUOTA_EXCEEDED: 'too_many_requests',
  AUTHORIZER_FAILURE: 'service_unavailable',
  AUTHORIZER_CONFIGURATION_ERROR: 'service_unavailable',
  API_CONFIGURATION_ERROR: 'service_unavailable',
  INTEGRATION_FAILURE: 'service_unavailable',
  INTEGRATION_TIMEOUT: 'service_unavailable',
  DEFAULT_5XX: 'service_unavailable',
} as const satisfies Record<string, ErrorCode>;
