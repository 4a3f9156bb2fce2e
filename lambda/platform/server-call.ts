import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ErrorCode } from '#contract/errors.ts';
import { headers as names } from '#contract/headers.ts';
import { type ApiKey, type KeyEnvironment, type KeyKind, serverKeyIn } from '../crypto/api-key.ts';
import type { RouteHandler } from './chain.ts';
import { log } from './log.ts';
import { headerValues, isFromBrowser, type MultiValueHeaders } from './request.ts';
import { refuse } from './responses.ts';

/** The keys of a call, every header value as it was sent. */
export interface PresentedKeys {
  /** In the header from which the route reads its key. */
  readonly apiKeys: readonly string[];
  /** In the other headers for keys or tokens. */
  readonly elsewhere: readonly string[];
  /** Whether the headers are those of a browser: see `isFromBrowser`. */
  readonly fromBrowser: boolean;
}

/** The headers in which servers send their keys, and the required content of each. */
const keyHeaders = {
  'x-shop-api-key': `${names.shopApiKey} requires the API key of the shop, which begins with sk_.`,
  'x-api-key': `${names.serviceKey} requires an analytics key, which begins with an_.`,
} as const;

type KeyHeader = keyof typeof keyHeaders;

/** The headers for credentials of servers and of pages. */
const CREDENTIAL_HEADERS = [...Object.keys(keyHeaders), 'authorization', 'x-widget-token'];

/** The keys of a call to a route that reads its key from this header. */
export const presentedKeys = (headers: MultiValueHeaders, own: KeyHeader): PresentedKeys => ({
  apiKeys: headerValues(headers, own),
  elsewhere: CREDENTIAL_HEADERS.filter((name) => name !== own).flatMap((name) => headerValues(headers, name)),
  fromBrowser: isFromBrowser(headers),
});

/**
 * A server's key that a browser sent to a route for another kind of key, or in a header from which the route reads none. It opens nothing
 * here, but it has leaked. It is detected by shape and checksum alone, so anyone can make one up; the route's own keys must also prove
 * valid.
 */
export function misplacedKey(
  { apiKeys, elsewhere, fromBrowser }: PresentedKeys,
  own: { readonly kind: KeyKind; readonly environment: KeyEnvironment },
): ApiKey | undefined {
  if (!fromBrowser) return undefined;
  const isOwn = (key: ApiKey): boolean => key.kind === own.kind && key.environment === own.environment;
  const foreign = apiKeys.filter((value) => {
    const key = serverKeyIn([value]);
    return key !== undefined && !isOwn(key);
  });
  return serverKeyIn([...foreign, ...elsewhere]);
}

/** Records refused calls in the audit trail. */
export interface Tally {
  note(
    refused: {
      shopId?: string | undefined;
      code: string;
      requestId: string;
      /** Every Origin that was sent, where it was refused and what came with it had proved valid. */
      origins?: readonly string[] | undefined;
    },
    nowMilliseconds: number,
  ): unknown;
}

interface ServerRefusal {
  readonly reason: ErrorCode;
  /** Present when the key proved valid: its owner and id; of a leaked key at least the id. */
  readonly shopId?: string;
  readonly keyId?: string;
  readonly detail?: string;
  /** Every Origin that was sent, where it was refused and what came with it had proved valid. */
  readonly origins?: readonly string[];
}

/** Records and returns the refusal of a server's call. A key that a browser sent is logged with its short id, so that it can be rotated. */
export async function refuseServer(
  { reason, shopId, keyId, detail, origins }: ServerRefusal,
  wanted: KeyHeader,
  { requestContext: { requestId } }: APIGatewayProxyEvent,
  tally: Tally,
): Promise<APIGatewayProxyResult> {
  if (reason === 'api_key_in_browser' && keyId !== undefined)
    log('warn', { event: reason, requestId, keyId, ...(shopId !== undefined && { shopId }) });
  await tally.note({ shopId, code: reason, requestId, origins }, Date.now());
  return refuse(reason, requestId, reason === 'invalid_api_key' ? keyHeaders[wanted] : detail);
}

/**
 * For a route that only pages call: refuses a server's key in place of a token, because it comes from a page or is about to be put into
 * one.
 */
export const refusingServerKeys =
  (tally: Tally, handle: RouteHandler): RouteHandler =>
  (event) => {
    const leaked = serverKeyIn(headerValues(event.multiValueHeaders as MultiValueHeaders, 'authorization'));
    return leaked === undefined
      ? handle(event)
      : refuseServer({ reason: 'api_key_in_browser', keyId: leaked.keyId }, 'x-api-key', event, tally);
  };
