import type { APIGatewayAuthorizerResult as Answer, APIGatewayRequestAuthorizerEvent as Event } from 'aws-lambda';
import { dataRouterAuthorization } from '../composition/analytics.ts';
import { nowSeconds } from '../composition/environment.ts';
import { protectedTrees } from '../contract/routes.ts';
import { AuthorizerAnswers, unauthorized, unavailable } from '../http/authorizer-answers.ts';
import { DecisionCounters } from '../http/decision-counters.ts';
import { errorNames, log, logAuditDelay, logKeyUseFailure } from '../http/log.ts';
import type { MultiValueHeaders } from '../http/request.ts';
import { requestIdOf } from '../http/request.ts';
import { serviceKeyCall } from '../http/service-key-call.ts';
import { authenticateServiceKey } from '../services/authenticate-service-key.ts';

const { lookup, tally } = dataRouterAuthorization(logKeyUseFailure, logAuditDelay);
const counters = new DecisionCounters('data-router-authorizer');
const answers = new AuthorizerAnswers(protectedTrees['data-router-key']);

/** Decides on every data router call: a live key of its own kind, from no browser. */
export async function handler({ multiValueHeaders, methodArn, requestContext }: Event): Promise<Answer> {
  const requestId = requestIdOf(requestContext);
  const call = serviceKeyCall(multiValueHeaders as MultiValueHeaders);
  const authenticated = await authenticateServiceKey(call, 'data-router', lookup, nowSeconds()).catch(
    (error: unknown) => {
      counters.count('service_unavailable');
      return unavailable({ event: 'request_failed', requestId, ...errorNames(error) });
    },
  );
  if (authenticated.ok) {
    counters.count('data_router_allowed');
    const { keyId } = authenticated.value;
    return answers.allow(methodArn, keyId, { keyId });
  }
  counters.count(authenticated.reason === 'invalid_api_key' ? 'unauthorized' : authenticated.reason);
  await tally.note({ code: authenticated.reason, requestId }, Date.now());
  if (authenticated.reason === 'invalid_api_key') return unauthorized();
  log('warn', { event: authenticated.reason, requestId, keyId: authenticated.keyId });
  return answers.deny(methodArn, authenticated.keyId, authenticated.reason);
}
