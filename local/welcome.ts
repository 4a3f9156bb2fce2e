import type { DemoCredentials } from './demo-credentials.ts';
import type { DemoUser, DemoUsers } from './demo-users.ts';

export interface Welcome extends DemoUsers, DemoCredentials {
  readonly baseUrl: string;
  /** Absent where the stage takes no pages of this machine. */
  readonly demoUrl: string | undefined;
  readonly adminUrl: string | undefined;
  readonly dataDirectory: string | undefined;
}

/** What a person reads when the gate is up: addresses, the demo shop and users, and lines to paste. */
export function welcome(welcomed: Welcome): string {
  const { baseUrl, demoUrl, adminUrl, shop, analytics, dataRouter, admin, outsider, dataDirectory } = welcomed;
  const key = shop.apiKey === undefined ? 'shown at the first start only' : shop.apiKey;
  return `
Widget Gate is up.

  base URL  ${baseUrl}
  demo      ${demoUrl === undefined ? 'none: production takes no pages of this machine' : `${demoUrl}, a shop and a portal that embed the widget`}
  console   ${adminUrl ?? 'none: the stage has no web'}
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

5. A portal's server exchanges its analytics key for a security token; the page calls with it:

  TOKEN=$(curl -sS -X POST ${baseUrl}/devapi/v4/core/login/token -H "X-API-Key: ${analytics.apiKey ?? '$ANALYTICS_KEY'}" -d '{"userid":"u-1","appid":"app-1"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
  curl -sS -i ${baseUrl}/api/analytics/session -H "Authorization: Bearer $TOKEN"

6. A server calls the data router with a key of its own:

  curl -sS -i ${baseUrl}/api/data-router/session -H "X-API-Key: ${dataRouter.apiKey ?? '$DATA_ROUTER_KEY'}"

7. An administrator, a member of the IAM group ${admin.group}, logs in by an access key, in the console or here${keyLines(admin)}

  bin/widget-gate.js login --user ${admin.userName} && bin/widget-gate.js shops list
  bin/widget-gate.js login --user ${admin.userName} --browser

   Proven, but not in the group, and so refused: ${outsider.userName}${keyLines(outsider)}

Ctrl-C stops it.
`;
}

const keyLines = ({ accessKeyId, secretAccessKey }: DemoUser): string =>
  accessKeyId === undefined
    ? ', shown at the first start only'
    : `:\n\n  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`;
