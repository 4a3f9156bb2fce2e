import * as v from 'valibot';
import type { PublicErrorOf } from '#contract/public-api.ts';
import { refusalTally } from '../audit/compose.ts';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import { sayWrongMember } from '../platform/body-members.ts';
import { httpHandler } from '../platform/chain.ts';
import { tableClient } from '../platform/clients.store.ts';
import { nowSeconds } from '../platform/environment.ts';
import { logAuditDelay } from '../platform/log.ts';
import { readingTo } from '../platform/record-cache.ts';
import { answer, refuse } from '../platform/responses.ts';
import { refuseServer } from '../platform/server-call.ts';
import { authenticateShopKey, shopKeyCall } from '../shops/authenticate-shop-key.ts';
import { inspection } from '../shops/compose.ts';
import { inspectWidgetToken } from './inspect-widget-token.ts';

const client = tableClient();
const { lookup, shops } = inspection(client);
const tally = refusalTally(client, logAuditDelay);

type Refusal = { readonly reason: PublicErrorOf<'inspect-widget-token'> };

const body = v.strictObject({ token: v.string(), origin: v.exactOptional(v.string()) });
const forms = { token: 'the widget token as a text', origin: 'the Origin header of a page as a text' };

/** POST /api/shops/{shopId}/widget-token/inspect */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const authenticated = await authenticateShopKey(shopKeyCall(event), lookup, nowSeconds());
    if (!authenticated.ok) return refuseServer(authenticated satisfies Refusal, 'x-shop-api-key', event, tally);
    const json = parseStrictJsonObject(event.body ?? '');
    if (!json.ok) return refuse(json.reason, requestId);
    const parsed = v.safeParse(body, json.value);
    if (!parsed.success) return refuse('invalid_request', requestId, sayWrongMember(parsed.issues[0], forms));
    // Uses the current record: a diagnosis right after a change must not describe the state before it.
    const shop = await shops.get(authenticated.value.shop.shopId, readingTo('refuse-unknown'));
    if (shop.kind !== 'found') return refuse('service_unavailable', requestId);
    return answer(inspectWidgetToken(parsed.output.token, parsed.output.origin, shop, nowSeconds()), requestId);
  },
  { functionName: 'token-inspector', outcome: 'inspected' },
);
