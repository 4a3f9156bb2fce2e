import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AdminAuthorizerContext } from '#contract/context.ts';
import { adminAnswer } from '../admin-login/answers.ts';
import { isSameSite } from '../admin-login/same-site.ts';
import { limitedByAddress } from '../platform/address-limit.ts';
import { auditDelays } from '../platform/audit-delays.ts';
import { httpHandler } from '../platform/chain.ts';
import { waitUntil } from '../platform/environment.ts';
import { logCountFailure } from '../platform/log.ts';
import { refuse } from '../platform/responses.ts';
import { administer } from './administer.ts';
import { administration } from './compose.ts';
import { matchAdminRoute, parseAdminRequest } from './request.ts';

const MEMBERS = ['arn', 'userId', 'userName', 'sessionHash'] as const;

/** The administrator that the authorizer verified; undefined without an authorizer. */
export function adminIdentity({ requestContext }: APIGatewayProxyEvent): AdminAuthorizerContext | undefined {
  const context = (requestContext.authorizer ?? {}) as Record<string, unknown>;
  const createdAt = Number(context.createdAt);
  const proven = MEMBERS.every((name) => typeof context[name] === 'string' && context[name] !== '');
  if (!proven || !Number.isInteger(createdAt)) return undefined;
  const { arn, userId, userName, sessionHash } = context as Record<(typeof MEMBERS)[number], string>;
  return { arn, userId, userName, sessionHash, createdAt };
}

const stores = administration(logCountFailure);
const noteDelay = auditDelays('admin-api');

/** ANY /admin/api/{proxy+} */
export const handler = httpHandler(
  limitedByAddress(stores, async (event) => {
    const { requestId } = event.requestContext;
    const admin = adminIdentity(event);
    if (admin === undefined) return refuse('unauthorized', requestId);
    if (!isSameSite(event)) return refuse('cross_site_request', requestId);
    const route = matchAdminRoute(event);
    if (route === undefined) return refuse('not_found', requestId);
    const request = parseAdminRequest(event, route);
    if (!request.ok) return refuse(request.reason, requestId, request.detail);
    const nowMilliseconds = Date.now();
    const onAuditDelay = () => noteDelay({ requestId, actor: admin.arn, action: route.action });
    const call = { admin, requestId, nowMilliseconds, onAuditDelay, waitUntil };
    const done = await administer(request.value, stores, call);
    if (!done.ok) {
      const lostRace = done.reason === 'version_conflict' && 'expectedVersions' in request.value.request;
      return refuse(lostRace ? 'precondition_failed' : done.reason, requestId, done.detail);
    }
    const { body, version, created = false } = done.value;
    const status = body === undefined ? 204 : created ? 201 : 200;
    return adminAnswer(status, body, requestId, version === undefined ? {} : { ETag: `"${version}"` });
  }),
  { functionName: 'admin-api', outcome: 'administered' },
);
