import type { Shop, ShopStore } from './shop.ts';
import { writeShopCursor } from './shop-id.ts';

export interface ShopListRequest {
  /** Number of shops to read, 1 to 100. */
  readonly limit: number;
  /** The shop id of a cursor; absent: from the beginning. */
  readonly after?: string;
}

/** Some shops, in no meaningful order; a corrupt record is listed by its id only. */
export interface ShopList {
  readonly shops: readonly (Shop | { readonly shopId: string; readonly corrupt: true })[];
  /** Absent: there are no more. */
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
