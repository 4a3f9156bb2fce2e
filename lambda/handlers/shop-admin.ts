import * as v from 'valibot';
import { nowSeconds, shopCreation } from '../composition.ts';
import { limits } from '../contract/limits.ts';
import { log } from '../http/log.ts';
import { createShop } from '../services/create-shop.ts';

const creation = shopCreation();

const request = v.strictObject({
  action: v.literal('create-shop'),
  url: v.pipe(v.string(), v.maxLength(limits.maxOriginChars)),
  exact: v.optional(v.boolean(), false),
  origins: v.optional(v.array(v.string()), []),
  requireOrigin: v.optional(v.boolean(), false),
});

/** Invoked directly by an operator whose IAM identity allows it; there is no route to it. */
export async function handler(event: unknown): Promise<object> {
  const parsed = v.safeParse(request, event);
  if (!parsed.success) return { ok: false, reason: 'invalid_request' };
  const created = await createShop(parsed.output, creation, nowSeconds());
  if (!created.ok) return created;
  const { shop, apiKey } = created.value;
  log('info', { event: 'shop_created', shopId: shop.shopId });
  return { ok: true, shopId: shop.shopId, url: shop.url, origins: shop.origins, apiKey };
}
