import { headers } from '#contract/headers.ts';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import { httpHandler } from '../platform/chain.ts';
import { nowSeconds } from '../platform/environment.ts';
import { logAuditDelay, logKeyUseFailure } from '../platform/log.ts';
import { answer, refuse } from '../platform/responses.ts';
import { presentedKeys, refuseServer } from '../platform/server-call.ts';
import { authenticateServiceKey } from '../service-keys/authenticate-service-key.ts';
import { securityIssuing } from './compose.ts';
import { issueSecurityToken } from './issue-security-token.ts';

const { lookup, sealing, tally } = securityIssuing(logKeyUseFailure, logAuditDelay);

/** POST /devapi/v4/core/login/token */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const call = presentedKeys(event.multiValueHeaders, 'x-api-key');
    const authenticated = await authenticateServiceKey(call, 'analytics', lookup, nowSeconds());
    if (!authenticated.ok) return refuseServer(authenticated, 'x-api-key', event, tally);
    const body = parseStrictJsonObject(event.body ?? '');
    if (!body.ok) return refuse(body.reason, requestId);
    const issued = await issueSecurityToken(body.value, authenticated.value, sealing, nowSeconds());
    if (!issued.ok) return refuse(issued.reason, requestId, issued.detail);
    const { token, expiresInSeconds } = issued.value;
    return answer({ token }, requestId, { [headers.securityTokenExpiresIn]: String(expiresInSeconds) });
  },
  { functionName: 'security-token-issuer', outcome: 'security_token_issued' },
);
