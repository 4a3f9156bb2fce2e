import type { APIGatewayProxyResult } from 'aws-lambda';
import { headers } from '#contract/headers.ts';

/** An answer of the admin API: for pages of its own origin only, so without CORS headers. */
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
