import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { cookies } from '#contract/cookies.ts';
import { cookieValues } from '../platform/cookies.ts';
import { headerValues, type MultiValueHeaders } from '../platform/request.ts';
import { presentedKeys } from '../platform/server-call.ts';

/** What of an analytics call decides about it. Which app it is for may also stand in the query. */
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
