import type { APIGatewayAuthorizerResult as Answer, APIGatewayRequestAuthorizerEvent as Event } from 'aws-lambda';
import { analyticsAuthorization } from '../composition/analytics.ts';
import { nowSeconds } from '../composition/environment.ts';
import { protectedTrees } from '../contract/routes.ts';
import { analyticsCall } from '../http/analytics-call.ts';
import { analyticsContextOf, refusedIdsContext } from '../http/analytics-identity.ts';
import { AuthorizerAnswers, unauthorized, unavailable } from '../http/authorizer-answers.ts';
import { DecisionCounters } from '../http/decision-counters.ts';
import { errorNames, log, logAuditDelay, logKeyUseFailure, logLeakedKey } from '../http/log.ts';
import { requestIdOf } from '../http/request.ts';
import { type AnalyticsDecision, whyDenied } from '../services/analytics-decision.ts';
import { authorizeAnalyticsCall } from '../services/authorize-analytics-call.ts';

const { tally, ...authorization } = analyticsAuthorization(logKeyUseFailure, logAuditDelay);
const counters = new DecisionCounters('analytics-authorizer');
const answers = new AuthorizerAnswers(protectedTrees.analytics);

/** Decides on every analytics call. */
export async function handler(event: Event): Promise<Answer> {
  const requestId = requestIdOf(event.requestContext);
  let decided: AnalyticsDecision;
  try {
    decided = await authorizeAnalyticsCall(analyticsCall(event), authorization, nowSeconds());
  } catch (error) {
    counters.count('service_unavailable');
    return unavailable({ event: 'request_failed', requestId, ...errorNames(error) });
  }
  if (decided.outcome === 'allowed') {
    counters.count(decided.kind === 'dev-key' ? 'dev_key_used' : 'analytics_allowed');
    if (decided.kind === 'dev-key') log('warn', { event: 'dev_key_used', requestId, keyId: decided.keyId });
    return answers.allow(event.methodArn, decided.userId ?? decided.keyId, analyticsContextOf(decided));
  }
  await tally.note({ code: whyDenied(decided), requestId }, Date.now());
  // The endpoint answers and counts it.
  if ('header' in decided) return answers.allow(event.methodArn, decided.keyId, refusedIdsContext(decided));
  counters.count(decided.outcome);
  if (decided.outcome === 'unauthorized') return unauthorized();
  if (decided.outcome === 'api_key_in_browser') logLeakedKey(requestId, decided.keyId);
  return answers.deny(event.methodArn, decided.keyId, decided.outcome);
}
