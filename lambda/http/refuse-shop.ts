import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ErrorCode } from '../contract/errors.ts';
import { log } from './log.ts';
import { refuse } from './responses.ts';

interface ShopRefusal {
  readonly reason: ErrorCode;
  /** Given when a key has leaked: whose and which. */
  readonly shopId?: string;
  readonly keyId?: string;
}

/** Refuses a shop's call; a server key that a browser sent is logged with its short id, so that it can be rotated. */
export function refuseShop({ reason, shopId, keyId }: ShopRefusal, requestId: string): APIGatewayProxyResult {
  if (reason === 'api_key_in_browser' && shopId !== undefined && keyId !== undefined) {
    log('warn', { event: 'api_key_in_browser', requestId, shopId, keyId });
  }
  return refuse(reason, requestId);
}
