import { nowSeconds, shopCreation, stageOrigins } from '../composition.ts';
import type { Shop } from '../core/shop.ts';
import { log } from '../http/log.ts';
import { parseShopAdminRequest } from '../http/shop-admin-request.ts';
import { administerShop, type ShopAdminRequest } from '../services/administer-shop.ts';
import { listShops } from '../services/list-shops.ts';
import { testOrigin } from '../services/test-origin.ts';

const creation = shopCreation();
const originsOfStage = stageOrigins();

/** Invoked directly by an operator whose IAM identity allows it; there is no route to it. */
export async function handler(event: unknown): Promise<object> {
  const request = parseShopAdminRequest(event);
  if (!request.ok) return request;
  switch (request.value.action) {
    case 'list-shops': {
      const { shops, ...rest } = await listShops(request.value, creation.shopStore);
      return { ok: true, shops: shops.map((shop) => ('corrupt' in shop ? shop : withoutSealedKeys(shop))), ...rest };
    }
    case 'test-origin':
      return testOrigin(request.value, creation.shopStore, originsOfStage);
    default:
      return administer(request.value);
  }
}

async function administer(request: ShopAdminRequest): Promise<object> {
  const administered = await administerShop(request, creation, nowSeconds());
  if (!administered.ok) return administered;
  const { shop, apiKey } = administered.value;
  log('info', { event: 'shop_administered', shopId: shop.shopId, action: request.action });
  return { ok: true, ...withoutSealedKeys(shop), ...(apiKey !== undefined && { apiKey }) };
}

const withoutSealedKeys = ({ keys, ...shop }: Shop): object => ({
  ...shop,
  keys: keys.map(({ sealed: _sealed, ...key }) => key),
});
