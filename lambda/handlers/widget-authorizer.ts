import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { nowSeconds, verifiableShops } from '../composition.ts';
import { protectedTrees } from '../contract/routes.ts';
import { AuthorizerAnswers, unauthorized } from '../http/authorizer-answers.ts';
import { log } from '../http/log.ts';
import { headerValues, type MultiValueHeaders } from '../http/request.ts';
import { authorizeWidgetCall, type WidgetDecision } from '../services/authorize-widget-call.ts';

const shops = verifiableShops();
const answers = new AuthorizerAnswers(protectedTrees['widget-token']);

/** Decides on every widget call. Plain, without middy: error middleware would turn the gateway's 401 into a 500. */
export function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const headers = event.multiValueHeaders as MultiValueHeaders;
  const call = { tokens: headerValues(headers, 'x-widget-token'), origins: headerValues(headers, 'origin') };
  const decision = authorizeWidgetCall(call, shops, nowSeconds());
  return decision instanceof Promise
    ? decision.then((decided) => answerFor(decided, event))
    : answerFor(decision, event);
}

async function answerFor(
  decision: WidgetDecision,
  event: APIGatewayRequestAuthorizerEvent,
): Promise<APIGatewayAuthorizerResult> {
  switch (decision.outcome) {
    case 'allowed':
      return answers.allow(event.methodArn, decision);
    case 'unauthorized':
      return unauthorized();
    case 'unavailable':
      log('error', { event: 'corrupt_record', requestId: event.requestContext.requestId, shopId: decision.shopId });
      // Any failure that is not "Unauthorized" becomes the gateway's AUTHORIZER_FAILURE, which answers 503.
      throw new Error('Unavailable');
    default:
      return answers.deny(event.methodArn, decision.shopId, decision.outcome);
  }
}
