import type { APIGatewayAuthorizerResult as Answer, APIGatewayRequestAuthorizerEvent as Event } from 'aws-lambda';
import { nowSeconds, verifiableShops } from '../composition.ts';
import { protectedTrees } from '../contract/routes.ts';
import { AuthorizerAnswers, unauthorized, unavailable } from '../http/authorizer-answers.ts';
import { errorNames } from '../http/log.ts';
import { headerValues, type MultiValueHeaders } from '../http/request.ts';
import { authorizeWidgetCall, type WidgetDecision } from '../services/authorize-widget-call.ts';

const shops = verifiableShops();
const answers = new AuthorizerAnswers(protectedTrees['widget-token']);

/** Decides on every widget call. Plain, without middy: error middleware would turn the gateway's 401 into a 500. */
export function handler(event: Event): Promise<Answer> {
  const headers = event.multiValueHeaders as MultiValueHeaders;
  const call = { tokens: headerValues(headers, 'x-widget-token'), origins: headerValues(headers, 'origin') };
  const decision = authorizeWidgetCall(call, shops, nowSeconds());
  if (!(decision instanceof Promise)) return answerFor(decision, event);
  const { requestId } = event.requestContext;
  return decision.then(
    (decided) => answerFor(decided, event),
    (error: unknown) => unavailable({ event: 'request_failed', requestId, ...errorNames(error) }),
  );
}

async function answerFor(decision: WidgetDecision, { methodArn, requestContext }: Event): Promise<Answer> {
  switch (decision.outcome) {
    case 'allowed':
      return answers.allow(methodArn, decision);
    case 'unauthorized':
      return unauthorized();
    case 'unavailable':
      return unavailable({ event: 'corrupt_record', requestId: requestContext.requestId, shopId: decision.shopId });
    default:
      return answers.deny(methodArn, decision.shopId, decision.outcome);
  }
}
