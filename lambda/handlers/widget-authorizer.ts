import type { APIGatewayAuthorizerResult as Answer, APIGatewayRequestAuthorizerEvent as Event } from 'aws-lambda';
import { nowSeconds, required } from '../composition/environment.ts';
import { widgetAuthorization } from '../composition/shops.ts';
import { AuthorizerAnswers, unauthorized, unavailable } from '../http/authorizer-answers.ts';
import { DecisionCounters } from '../http/decision-counters.ts';
import { errorNames, logAuditDelay, logLeakedKey } from '../http/log.ts';
import { headerValues, type MultiValueHeaders, requestIdOf } from '../http/request.ts';
import { widgetContextOf as contextOf } from '../http/verified-identity.ts';
import { authorizeWidgetCall, type WidgetDecision, whyRefused } from '../services/authorize-widget-call.ts';

const { shops, tally } = widgetAuthorization(logAuditDelay);
const counters = new DecisionCounters('widget-authorizer');
const answers = new AuthorizerAnswers(required('protectedTree'));

/** Decides on every widget call. Plain, without middy: error middleware would turn the gateway's 401 into a 500. */
export function handler({ multiValueHeaders, methodArn, requestContext }: Event): Promise<Answer> {
  const requestId = requestIdOf(requestContext);
  const values = (name: string): string[] => headerValues(multiValueHeaders as MultiValueHeaders, name);
  const call = { tokens: values('x-widget-token'), origins: values('origin') };
  const decision = authorizeWidgetCall(call, shops, nowSeconds());
  if (!(decision instanceof Promise)) return answerFor(decision, methodArn, requestId);
  return decision.then(
    (decided) => answerFor(decided, methodArn, requestId),
    (error: unknown) => {
      counters.count('service_unavailable');
      return unavailable({ event: 'request_failed', requestId, ...errorNames(error) });
    },
  );
}

async function answerFor(decided: WidgetDecision, methodArn: string, requestId: string): Promise<Answer> {
  counters.count(decided.outcome);
  if (decided.outcome === 'allowed') return answers.allow(methodArn, decided.shopId, contextOf(decided));
  const { outcome, shopId } = decided;
  await tally.note({ shopId, code: whyRefused(decided), requestId }, Date.now());
  if (outcome === 'unauthorized') return unauthorized();
  if (outcome === 'corrupt_record') return unavailable({ event: outcome, requestId, shopId });
  if (decided.outcome === 'api_key_in_browser') logLeakedKey(requestId, decided.keyId);
  return answers.deny(methodArn, shopId ?? 'unknown', outcome);
}
