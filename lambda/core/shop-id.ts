import { randomBase62 } from './base62.ts';

const SHOP_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Whether a text is a shop id. Source: contract §3.2. */
export const isShopId = (text: string): boolean => SHOP_ID.test(text);

/** `shop_` and 24 random characters: 29 in all, with which a widget token needs no Base64 padding. */
export const generateShopId = (): string => `shop_${randomBase62(24)}`;
