import type { APIGatewayProxyResult } from 'aws-lambda';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import type { RouteHandler } from '../platform/chain.ts';
import { nowSeconds } from '../platform/environment.ts';
import { refuse } from '../platform/responses.ts';
import { presentedKeys, refuseServer, type Tally } from '../platform/server-call.ts';
import { authenticateServiceKey, type ServiceKeyLookup } from '../service-keys/authenticate-service-key.ts';
import type { ServiceKey } from '../service-keys/service-key.ts';

/** The response of a route for analytics keys to a valid key and its JSON body. */
type KeyRequestHandler = (
  body: Readonly<Record<string, unknown>>,
  key: ServiceKey,
  requestId: string,
) => Promise<APIGatewayProxyResult>;

/** A route of backends: authenticates the analytics key first, then parses the body. */
export const keyRequest =
  (lookup: ServiceKeyLookup, tally: Tally, handle: KeyRequestHandler): RouteHandler =>
  async (event) => {
    const { requestId } = event.requestContext;
    const call = presentedKeys(event.multiValueHeaders, 'x-api-key');
    const authenticated = await authenticateServiceKey(call, 'analytics', lookup, nowSeconds());
    if (!authenticated.ok) return refuseServer(authenticated, 'x-api-key', event, tally);
    const body = parseStrictJsonObject(event.body ?? '');
    return body.ok ? handle(body.value, authenticated.value, requestId) : refuse(body.reason, requestId);
  };
