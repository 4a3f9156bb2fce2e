import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ErrorCode } from '../contract/errors.ts';
import { headers } from '../contract/headers.ts';
import { log } from './log.ts';
import { refuse } from './responses.ts';

interface ShopRefusal {
  readonly reason: ErrorCode;
  /** Given when the key proved valid: whose and which; of a key that leaked the id at least. */
  readonly shopId?: string;
  readonly keyId?: string;
}

/** Brings refused calls into the audit trail. */
export interface Tally {
  note(refused: { shopId?: string | undefined; code: string; requestId: string }, nowMilliseconds: number): unknown;
}

/** Refuses a shop's call; a server key that a browser sent is logged with its short id, so that it can be rotated. */
export async function refuseShop(
  { reason, shopId, keyId }: ShopRefusal,
  requestId: string,
  tally: Tally,
): Promise<APIGatewayProxyResult> {
  if (reason === 'api_key_in_browser' && keyId !== undefined) {
    log('warn', { event: 'api_key_in_browser', requestId, keyId, ...(shopId !== undefined && { shopId }) });
  }
  await tally.note({ shopId, code: reason, requestId }, Date.now());
  return refuse(reason, requestId, reason === 'invalid_api_key' ? WANTED : undefined);
}

const WANTED = `${headers.shopApiKey} requires the API key of the shop, which begins with sk_.`;
