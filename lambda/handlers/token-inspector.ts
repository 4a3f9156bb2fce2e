import * as v from 'valibot';
import { nowSeconds } from '../composition/environment.ts';
import { refusalTally, tableClient } from '../composition/shared.ts';
import { inspection } from '../composition/shops.ts';
import { parseStrictJsonObject } from '../core/strict-json.ts';
import { sayWrongMember } from '../http/body-members.ts';
import { httpHandler } from '../http/chain.ts';
import { logAuditDelay } from '../http/log.ts';
import { refuseShop } from '../http/refuse-shop.ts';
import { answer, refuse } from '../http/responses.ts';
import { shopKeyCall } from '../http/shop-key-call.ts';
import { authenticateShopKey } from '../services/authenticate-shop-key.ts';
import { readingTo } from '../services/decide-by-records.ts';
import { inspectWidgetToken } from '../services/inspect-widget-token.ts';

const client = tableClient();
const { lookup, shops } = inspection(client);
const tally = refusalTally(client, logAuditDelay);

const body = v.strictObject({ token: v.string(), origin: v.exactOptional(v.string()) });
const forms = { token: 'the widget token as a text', origin: 'the Origin header of a page as a text' };

/** POST /api/shops/{shopId}/widget-token/inspect */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const authenticated = await authenticateShopKey(shopKeyCall(event), lookup, nowSeconds());
    if (!authenticated.ok) return refuseShop(authenticated, requestId, tally);
    const json = parseStrictJsonObject(event.body ?? '');
    if (!json.ok) return refuse(json.reason, requestId);
    const parsed = v.safeParse(body, json.value);
    if (!parsed.success) return refuse('invalid_request', requestId, sayWrongMember(parsed.issues[0], forms));
    // By the record as it is now: a diagnosis right after a change must not speak of the time before.
    const shop = await shops.get(authenticated.value.shop.shopId, readingTo('refuse'));
    if (shop.kind !== 'found') return refuse('service_unavailable', requestId);
    return answer(inspectWidgetToken(parsed.output.token, parsed.output.origin, shop, nowSeconds()), requestId);
  },
  { functionName: 'token-inspector', outcome: 'inspected' },
);
