import type { APIGatewayProxyResult } from 'aws-lambda';
import { type ErrorCode, errors } from '#contract/errors.ts';
import { headers } from '#contract/headers.ts';
import { limits } from '#contract/limits.ts';

/** Response headers that a page's script may read. */
export const exposedHeaders = [
  headers.requestId,
  headers.widgetTokenExpiresIn,
  headers.securityTokenExpiresIn,
  headers.sessionExpiresIn,
  headers.sessionToken,
  headers.devKeyWarning,
  'Retry-After',
];

/** Headers of every response of our own. For routes where pages call with a cookie, `forPage` replaces `*` with the page's own origin. */
const commonHeaders = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': exposedHeaders.join(', '),
};

export function answer(body: object, requestId: string, extra: Record<string, string> = {}): APIGatewayProxyResult {
  return {
    statusCode: 200,
    headers: { ...commonHeaders, [headers.requestId]: requestId, ...extra },
    body: JSON.stringify(body),
  };
}

const refusals = new WeakMap<APIGatewayProxyResult, ErrorCode>();

/** The code of a response that `refuse` made. */
export const refusalOf = (answered: APIGatewayProxyResult): ErrorCode | undefined => refusals.get(answered);

/**
 * A refusal from the catalog; `detail` follows its sentence where the reader is a verified administrator. 429 and 503 have `Retry-After`.
 */
export function refuse(
  code: ErrorCode,
  requestId: string,
  detail?: string,
  retryAfterSeconds: number = limits.retryAfterSeconds,
): APIGatewayProxyResult {
  const { status, message: sentence } = errors[code];
  const message = detail === undefined ? sentence : `${sentence} ${detail}`;
  const retry = status === 503 || status === 429 ? { 'Retry-After': String(retryAfterSeconds) } : {};
  const refused = {
    statusCode: status,
    headers: { ...commonHeaders, [headers.requestId]: requestId, ...retry },
    body: JSON.stringify({ code, message, requestId }),
  };
  refusals.set(refused, code);
  return refused;
}
