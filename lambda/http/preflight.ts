import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { headers } from '../contract/headers.ts';
import { limits } from '../contract/limits.ts';
import { headerValues, type MultiValueHeaders } from './request.ts';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
/** What our own clients send. */
const OWN = [
  'Authorization',
  'Content-Type',
  'X-Requested-With',
  headers.serviceKey,
  headers.userId,
  headers.appId,
  headers.clientId,
];
/** More than any page of ours asks for. */
const MAX_LIST_CHARS = 1_024;
/** Header names (RFC 9110 §5.6.2), but none with `*`, which would stand for all. */
const TOKEN_LIST = /^[a-z0-9!#$%&'+.^_`|~-]+(?: *, *[a-z0-9!#$%&'+.^_`|~-]+)*$/i;

/** The one Origin of a preflight (the Fetch standard, §3.2.2). */
export function preflightOrigin({ multiValueHeaders }: APIGatewayProxyEvent): string | undefined {
  const origins = headerValues(multiValueHeaders as MultiValueHeaders, 'origin');
  return origins.length === 1 ? origins[0] : undefined;
}

/**
 * The answer to a preflight. A page that may call with its cookie is named, and gets the headers it asks for, since `*` means nothing with
 * credentials; any other may call without.
 */
export function preflightAnswer(
  event: APIGatewayProxyEvent,
  credentialedOrigin: string | undefined,
): APIGatewayProxyResult {
  const [asked = '', ...more] = headerValues(
    event.multiValueHeaders as MultiValueHeaders,
    'access-control-request-headers',
  );
  const isList = more.length === 0 && asked.length <= MAX_LIST_CHARS && TOKEN_LIST.test(asked);
  const wanted = credentialedOrigin === undefined ? ['*'] : isList ? [asked] : [];
  return {
    statusCode: 204,
    headers: {
      'Access-Control-Allow-Origin': credentialedOrigin ?? '*',
      ...(credentialedOrigin !== undefined && { 'Access-Control-Allow-Credentials': 'true' }),
      'Access-Control-Allow-Methods': METHODS,
      'Access-Control-Allow-Headers': [...OWN, ...wanted].join(', '),
      'Access-Control-Max-Age': String(limits.preflightSeconds),
      'Cache-Control': 'no-store',
      [headers.requestId]: event.requestContext.requestId,
      Vary: 'Origin, Access-Control-Request-Headers',
    },
    body: '',
  };
}
