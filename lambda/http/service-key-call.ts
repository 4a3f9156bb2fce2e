import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ErrorCode } from '../contract/errors.ts';
import { headers } from '../contract/headers.ts';
import { log } from './log.ts';
import type { Tally } from './refuse-shop.ts';
import { headerValues, isFromBrowser, type MultiValueHeaders } from './request.ts';
import { refuse } from './responses.ts';

/** What of a request authenticates a server. */
export function serviceKeyCall(multiValueHeaders: MultiValueHeaders): { apiKeys: string[]; fromBrowser: boolean } {
  return { apiKeys: headerValues(multiValueHeaders, 'x-api-key'), fromBrowser: isFromBrowser(multiValueHeaders) };
}

interface ServerRefusal {
  readonly reason: ErrorCode;
  /** Given when the key proved valid. */
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

const WANTED = `${headers.serviceKey} requires an analytics key, which begins with an_.`;
