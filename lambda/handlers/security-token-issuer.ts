import { securityIssuing } from '../composition/analytics.ts';
import { nowSeconds } from '../composition/environment.ts';
import { headers } from '../contract/headers.ts';
import { parseStrictJsonObject } from '../core/strict-json.ts';
import { httpHandler } from '../http/chain.ts';
import { logAuditDelay, logKeyUseFailure } from '../http/log.ts';
import { answer, refuse } from '../http/responses.ts';
import { refuseServer, serviceKeyCall } from '../http/service-key-call.ts';
import { authenticateServiceKey } from '../services/authenticate-service-key.ts';
import { issueSecurityToken } from '../services/issue-security-token.ts';

const { lookup, sealing, tally } = securityIssuing(logKeyUseFailure, logAuditDelay);

/** POST /devapi/v4/core/login/token */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const call = serviceKeyCall(event.multiValueHeaders);
    const authenticated = await authenticateServiceKey(call, 'analytics', lookup, nowSeconds());
    if (!authenticated.ok) return refuseServer(authenticated, event, tally);
    const body = parseStrictJsonObject(event.body ?? '');
    if (!body.ok) return refuse(body.reason, requestId);
    const issued = await issueSecurityToken(body.value, authenticated.value, sealing, nowSeconds());
    if (!issued.ok) return refuse(issued.reason, requestId, issued.detail);
    const { token, expiresInSeconds } = issued.value;
    return answer({ token }, requestId, { [headers.securityTokenExpiresIn]: String(expiresInSeconds) });
  },
  { functionName: 'security-token-issuer', outcome: 'security_token_issued' },
);
