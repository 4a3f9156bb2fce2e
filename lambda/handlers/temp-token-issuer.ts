import { tempTokenIssuing } from '../composition/analytics.ts';
import { nowSeconds } from '../composition/environment.ts';
import { parseStrictJsonObject } from '../core/strict-json.ts';
import { httpHandler } from '../http/chain.ts';
import { logAuditDelay, logKeyUseFailure } from '../http/log.ts';
import { answer, refuse } from '../http/responses.ts';
import { refuseServer, serviceKeyCall } from '../http/service-key-call.ts';
import { authenticateServiceKey } from '../services/authenticate-service-key.ts';
import { issueTempToken } from '../services/issue-temp-token.ts';

const { lookup, tempTokens, tally } = tempTokenIssuing(logKeyUseFailure, logAuditDelay);

/** POST /api/auth/temp-token */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const call = serviceKeyCall(event.multiValueHeaders);
    const authenticated = await authenticateServiceKey(call, 'analytics', lookup, nowSeconds());
    if (!authenticated.ok) return refuseServer(authenticated, event, tally);
    const body = parseStrictJsonObject(event.body ?? '');
    if (!body.ok) return refuse(body.reason, requestId);
    const issued = await issueTempToken(body.value, authenticated.value, tempTokens, nowSeconds());
    if (!issued.ok) return refuse(issued.reason, requestId, 'detail' in issued ? issued.detail : undefined);
    return answer({ token: issued.value }, requestId);
  },
  { functionName: 'temp-token-issuer', outcome: 'temp_token_issued' },
);
