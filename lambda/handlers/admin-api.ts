import { administration } from '../composition/admin.ts';
import { adminAnswer } from '../http/admin-answers.ts';
import { adminIdentity } from '../http/admin-identity.ts';
import { parseAdminRequest } from '../http/admin-request.ts';
import { matchAdminRoute } from '../http/admin-router.ts';
import { auditDelays } from '../http/audit-delays.ts';
import { httpHandler } from '../http/chain.ts';
import { limitedByAddress } from '../http/limit-by-address.ts';
import { logCountFailure } from '../http/log.ts';
import { refuse } from '../http/responses.ts';
import { isSameSite } from '../http/same-site.ts';
import { administer } from '../services/administer.ts';

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
    const done = await administer(request.value, stores, { admin, requestId, nowMilliseconds, onAuditDelay });
    if (!done.ok) {
      const lostRace = done.reason === 'version_conflict' && 'expectedVersions' in request.value;
      return refuse(lostRace ? 'precondition_failed' : done.reason, requestId, done.detail);
    }
    const { body, version, created = false } = done.value;
    const status = body === undefined ? 204 : created ? 201 : 200;
    return adminAnswer(status, body, requestId, version === undefined ? {} : { ETag: `"${version}"` });
  }),
  { functionName: 'admin-api', outcome: 'administered' },
);
