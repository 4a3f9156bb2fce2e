import type { Shop, ShopStore } from './shop.ts';
import { writeShopCursor } from './shop-id.ts';

export interface ShopListRequest {
  /** How many shops to look at, 1 to 100. */
  readonly limit: number;
  /** The shop id that a cursor stood for; absent: from the beginning. */
  readonly after?: string;
}

/** Some shops, in no order that means anything; a record that is corrupt has its place and nothing else. */
export interface ShopList {
  readonly shops: readonly (Shop | { readonly shopId: string; readonly corrupt: true })[];
  /** Absent: these were the last. */
  readonly cursor?: string;
}

/** A page of all shops. Throws `DependencyError` when the store fails. */
export async function listShops({ limit, after }: ShopListRequest, store: ShopStore): Promise<ShopList> {
  const page = await store.list(limit, after);
  const shops = page.shops.map(({ shopId, stored }) =>
    stored.kind === 'found' ? stored.value : { shopId, corrupt: true as const },
  );
  return { shops, ...(page.after !== undefined && { cursor: writeShopCursor(page.after) }) };
}
