import { headers } from '#contract/headers.ts';
import { limits } from '#contract/limits.ts';
import type { PublicAnswerOf, PublicErrorOf } from '#contract/public-api.ts';
import { refusalTally } from '../audit/compose.ts';
import { httpHandler } from '../platform/chain.ts';
import { tableClient } from '../platform/clients.store.ts';
import { nowSeconds } from '../platform/environment.ts';
import { logAuditDelay } from '../platform/log.ts';
import { answer } from '../platform/responses.ts';
import { refuseServer } from '../platform/server-call.ts';
import { shopKeyCall } from '../shops/authenticate-shop-key.ts';
import { shopKeyLookup } from '../shops/compose.ts';
import { issueWidgetToken } from './issue-widget-token.ts';

const client = tableClient();
const lookup = shopKeyLookup(client);
const tally = refusalTally(client, logAuditDelay);

/** POST /api/shops/{shopId}/widget-token */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const issued = await issueWidgetToken(shopKeyCall(event), lookup, nowSeconds());
    if (issued.ok) {
      return answer({ token: issued.value } satisfies PublicAnswerOf<'issue-widget-token'>, requestId, {
        [headers.widgetTokenExpiresIn]: String(limits.widgetTokenTtlSeconds),
      });
    }
    return refuseServer(
      issued satisfies { reason: PublicErrorOf<'issue-widget-token'> },
      'x-shop-api-key',
      event,
      tally,
    );
  },
  { functionName: 'token-issuer', outcome: 'issued' },
);
