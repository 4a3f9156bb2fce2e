import type { PublicErrorOf } from '#contract/public-api.ts';
import { protectedTrees } from '#contract/routes.ts';
import { authorizer, type Verdict } from '../platform/authorizer.ts';
import { nowSeconds } from '../platform/environment.ts';
import { log, logAuditDelay, logKeyUseFailure } from '../platform/log.ts';
import { analyticsCall } from './analytics-call.ts';
import { type AnalyticsDecision, authorizeAnalyticsCall, whyDenied } from './authorize-analytics-call.ts';
import { analyticsAuthorization } from './compose.ts';
import { analyticsContextOf, refusedIdsContext } from './identity.ts';

const { tally, ...authorization } = analyticsAuthorization(logKeyUseFailure, logAuditDelay);

/** Decides on every analytics call. */
export const handler = authorizer({
  functionName: 'analytics-authorizer',
  tree: protectedTrees.analytics,
  tally,
  decide: async (event, requestId) => {
    const decided = await authorizeAnalyticsCall(analyticsCall(event), authorization, nowSeconds());
    const isByDevKey = decided.outcome === 'allowed' && decided.kind === 'dev-key';
    if (isByDevKey) log('warn', { event: 'dev_key_used', requestId, keyId: decided.keyId });
    return verdictOf(decided, isByDevKey);
  },
});

function verdictOf(decided: AnalyticsDecision, isByDevKey: boolean): Verdict {
  if (decided.outcome === 'allowed') {
    const principalId = decided.userId ?? decided.keyId;
    const counted = isByDevKey ? 'dev_key_used' : 'analytics_allowed';
    return { kind: 'allow', principalId, context: analyticsContextOf(decided), counted };
  }
  const filed = { code: whyDenied(decided), ...('origins' in decided && { origins: decided.origins }) };
  // The endpoint returns the refusal and counts it.
  if ('header' in decided)
    return { kind: 'allow', principalId: decided.keyId, context: refusedIdsContext(decided), filed };
  if (decided.outcome === 'unauthorized') return { kind: 'unauthorized', filed };
  const { outcome: code, keyId } = decided;
  return {
    kind: 'deny',
    code: code satisfies PublicErrorOf<'call-analytics-api'>,
    principalId: keyId,
    filed,
    ...(code === 'api_key_in_browser' && { leakedKeyId: keyId }),
  };
}
