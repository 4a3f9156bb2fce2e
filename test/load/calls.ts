import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { generateShopId } from '#lambda/shops/shop-id.ts';
import { mintWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import type { Shop } from './commands.ts';
import type { LoadGate } from './gate-process.ts';
import type { Calls } from './generator.ts';

const NOBODYS_KEY = prepareHmacKey(Buffer.from('signs for shops that do not exist'));
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

const tokenOf = ({ shopId, apiKey }: Shop): string =>
  mintWidgetToken(shopId, nowSeconds(), prepareHmacKey(Buffer.from(apiKey)));

const session = { path: '/api/widget/session', headers: { Origin: 'https://shop.example.com' } };

/** A shop's server asks for widget tokens. */
export const issueCalls = ({ baseUrl, shop: { shopId, apiKey } }: LoadGate): Calls => ({
  baseUrl,
  method: 'POST',
  path: `/api/shops/${shopId}/widget-token`,
  headers: { 'X-Shop-API-Key': apiKey },
});

/** A browser calls with one token of one shop. */
export const sessionCalls = ({ baseUrl, shop }: LoadGate): Calls => ({
  baseUrl,
  ...session,
  headers: { ...session.headers, 'X-Widget-Token': tokenOf(shop) },
});

/** Browsers call, each time with the token of one of these shops, whichever. */
export function randomShopCalls({ baseUrl }: LoadGate, shops: readonly Shop[]): Calls {
  const tokens = shops.map(tokenOf);
  return { baseUrl, ...session, nextToken: () => tokens[Math.floor(Math.random() * tokens.length)] as string };
}

/** Each time a fresh, well-formed token of a shop that does not exist. */
export const unknownShopCalls = ({ baseUrl }: LoadGate): Calls => ({
  baseUrl,
  ...session,
  nextToken: () => mintWidgetToken(generateShopId(), nowSeconds(), NOBODYS_KEY),
});
