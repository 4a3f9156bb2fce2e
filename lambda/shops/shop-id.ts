import { hash } from 'node:crypto';
import { encodeBase62, randomBase62 } from '../crypto/base62.ts';

const GENERATED_CHARS = 24;
const SHOP_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Whether a text is a shop id. Source: contract §3.2. */
export const isShopId = (text: string): boolean => SHOP_ID.test(text);

/** `shop_` and 24 random characters: 29 in all, with which a widget token needs no Base64 padding. */
export const generateShopId = (): string => `shop_${randomBase62(GENERATED_CHARS)}`;

/** The shop id of a text: the same text gives the same id, and no other text does. */
export function shopIdFrom(text: string): string {
  const digest = hash('sha256', text, 'hex');
  return `shop_${encodeBase62(BigInt(`0x${digest}`), GENERATED_CHARS)}`;
}

/** The cursor of a list of shops: the last shop id, in an opaque form. */
export const writeShopCursor = (lastShopId: string): string => Buffer.from(lastShopId).toString('base64url');

/** The shop id of a cursor, or undefined when we cannot have written it. */
export function readShopCursor(cursor: string): string | undefined {
  const shopId = Buffer.from(cursor, 'base64url').toString();
  return isShopId(shopId) && writeShopCursor(shopId) === cursor ? shopId : undefined;
}
