import type { APIGatewayProxyEvent } from 'aws-lambda';
import { environment } from '#contract/environment.ts';
import type { PublicAnswerOf } from '#contract/public-api.ts';
import { forwarding, streams } from '../forwarding/compose.ts';
import { upstreamForwarder } from '../forwarding/forward.ts';
import { asksForSession, forwardingHandler } from '../forwarding/forwarding-handler.ts';
import { logAuditDelay } from '../platform/log.ts';
import { answer, refuse } from '../platform/responses.ts';
import { verifiedIdentity, widgetIdentityHeaders } from './verified-identity.ts';

const forward = upstreamForwarder(process.env[environment.upstreamUrl], () => forwarding(logAuditDelay));

/**
 * ANY /api/widget/{proxy+}: the verified identity for GET or HEAD session, the upstream for all other calls; without an
 * upstream the identity for all.
 */
export const handler = forwardingHandler(
  async (event: APIGatewayProxyEvent) => {
    const { requestId } = event.requestContext;
    const identity = verifiedIdentity(event);
    // Called without an authorizer: a mistake in the API, never a right of the caller.
    if (identity === undefined) return refuse('unauthorized', requestId);
    return forward === undefined || asksForSession(event)
      ? answer(identity satisfies PublicAnswerOf<'show-widget-session'>, requestId)
      : forward(event, { identity: widgetIdentityHeaders(identity), shopId: identity.shopId });
  },
  { functionName: 'widget-endpoint', outcome: 'answered', streams: streams() },
);
