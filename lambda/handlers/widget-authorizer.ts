import type { APIGatewayAuthorizerResult as Answer, APIGatewayRequestAuthorizerEvent as Event } from 'aws-lambda';
import { nowSeconds, verifiableShops } from '../composition.ts';
import { protectedTrees } from '../contract/routes.ts';
import { AuthorizerAnswers, unauthorized, unavailable } from '../http/authorizer-answers.ts';
import { DecisionCounters } from '../http/decision-counters.ts';
import { errorNames } from '../http/log.ts';
import { headerValues, type MultiValueHeaders } from '../http/request.ts';
import { authorizeWidgetCall, type WidgetDecision } from '../services/authorize-widget-call.ts';

const shops = verifiableShops();
const counters = new DecisionCounters('widget-authorizer');
const answers = new AuthorizerAnswers(protectedTrees['widget-token']);

/** Decides on every widget call. Plain, without middy: error middleware would turn the gateway's 401 into a 500. */
export function handler(event: Event): Promise<Answer> {
  const headers = event.multiValueHeaders as MultiValueHeaders;
  const call = { tokens: headerValues(headers, 'x-widget-token'), origins: headerValues(headers, 'origin') };
  const decision = authorizeWidgetCall(call, shops, nowSeconds());
  if (!(decision instanceof Promise)) return answerFor(decision, event);
  return decision.then(
    (decided) => answerFor(decided, event),
    (error: unknown) => answerFor({ outcome: 'service_unavailable', error }, event),
  );
}

type Outcome = WidgetDecision | { readonly outcome: 'service_unavailable'; readonly error: unknown };

async function answerFor(decided: Outcome, { methodArn, requestContext: { requestId } }: Event): Promise<Answer> {
  counters.count(decided.outcome);
  if (decided.outcome === 'allowed') {
    const { shopId, issuedAt, expiresAt } = decided;
    return answers.allow(methodArn, shopId, { shopId, issuedAt, expiresAt });
  }
  if (decided.outcome === 'unauthorized') return unauthorized();
  if (decided.outcome === 'service_unavailable')
    return unavailable({ event: 'request_failed', requestId, ...errorNames(decided.error) });
  const { outcome, shopId } = decided;
  if (outcome === 'corrupt_record') return unavailable({ event: outcome, requestId, shopId });
  return answers.deny(methodArn, shopId, outcome);
}
