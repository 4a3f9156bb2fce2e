import { refusal } from '../crypto/result.ts';
import { found } from '../platform/stored.ts';
import { compileOriginPolicy, isAllowedOrigin } from './origin-policy.ts';
import type { ShopStore } from './shop.ts';

export interface OriginQuestion {
  readonly shopId: string;
  /** An origin, or the address of a page. */
  readonly origin: string;
}

export type OriginVerdict =
  /** `origin` is the header that a browser sends from there: the value that was checked. */
  | { readonly ok: true; readonly allowed: boolean; readonly origin: string }
  | { readonly ok: false; readonly reason: 'shop_not_found' };

/**
 * Whether pages of an origin may call a shop's widget: by the shop's list or the stage's, as the authorizer decides.
 * Throws `DependencyError` when the store fails or the record is corrupt.
 */
export async function testOrigin(
  { shopId, origin: given }: OriginQuestion,
  store: ShopStore,
  stageOrigins: readonly string[],
): Promise<OriginVerdict> {
  const shop = found(await store.read(shopId));
  if (shop === undefined) return refusal('shop_not_found');
  const policy = compileOriginPolicy([...shop.origins, ...stageOrigins]);
  const origin = sentByBrowser(given);
  return { ok: true, allowed: isAllowedOrigin(origin, policy), origin };
}

/**
 * The Origin header of a page at an address. A text that is not a web address remains as it is: apps have their own
 * origins.
 */
function sentByBrowser(given: string): string {
  const text = given.trim();
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.origin;
  const withScheme = /^[^\s/:?#@\\]+\.[^\s/:?#@\\]+(?::\d+)?(?:[/?#]|$)/.test(text)
    ? URL.parse(`https://${text}`)
    : null;
  return withScheme?.origin ?? text;
}
