import type { DemoShop } from './demo-shop.ts';

/** What a person reads when the gate is up: addresses, the demo shop, and lines to paste. */
export function welcome(baseUrl: string, shop: DemoShop, dataDirectory: string | undefined): string {
  const key = shop.apiKey === undefined ? 'shown at the first start only' : shop.apiKey;
  return `
Widget Gate is up.

  base URL  ${baseUrl}
  shop id   ${shop.shopId}
  API key   ${key}
  state     ${dataDirectory ?? 'in memory, forgotten at the end'}

1. The shop's server exchanges its API key for a widget token:

  TOKEN=$(curl -sS -X POST ${baseUrl}/api/shops/${shop.shopId}/widget-token -H "X-Shop-API-Key: ${shop.apiKey ?? '$SHOP_API_KEY'}" | sed 's/.*"token":"\\([^"]*\\)".*/\\1/'); echo "$TOKEN"

2. The browser's widget calls with it, from the shop's own origin (200):

  curl -sS -i ${baseUrl}/api/widget/session -H "X-Widget-Token: $TOKEN" -H "Origin: ${shop.url}"

3. A tampered token (401 unauthorized):

  curl -sS -i ${baseUrl}/api/widget/session -H "X-Widget-Token: x$TOKEN" -H "Origin: ${shop.url}"

4. A page of another origin (403 origin_not_allowed):

  curl -sS -i ${baseUrl}/api/widget/session -H "X-Widget-Token: $TOKEN" -H "Origin: https://evil.example"

Ctrl-C stops it.
`;
}
