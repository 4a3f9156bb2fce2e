import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import { httpHandler } from '../platform/chain.ts';
import { nowSeconds } from '../platform/environment.ts';
import { logAuditDelay, logKeyUseFailure } from '../platform/log.ts';
import { answer, refuse } from '../platform/responses.ts';
import { presentedKeys, refuseServer } from '../platform/server-call.ts';
import { authenticateServiceKey } from '../service-keys/authenticate-service-key.ts';
import { tempTokenIssuing } from './compose.ts';
import { issueTempToken } from './issue-temp-token.ts';

const { lookup, tempTokens, tally } = tempTokenIssuing(logKeyUseFailure, logAuditDelay);

/** POST /api/auth/temp-token */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const call = presentedKeys(event.multiValueHeaders, 'x-api-key');
    const authenticated = await authenticateServiceKey(call, 'analytics', lookup, nowSeconds());
    if (!authenticated.ok) return refuseServer(authenticated, 'x-api-key', event, tally);
    const body = parseStrictJsonObject(event.body ?? '');
    if (!body.ok) return refuse(body.reason, requestId);
    const issued = await issueTempToken(body.value, authenticated.value, tempTokens, nowSeconds());
    if (!issued.ok) return refuse(issued.reason, requestId, 'detail' in issued ? issued.detail : undefined);
    return answer({ token: issued.value }, requestId);
  },
  { functionName: 'temp-token-issuer', outcome: 'temp_token_issued' },
);
