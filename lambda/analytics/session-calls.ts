import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import * as v from 'valibot';
import type { AnalyticsAuthorizerContext } from '#contract/context.ts';
import { cookies } from '#contract/cookies.ts';
import { headers } from '#contract/headers.ts';
import { bearerOf } from '../crypto/bearer.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import { sayWrongMember } from '../platform/body-members.ts';
import { setPartitionedCookie } from '../platform/cookies.ts';
import { answer } from '../platform/responses.ts';
import { analyticsCall } from './analytics-call.ts';
import type { AnalyticsSession } from './security-token.ts';

type Mode = 'cookie' | 'token';

/** A session or temp token as it was sent. */
interface Presented {
  readonly mode: Mode;
  readonly text: string;
  readonly origins: readonly string[];
}

/**
 * The session of a call: its bearer value if one was sent, otherwise its one cookie together with the header that pages
 * of other sites cannot send.
 */
export function presentedSession(event: APIGatewayProxyEvent): Presented | undefined {
  const { authorizations, sessionCookies, hasRequestedWith, origins } = analyticsCall(event);
  if (authorizations.length > 0) {
    const text = bearerOf(authorizations);
    return text === undefined ? undefined : { mode: 'token', text, origins };
  }
  const [text] = sessionCookies;
  if (text === undefined || sessionCookies.length !== 1 || !hasRequestedWith) return undefined;
  return { mode: 'cookie', text, origins };
}

const exchangeBody = v.strictObject({ mode: v.optional(v.picklist(['cookie', 'token']), 'cookie') });

/** The temp token of a call, and the form in which its session is returned. */
export function readExchange(
  event: APIGatewayProxyEvent,
): Result<Presented, 'invalid_json' | 'invalid_request' | 'invalid_temp_token'> {
  const { authorizations, origins } = analyticsCall(event);
  const json = event.body === null || event.body === '' ? success({}) : parseStrictJsonObject(event.body);
  if (!json.ok) return json;
  const body = v.safeParse(exchangeBody, json.value);
  if (!body.success) return refusal('invalid_request', sayWrongMember(body.issues[0], { mode: 'cookie or token' }));
  const text = bearerOf(authorizations);
  return text === undefined ? refusal('invalid_temp_token') : success({ mode: body.output.mode, text, origins });
}

/** A new session: its cookie, or its bearer value. */
export function beganAnswer(
  { text, session }: { readonly text: string; readonly session: AnalyticsSession },
  mode: Mode,
  requestId: string,
  nowSeconds: number,
): APIGatewayProxyResult {
  const lifeSeconds = session.expiresAt - nowSeconds;
  const expiresIn = { [headers.sessionExpiresIn]: String(lifeSeconds) };
  if (mode === 'token') return answer({ token: text }, requestId, expiresIn);
  const cookie = setPartitionedCookie(cookies.session, text, lifeSeconds);
  return { ...answer({}, requestId, { ...expiresIn, 'Set-Cookie': cookie }), statusCode: 204, body: '' };
}

/** An active session, and its renewed text if this request renewed it. */
export function shownAnswer(
  { session, renewed }: { readonly session: AnalyticsSession; readonly renewed?: string },
  mode: Mode,
  requestId: string,
  nowSeconds: number,
): APIGatewayProxyResult {
  const { userId, appId, clientId, orgId, expiresAt, endsAt } = session;
  return answer({ userId, appId, clientId, orgId, expiresAt, endsAt }, requestId, {
    [headers.sessionExpiresIn]: String(expiresAt - nowSeconds),
    ...renewalHeaders(renewed, mode, expiresAt - nowSeconds),
  });
}

/** The headers that carry a renewed session to its page. */
export function renewalHeaders(renewed: string | undefined, mode: Mode, lifeSeconds: number): Record<string, string> {
  if (renewed === undefined) return {};
  return mode === 'token'
    ? { [headers.sessionToken]: renewed }
    : { 'Set-Cookie': setPartitionedCookie(cookies.session, renewed, lifeSeconds) };
}

/** An ended session: the browser deletes its cookie. */
export const endedAnswer = (requestId: string): APIGatewayProxyResult => ({
  ...answer({}, requestId, { 'Set-Cookie': setPartitionedCookie(cookies.session, '', 0) }),
  statusCode: 204,
  body: '',
});

const DEV_KEY_WARNING =
  'A dev key decided on this call. Anyone who opens the page can see it; never use one in production.';

/** Adds headers to a response: a renewed session, and the warning that a dev key is in use. */
export function addAnalyticsHeaders(
  answered: APIGatewayProxyResult,
  { kind, renewed, renewedAs = 'cookie', expiresAt = 0 }: AnalyticsAuthorizerContext,
  nowMilliseconds: number,
): APIGatewayProxyResult {
  const lifeSeconds = expiresAt - Math.floor(nowMilliseconds / 1_000);
  const { 'Set-Cookie': cookie, ...renewal } = renewalHeaders(renewed, renewedAs, lifeSeconds);
  const warning = kind === 'dev-key' ? { [headers.devKeyWarning]: DEV_KEY_WARNING } : {};
  answered.headers = { ...answered.headers, ...renewal, ...warning };
  if (renewed === undefined) return answered;
  const { 'set-cookie': theirs = [], 'cache-control': _stated, ...others } = answered.multiValueHeaders ?? {};
  const cookies = cookie === undefined ? theirs : [...theirs, cookie];
  // A response with a credential in it must not be shown again, whatever the upstream states.
  answered.headers = { ...answered.headers, 'Cache-Control': 'no-store' };
  answered.multiValueHeaders = cookies.length === 0 ? others : { ...others, 'set-cookie': cookies };
  return answered;
}
