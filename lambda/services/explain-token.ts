import type { Explanation } from '../contract/explanations.ts';
import { compileOriginPolicy } from '../core/origin-policy.ts';
import { type Result, refusal, success } from '../core/result.ts';
import { DependencyError, type ShopStore } from '../ports.ts';
import { explanationOf } from './explain-request.ts';
import { type Inspection, inspectWidgetToken } from './inspect-widget-token.ts';
import type { RingKeeper } from './ring-keeper.ts';
import { openKeys } from './verifiable-shops.ts';

/** What explaining rests on. */
export interface TokenExplaining {
  readonly shopStore: ShopStore;
  readonly ring: RingKeeper;
  readonly deployment: string;
  readonly stageOrigins: readonly string[];
}

/** Why a shop's widget token is or is not accepted, from this origin if one is given. Throws `DependencyError` when a store fails. */
export async function explainToken(
  { shopId, token, origin }: { readonly shopId: string; readonly token: string; readonly origin?: string },
  { shopStore, ring, deployment, stageOrigins }: TokenExplaining,
  nowSeconds: number,
): Promise<Result<Inspection & Partial<Explanation>, 'shop_not_found'>> {
  const stored = await shopStore.read(shopId);
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  if (stored.kind === 'absent') return refusal('shop_not_found');
  const shop = stored.value;
  const keys = await openKeys(shop, await ring.keys(), { ring, deployment });
  if (keys === undefined) throw new DependencyError('a stored record is corrupt');
  const origins = compileOriginPolicy([...shop.origins, ...stageOrigins]);
  const inspected = inspectWidgetToken(token, origin, { kind: 'found', shop, keys, origins }, nowSeconds);
  return success({ ...inspected, ...explanationOf(inspected.reason) });
}
