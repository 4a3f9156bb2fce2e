import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ErrorCode } from '../contract/errors.ts';
import { headers } from '../contract/headers.ts';
import { serverKeyIn } from '../core/api-key.ts';
import type { RouteHandler } from './chain.ts';
import { log } from './log.ts';
import type { Tally } from './refuse-shop.ts';
import { headerValues, type MultiValueHeaders, presentedKeys } from './request.ts';
import { refuse } from './responses.ts';

/** What of a request authenticates a server. */
export const serviceKeyCall = (headers: MultiValueHeaders) => presentedKeys(headers, 'x-api-key');

interface ServerRefusal {
  readonly reason: ErrorCode;
  /** Given when the key proved valid, or has leaked. */
  readonly keyId?: string;
  readonly detail?: string;
}

/** Refuses a server's call; a key that a browser sent is logged with its short id, so that it can be replaced. */
export async function refuseServer(
  { reason, keyId, detail }: ServerRefusal,
  { requestContext: { requestId } }: APIGatewayProxyEvent,
  tally: Tally,
): Promise<APIGatewayProxyResult> {
  if (reason === 'api_key_in_browser' && keyId !== undefined) log('warn', { event: reason, requestId, keyId });
  await tally.note({ code: reason, requestId }, Date.now());
  return refuse(reason, requestId, reason === 'invalid_api_key' ? WANTED : detail);
}

/**
 * For a route that only pages call: refuses the key of a server in place of a token, which comes from a page, or is about to be put into one.
 */
export const refusingServerKeys =
  (tally: Tally, handle: RouteHandler): RouteHandler =>
  (event) => {
    const leaked = serverKeyIn(headerValues(event.multiValueHeaders as MultiValueHeaders, 'authorization'));
    return leaked === undefined
      ? handle(event)
      : refuseServer({ reason: 'api_key_in_browser', keyId: leaked.keyId }, event, tally);
  };
const WANTED = `${headers.serviceKey} requires an analytics key, which begins with an_.`;
