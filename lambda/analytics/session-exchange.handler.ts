import type { PublicErrorOf } from '#contract/public-api.ts';
import { httpHandler, type RouteHandler } from '../platform/chain.ts';
import { nowSeconds } from '../platform/environment.ts';
import { logAuditDelay } from '../platform/log.ts';
import { refuse } from '../platform/responses.ts';
import { refuseServer, refusingServerKeys } from '../platform/server-call.ts';
import { sessionExchange } from './compose.ts';
import { beganAnswer, endedAnswer, presentedSession, readExchange, shownAnswer } from './session-calls.ts';
import { exchangeTempToken, useSession } from './sessions.ts';

const { tally, ...sessions } = sessionExchange(logAuditDelay);

const begin: RouteHandler = async (event) => {
  const exchange = readExchange(event);
  if (!exchange.ok) return refuse(exchange.reason, event.requestContext.requestId, exchange.detail);
  const begun = await exchangeTempToken(exchange.value, sessions, nowSeconds());
  if (!begun.ok)
    return refuseServer(begun satisfies { reason: PublicErrorOf<'begin-session'> }, 'x-api-key', event, tally);
  return beganAnswer(begun.value, exchange.value.mode, event.requestContext.requestId, nowSeconds());
};

const use: RouteHandler = async (event) => {
  const { requestId } = event.requestContext;
  const presented = presentedSession(event);
  if (presented === undefined) return refuse('no_session', requestId);
  const used = await useSession(presented, sessions, nowSeconds());
  if (!used.ok && used.reason !== 'no_session') {
    const { reason, origins } = used;
    return refuseServer({ reason, origins }, 'x-api-key', event, tally);
  }
  if (!used.ok && event.httpMethod === 'GET')
    return refuse(used.reason satisfies PublicErrorOf<'show-analytics-session'>, requestId);
  if (used.ok && event.httpMethod === 'GET') return shownAnswer(used.value, presented.mode, requestId, nowSeconds());
  // A session that has already ended is ended once more: a late sign-out is not an error.
  if (used.ok) await sessions.revocations.endSession(used.value.session, nowSeconds());
  return endedAnswer(requestId);
};

const notFound: RouteHandler = async ({ requestContext: { requestId } }) => refuse('not_found', requestId);
const methods = new Map([['POST', begin] as const, ['GET', use], ['DELETE', use]]);

/** ANY /api/auth/session: POST exchanges a temp token, GET shows the session, DELETE ends it. */
export const handler = httpHandler(
  refusingServerKeys(tally, async (event) => (methods.get(event.httpMethod) ?? notFound)(event)),
  { functionName: 'session-exchange', outcome: 'session_handled', credentialed: true },
);
