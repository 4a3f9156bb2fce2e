import { environment } from '#contract/environment.ts';
import { forwarding, streams } from '../forwarding/compose.ts';
import { upstreamForwarder } from '../forwarding/forward.ts';
import { asksForSession, forwardingHandler } from '../forwarding/forwarding-handler.ts';
import { logAuditDelay } from '../platform/log.ts';
import { answer, refuse } from '../platform/responses.ts';
import { analyticsIdentity, analyticsIdentityHeaders, describeAnalyticsIdentity, refusedIds } from './identity.ts';
import { addAnalyticsHeaders } from './session-calls.ts';

const forward = upstreamForwarder(process.env[environment.analyticsUpstreamUrl], () => forwarding(logAuditDelay));

/**
 * ANY /api/analytics/{proxy+}: the verified identity for GET or HEAD session, the upstream for all other calls; without
 * an upstream the identity for all.
 */
export const handler = forwardingHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const refused = refusedIds(event);
    if (refused !== undefined) return refuse(refused.refusedIds, requestId, `Check the header ${refused.header}.`);
    const identity = analyticsIdentity(event);
    // Called without an authorizer: a mistake in the API, never a right of the caller.
    if (identity === undefined) return refuse('unauthorized', requestId);
    const answered =
      forward === undefined || asksForSession(event)
        ? answer(describeAnalyticsIdentity(identity), requestId)
        : await forward(event, { identity: analyticsIdentityHeaders(identity), dropped: ['authorization'] });
    return addAnalyticsHeaders(answered, identity, Date.now());
  },
  {
    functionName: 'analytics-endpoint',
    outcome: 'analytics_answered',
    credentialed: true,
    streams: streams(),
  },
);
