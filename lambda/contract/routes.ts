import type { FunctionName } from './functions.ts';

/** How a route is protected at the gateway. `none`: the function behind it checks the credential itself. */
export type RouteAuth = 'none' | 'widget-token';

export interface Route {
  readonly method: 'GET' | 'POST' | 'ANY';
  /** API Gateway path; `{name}` one segment, `{name+}` the rest. */
  readonly path: string;
  readonly handler: FunctionName;
  readonly auth: RouteAuth;
  /** The credential a client sends. */
  readonly credential: string;
  readonly summary: string;
  /** Steady requests per second and burst, per route. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
}

/** The one route table: the REST API, the README and the tests are made from it. Every path also answers OPTIONS without a credential. */
export const routes = [
  {
    method: 'POST',
    path: '/api/shops/{shopId}/widget-token',
    handler: 'token-issuer',
    auth: 'none',
    credential: 'X-Shop-API-Key',
    summary: 'Issue a widget token',
    throttle: { ratePerSecond: 1_000, burst: 2_000 },
  },
  {
    method: 'POST',
    path: '/api/shops/{shopId}/widget-token/inspect',
    handler: 'token-inspector',
    auth: 'none',
    credential: 'X-Shop-API-Key',
    summary: 'Explain a widget token to its own shop',
    throttle: { ratePerSecond: 50, burst: 100 },
  },
  {
    method: 'ANY',
    path: '/api/widget/{proxy+}',
    handler: 'widget-endpoint',
    auth: 'widget-token',
    credential: 'X-Widget-Token',
    summary: 'Call the widget API; GET /api/widget/session answers with the verified identity',
    throttle: { ratePerSecond: 5_000, burst: 5_000 },
  },
] as const satisfies readonly Route[];

/** The trees an authorizer's Allow covers, by the credential that opens them. */
export const protectedTrees = { 'widget-token': '/api/widget' } as const;
