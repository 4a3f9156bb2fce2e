import { nowSeconds, shopCreation } from '../composition.ts';
import type { Shop } from '../core/shop.ts';
import { log } from '../http/log.ts';
import { parseShopAdminRequest } from '../http/shop-admin-request.ts';
import { administerShop } from '../services/administer-shop.ts';

const creation = shopCreation();

/** Invoked directly by an operator whose IAM identity allows it; there is no route to it. */
export async function handler(event: unknown): Promise<object> {
  const request = parseShopAdminRequest(event);
  if (!request.ok) return request;
  const administered = await administerShop(request.value, creation, nowSeconds());
  if (!administered.ok) return administered;
  const { shop, apiKey } = administered.value;
  log('info', { event: 'shop_administered', shopId: shop.shopId, action: request.value.action });
  return { ok: true, ...withoutSealedKeys(shop), ...(apiKey !== undefined && { apiKey }) };
}

const withoutSealedKeys = ({ keys, ...shop }: Shop): object => ({
  ...shop,
  keys: keys.map(({ sealed: _sealed, ...key }) => key),
});
