import { cookies } from '#contract/cookies.ts';
import { protectedTrees } from '#contract/routes.ts';
import { authorizer } from '../platform/authorizer.ts';
import { cookieValues } from '../platform/cookies.ts';
import { nowSeconds } from '../platform/environment.ts';
import type { MultiValueHeaders } from '../platform/request.ts';
import { adminSessions } from './compose.ts';
import { authenticateSession } from './session.ts';

const admin = adminSessions();

/** Decides on every call of the admin API: it needs an active session of a user who is still in the group. */
export const handler = authorizer({
  functionName: 'admin-authorizer',
  tree: protectedTrees['admin-session'],
  decide: async ({ multiValueHeaders }) => {
    const sessionIds = cookieValues(multiValueHeaders as MultiValueHeaders, cookies.adminSession);
    const session = await authenticateSession(sessionIds, admin, nowSeconds());
    if (session === undefined) return { kind: 'unauthorized' };
    const { arn, userId, userName, sessionHash, createdAt } = session;
    const context = { arn, userId, userName, sessionHash, createdAt };
    return { kind: 'allow', principalId: userId, context, counted: 'admin_allowed' };
  },
});
