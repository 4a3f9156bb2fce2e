import type { APIGatewayAuthorizerResult as Answer, APIGatewayRequestAuthorizerEvent as Event } from 'aws-lambda';
import { adminSessions } from '../composition/admin.ts';
import { nowSeconds } from '../composition/environment.ts';
import { cookies } from '../contract/cookies.ts';
import { protectedTrees } from '../contract/routes.ts';
import { AuthorizerAnswers, unauthorized, unavailable } from '../http/authorizer-answers.ts';
import { cookieValues } from '../http/cookies.ts';
import { DecisionCounters } from '../http/decision-counters.ts';
import { errorNames } from '../http/log.ts';
import type { MultiValueHeaders } from '../http/request.ts';
import { requestIdOf } from '../http/request.ts';
import { authenticateSession } from '../services/admin-sessions.ts';

const admin = adminSessions();
const counters = new DecisionCounters('admin-authorizer');
const answers = new AuthorizerAnswers(protectedTrees['admin-session']);

/** Decides on every call of the admin API: a live session of a user who is still in the group. */
export async function handler({ methodArn, multiValueHeaders, requestContext }: Event): Promise<Answer> {
  const sessionIds = cookieValues(multiValueHeaders as MultiValueHeaders, cookies.adminSession);
  try {
    const session = await authenticateSession(sessionIds, admin, nowSeconds());
    counters.count(session === undefined ? 'unauthorized' : 'admin_allowed');
    if (session === undefined) return await unauthorized();
    const { arn, userId, userName, sessionHash, createdAt } = session;
    return answers.allow(methodArn, userId, { arn, userId, userName, sessionHash, createdAt });
  } catch (error) {
    if (error instanceof Error && error.message === 'Unauthorized') throw error;
    counters.count('service_unavailable');
    return unavailable({ event: 'request_failed', requestId: requestIdOf(requestContext), ...errorNames(error) });
  }
}
