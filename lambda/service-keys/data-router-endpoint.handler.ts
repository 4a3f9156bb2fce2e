import { environment } from '#contract/environment.ts';
import { headers } from '#contract/headers.ts';
import type { PublicAnswerOf } from '#contract/public-api.ts';
import { forwarding, streams } from '../forwarding/compose.ts';
import { upstreamForwarder } from '../forwarding/forward.ts';
import { asksForSession, forwardingHandler } from '../forwarding/forwarding-handler.ts';
import { logAuditDelay } from '../platform/log.ts';
import { answer, refuse } from '../platform/responses.ts';

const forward = upstreamForwarder(process.env[environment.dataRouterUpstreamUrl], () => forwarding(logAuditDelay));

/**
 * ANY /api/data-router/{proxy+}: the verified identity for GET or HEAD session, the upstream for all other calls;
 * without an upstream the identity for all.
 */
export const handler = forwardingHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const keyId: unknown = event.requestContext.authorizer?.keyId;
    // Called without an authorizer: a mistake in the API, never a right of the caller.
    if (typeof keyId !== 'string') return refuse('unauthorized', requestId);
    const identity = { [headers.credentialKind]: 'data-router-key', [headers.serviceKeyId]: keyId };
    return forward === undefined || asksForSession(event)
      ? answer({ kind: 'data-router-key', keyId } satisfies PublicAnswerOf<'call-data-router'>, requestId)
      : forward(event, { identity });
  },
  { functionName: 'data-router-endpoint', outcome: 'data_router_answered', streams: streams() },
);
