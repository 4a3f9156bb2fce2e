import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { cookies } from '#contract/cookies.ts';
import { cookieValues } from '../platform/cookies.ts';
import { headerValues, type MultiValueHeaders } from '../platform/request.ts';
import { presentedKeys } from '../platform/server-call.ts';

/** The parts of an analytics call that the decision needs. The app may also be specified in the query. */
export function analyticsCall({
  multiValueHeaders,
  multiValueQueryStringParameters: query,
}: Pick<APIGatewayRequestAuthorizerEvent, 'multiValueHeaders' | 'multiValueQueryStringParameters'>) {
  const headers = multiValueHeaders as MultiValueHeaders;
  return {
    ...presentedKeys(headers, 'x-api-key'),
    authorizations: headerValues(headers, 'authorization'),
    sessionCookies: cookieValues(headers, cookies.session),
    origins: headerValues(headers, 'origin'),
    hasRequestedWith: headerValues(headers, 'x-requested-with').length > 0,
    stated: {
      userId: headerValues(headers, 'x-user-id'),
      appId: [...headerValues(headers, 'x-app-id'), ...(query?.appId ?? [])],
      clientId: headerValues(headers, 'x-client-id'),
    },
  };
}
