import type { PublicAnswerOf, PublicErrorOf } from '#contract/public-api.ts';
import { httpHandler } from '../platform/chain.ts';
import { nowSeconds } from '../platform/environment.ts';
import { logAuditDelay, logKeyUseFailure } from '../platform/log.ts';
import { answer, refuse } from '../platform/responses.ts';
import { tempTokenIssuing } from './compose.ts';
import { issueTempToken } from './issue-temp-token.ts';
import { keyRequest } from './key-request.ts';

const { lookup, tempTokens, tally } = tempTokenIssuing(logKeyUseFailure, logAuditDelay);

/** POST /api/auth/temp-token */
export const handler = httpHandler(
  keyRequest(lookup, tally, async (body, key, requestId) => {
    const issued = await issueTempToken(body, key, tempTokens, nowSeconds());
    if (!issued.ok)
      return refuse(
        issued.reason satisfies PublicErrorOf<'issue-temp-token'>,
        requestId,
        'detail' in issued ? issued.detail : undefined,
      );
    return answer({ token: issued.value } satisfies PublicAnswerOf<'issue-temp-token'>, requestId);
  }),
  { functionName: 'temp-token-issuer', outcome: 'temp_token_issued' },
);
