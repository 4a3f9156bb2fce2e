import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ErrorCode } from '#contract/errors.ts';
import { headers as names } from '#contract/headers.ts';
import { type ApiKey, type KeyEnvironment, type KeyKind, serverKeyIn } from '../crypto/api-key.ts';
import type { RouteHandler } from './chain.ts';
import { log } from './log.ts';
import { headerValues, isFromBrowser, type MultiValueHeaders } from './request.ts';
import { refuse } from './responses.ts';

/** The keys that a call carries, every header value as it was sent. */
export interface PresentedKeys {
  /** In the header in which the route reads its key. */
  readonly apiKeys: readonly string[];
  /** In the other headers that hold keys or tokens. */
  readonly elsewhere: readonly string[];
  /** Whether the headers say so: see `isFromBrowser`. */
  readonly fromBrowser: boolean;
}

/** The headers in which servers send their keys, and what each must hold. */
const keyHeaders = {
  'x-shop-api-key': `${names.shopApiKey} requires the API key of the shop, which begins with sk_.`,
  'x-api-key': `${names.serviceKey} requires an analytics key, which begins with an_.`,
} as const;

type KeyHeader = keyof typeof keyHeaders;

/** The headers in which credentials of servers and of pages are sent. */
const CREDENTIAL_HEADERS = [...Object.keys(keyHeaders), 'authorization', 'x-widget-token'];

/** The keys of a call to a route that reads its key from this header. */
export const presentedKeys = (headers: MultiValueHeaders, own: KeyHeader): PresentedKeys => ({
  apiKeys: headerValues(headers, own),
  elsewhere: CREDENTIAL_HEADERS.filter((name) => name !== own).flatMap((name) => headerValues(headers, name)),
  fromBrowser: isFromBrowser(headers),
});

/**
 * The key of a server that a browser sent to a route that another key opens, or in a header where the route reads none: it opens nothing here,
 * but it has leaked all the same. Known by shape and checksum alone, so a stranger can make one up; the route's own keys have to prove valid.
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

/** Brings refused calls into the audit trail. */
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
  /** Given when the key proved valid: whose and which; of a key that leaked the id at least. */
  readonly shopId?: string;
  readonly keyId?: string;
  readonly detail?: string;
  /** Every Origin that was sent, where it was refused and what came with it had proved valid. */
  readonly origins?: readonly string[];
}

/** Files and answers a server's refused call; a key that a browser sent is logged with its short id, so that it can be rotated. */
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
 * For a route that only pages call: refuses the key of a server in place of a token, which comes from a page, or is about to be put into one.
 */
export const refusingServerKeys =
  (tally: Tally, handle: RouteHandler): RouteHandler =>
  (event) => {
    const leaked = serverKeyIn(headerValues(event.multiValueHeaders as MultiValueHeaders, 'authorization'));
    return leaked === undefined
      ? handle(event)
      : refuseServer({ reason: 'api_key_in_browser', keyId: leaked.keyId }, 'x-api-key', event, tally);
  };
