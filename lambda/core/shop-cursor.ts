import { isShopId } from './shop-id.ts';

/** Where a list of shops goes on: the last shop id, in a form that nobody is tempted to read. */
export const writeShopCursor = (lastShopId: string): string => Buffer.from(lastShopId).toString('base64url');

/** The shop id that a cursor stands for, or nothing when we can't have written it. */
export function readShopCursor(cursor: string): string | undefined {
  const shopId = Buffer.from(cursor, 'base64url').toString();
  return isShopId(shopId) && writeShopCursor(shopId) === cursor ? shopId : undefined;
}
