import { headers } from '#contract/headers.ts';
import type { PublicAnswerOf, PublicErrorOf } from '#contract/public-api.ts';
import { httpHandler } from '../platform/chain.ts';
import { nowSeconds } from '../platform/environment.ts';
import { logAuditDelay, logKeyUseFailure } from '../platform/log.ts';
import { answer, refuse } from '../platform/responses.ts';
import { securityIssuing } from './compose.ts';
import { issueSecurityToken } from './issue-security-token.ts';
import { keyRequest } from './key-request.ts';

const { lookup, sealing, tally } = securityIssuing(logKeyUseFailure, logAuditDelay);

/** POST /devapi/v4/core/login/token */
export const handler = httpHandler(
  keyRequest(lookup, tally, async (body, key, requestId) => {
    const issued = await issueSecurityToken(body, key, sealing, nowSeconds());
    if (!issued.ok)
      return refuse(issued.reason satisfies PublicErrorOf<'issue-security-token'>, requestId, issued.detail);
    const { token, expiresInSeconds } = issued.value;
    return answer({ token } satisfies PublicAnswerOf<'issue-security-token'>, requestId, {
      [headers.securityTokenExpiresIn]: String(expiresInSeconds),
    });
  }),
  { functionName: 'security-token-issuer', outcome: 'security_token_issued' },
);
