import { nowSeconds } from '../composition/environment.ts';
import { refusalTally, tableClient } from '../composition/shared.ts';
import { shopKeyLookup } from '../composition/shops.ts';
import { headers } from '../contract/headers.ts';
import { limits } from '../contract/limits.ts';
import { httpHandler } from '../http/chain.ts';
import { logAuditDelay } from '../http/log.ts';
import { refuseShop } from '../http/refuse-shop.ts';
import { answer } from '../http/responses.ts';
import { shopKeyCall } from '../http/shop-key-call.ts';
import { issueWidgetToken } from '../services/issue-widget-token.ts';

const client = tableClient();
const lookup = shopKeyLookup(client);
const tally = refusalTally(client, logAuditDelay);

/** POST /api/shops/{shopId}/widget-token */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const issued = await issueWidgetToken(shopKeyCall(event), lookup, nowSeconds());
    if (issued.ok) {
      return answer({ token: issued.value }, requestId, {
        [headers.widgetTokenExpiresIn]: String(limits.widgetTokenTtlSeconds),
      });
    }
    return refuseShop(issued, requestId, tally);
  },
  { functionName: 'token-issuer', outcome: 'issued' },
);
