import { type Explanation, explanations } from '#contract/explanations.ts';
import type { AuditEntry, AuditStore } from '../audit/entry.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { type Clock, DependencyError, found } from '../platform/stored.ts';
import type { RingKeeper } from '../ring/ring-keeper.ts';
import { compileOriginPolicy } from '../shops/origin-policy.ts';
import type { ShopStore } from '../shops/shop.ts';
import { openKeys } from '../shops/verifiable-shops.ts';
import { type Inspection, inspectWidgetToken } from '../widget-tokens/inspect-widget-token.ts';

/** A refused call and its explanation. */
export interface ExplainedRequest extends Partial<Explanation> {
  readonly entry: AuditEntry;
  /** The refused origin, if there was one. */
  readonly origin?: string;
}

const DAYS = 7;

/** Entries that one query of the store reads: few enough for the time of one attempt. */
const ENTRIES_PER_QUERY = 500;

/** After a search of this length, the function still has time to respond. */
const MAX_SEARCH_MILLISECONDS = 7_000;

/**
 * The result of a request, looked up in the trail by its id. The trail has every change, and the first ten refused calls per shop, reason
 * and minute. Searches the last week, and says so if it stops earlier. Throws `DependencyError` when the trail cannot be read.
 */
export async function explainRequest(
  requestId: string,
  trail: AuditStore,
  nowMilliseconds: number,
  now: Clock = Date.now,
): Promise<Result<ExplainedRequest, 'request_not_found' | 'search_stopped'>> {
  const query = { requestId, from: nowMilliseconds - DAYS * 86_400_000, to: nowMilliseconds, limit: ENTRIES_PER_QUERY };
  const end = now() + MAX_SEARCH_MILLISECONDS;
  let cursor: string | undefined;
  do {
    const found = await trail.query({ ...query, ...(cursor !== undefined && { cursor }) });
    const entry = found?.entries[0];
    if (entry !== undefined) return success(explained(entry, requestId));
    cursor = found?.cursor;
    if (cursor === undefined) return refusal('request_not_found');
  } while (now() < end);
  return refusal('search_stopped');
}

/** An entry may sum up several calls; the origin is the one of this call. */
function explained(entry: AuditEntry, requestId: string): ExplainedRequest {
  const { code, requestIds = [], origins = [] } = entry;
  const origin = origins[requestIds.indexOf(requestId)];
  const explanation = explanationOf(code);
  if (origin === undefined || origin === '' || explanation === undefined) return { entry, ...explanation };
  return { entry, origin, why: `The origin ${origin} was refused. ${explanation.why}`, remedy: explanation.remedy };
}

/** For people; undefined for a code that needs no explanation. */
export const explanationOf = (code: string): Explanation | undefined =>
  new Map<string, Explanation>(Object.entries(explanations)).get(code);

/** The stores and rules that an explanation needs. */
export interface TokenExplaining {
  readonly shopStore: ShopStore;
  readonly ring: RingKeeper;
  readonly deployment: string;
  readonly stageOrigins: readonly string[];
}

/** Why a shop's widget token is or is not accepted, from this origin if one is specified. Throws `DependencyError` when a store fails. */
export async function explainToken(
  { shopId, token, origin }: { readonly shopId: string; readonly token: string; readonly origin?: string },
  { shopStore, ring, deployment, stageOrigins }: TokenExplaining,
  nowSeconds: number,
): Promise<Result<Inspection & Partial<Explanation>, 'shop_not_found'>> {
  const shop = found(await shopStore.read(shopId));
  if (shop === undefined) return refusal('shop_not_found');
  const keys = await openKeys(shop, await ring.keys(), { ring, deployment });
  if (keys === undefined) throw new DependencyError('a stored record is corrupt');
  const origins = compileOriginPolicy([...shop.origins, ...stageOrigins]);
  const inspected = inspectWidgetToken(token, origin, { kind: 'found', shop, keys, origins }, nowSeconds);
  return success({ ...inspected, ...explanationOf(inspected.reason) });
}
