import type { APIGatewayProxyResult } from 'aws-lambda';
import type { AnalyticsAuthorizerContext } from '../contract/context.ts';
import { headers } from '../contract/headers.ts';
import { renewalHeaders } from './session-calls.ts';

const DEV_KEY_WARNING =
  'A dev key decided on this call. It is visible to whoever opens the page; never use one in production.';

/** Adds what an answer must say beside its content: a session that was renewed, and that a dev key is in use. */
export function addAnalyticsHeaders(
  answered: APIGatewayProxyResult,
  { kind, renewed, renewedAs = 'cookie', expiresAt = 0 }: AnalyticsAuthorizerContext,
  nowMilliseconds: number,
): APIGatewayProxyResult {
  const lifeSeconds = expiresAt - Math.floor(nowMilliseconds / 1_000);
  const { 'Set-Cookie': cookie, ...renewal } = renewalHeaders(renewed, renewedAs, lifeSeconds);
  const warning = kind === 'dev-key' ? { [headers.devKeyWarning]: DEV_KEY_WARNING } : {};
  answered.headers = { ...answered.headers, ...renewal, ...warning };
  if (cookie !== undefined) {
    const { multiValueHeaders = {} } = answered;
    const theirs = multiValueHeaders['set-cookie'] ?? [];
    answered.multiValueHeaders = { ...multiValueHeaders, 'set-cookie': [...theirs, cookie] };
  }
  return answered;
}
