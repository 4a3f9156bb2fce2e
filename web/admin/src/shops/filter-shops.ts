import type { ListedShop } from '../api/views.ts';

/** The shops whose id, address or origin contains the text, by name. */
export function filterShops(shops: readonly ListedShop[], text: string): readonly ListedShop[] {
  const wanted = text.trim().toLowerCase();
  const found = wanted === '' ? shops : shops.filter((shop) => wordsOf(shop).some((word) => word.includes(wanted)));
  return [...found].sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

const wordsOf = (shop: ListedShop): string[] =>
  'corrupt' in shop
    ? [shop.shopId.toLowerCase()]
    : [shop.shopId.toLowerCase(), shop.url.toLowerCase(), ...shop.origins, (shop.name ?? '').toLowerCase()];

/** The display name of a shop: its name or, without one, the host of its address. */
export const nameOf = (shop: ListedShop): string => ('corrupt' in shop ? shop.shopId : (shop.name ?? hostOf(shop)));

const hostOf = ({ url }: { readonly url: string }): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');
