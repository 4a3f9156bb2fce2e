import type { APIGatewayProxyResult } from 'aws-lambda';
import { headers } from '#contract/headers.ts';

/** A response of the admin API. It has no CORS headers, because only pages of its own origin may read it. */
export function adminAnswer(
  statusCode: number,
  body: object | undefined,
  requestId: string,
  extra: Record<string, string> = {},
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      [headers.requestId]: requestId,
      ...extra,
    },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}
