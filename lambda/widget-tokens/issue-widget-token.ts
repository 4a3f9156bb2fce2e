import { prepareHmacKey } from '../crypto/hmac.ts';
import { success } from '../crypto/result.ts';
import { decideByRecords, type RecordReading } from '../platform/record-cache.ts';
import {
  findShopByKey,
  type ShopKeyCall,
  type ShopKeyLookup,
  type ShopKeyRefusal,
} from '../shops/authenticate-shop-key.ts';
import { mintWidgetToken } from './widget-token.ts';

export type IssueRefusal =
  | ShopKeyRefusal
  | { readonly ok: false; readonly reason: 'shop_disabled' | 'issuing_paused'; readonly shopId: string };

/**
 * Exchanges a shop API key for a widget token. It signs with the key in the request, so it needs no access to any sealed key. Throws
 * `DependencyError` when a record cannot be read.
 */
export const issueWidgetToken = (call: ShopKeyCall, lookup: ShopKeyLookup, nowSeconds: number): Promise<Issued> =>
  decideByRecords((reading) => issueByRecords(call, lookup, nowSeconds, reading), { refuses: ({ ok }) => !ok });

type Issued = { readonly ok: true; readonly value: string } | IssueRefusal;

async function issueByRecords(
  call: ShopKeyCall,
  lookup: ShopKeyLookup,
  nowSeconds: number,
  reading: RecordReading,
): Promise<Issued> {
  const authenticated = await findShopByKey(call, lookup, nowSeconds, reading);
  if (!authenticated.ok) return authenticated;
  const { shop, apiKey } = authenticated.value;
  const { shopId } = shop;
  if (shop.disabled) return { ok: false, reason: 'shop_disabled', shopId };
  if (shop.issuingPaused) return { ok: false, reason: 'issuing_paused', shopId };
  // Tokens stamped at the moment of a revocation are revoked, so a token issued in that same second is stamped after it. A record from
  // before the revocation does not contain that second, but the revocation is confirmed in the next one: calls after it are stamped later
  // anyway.
  const stamp = Math.max(nowSeconds, shop.tokensNotBefore + 1);
  return success(mintWidgetToken(shopId, stamp, prepareHmacKey(Buffer.from(apiKey.text, 'utf8'))));
}
