import type { GateFunctionName } from './functions.ts';

/** How a route is protected at the gateway. `none`: the function behind it checks the credential itself. */
export type RouteAuth = 'none' | 'widget-token' | 'analytics' | 'data-router-key' | 'admin-session';

export interface Route {
  readonly method: 'GET' | 'POST' | 'ANY';
  /** API Gateway path; `{name}` one segment, `{name+}` the rest. */
  readonly path: string;
  readonly handler: GateFunctionName;
  readonly auth: RouteAuth;
  /** The credential that a client sends. */
  readonly credential: string;
  readonly summary: string;
  /**
   * Whether pages of other origins may call it, so that it answers preflights. `any`: from any origin without cookies. `credentialed`: with
   * the session cookie from the origins of analytics keys, and without it from any other. `listed`: only from the origins of analytics
   * keys, with or without the cookie.
   */
  readonly crossOrigin: 'none' | 'any' | 'credentialed' | 'listed';
  /** Sustained requests per second, and burst, per route. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
}

/**
 * Far above any legitimate rate, because API Gateway counts a call before its caller is known: with a lower throttle, a few addresses could
 * block all administrators. The limit per address restricts logins. The burst is the default of an account.
 */
const ADMIN_THROTTLE = { ratePerSecond: 5_000, burst: 5_000 } as const;

/** The one route table: the REST API and the tests are made from it, and docs/contract.md is checked against it. What is cross-origin also answers OPTIONS without a credential. */
export const routes = [
  {
    method: 'POST',
    path: '/api/shops/{shopId}/widget-token',
    handler: 'token-issuer',
    auth: 'none',
    credential: 'X-Shop-API-Key',
    summary: 'Issue a widget token',
    crossOrigin: 'any',
    throttle: { ratePerSecond: 1_000, burst: 2_000 },
  },
  {
    method: 'POST',
    path: '/api/shops/{shopId}/widget-token/inspect',
    handler: 'token-inspector',
    auth: 'none',
    credential: 'X-Shop-API-Key',
    summary: 'Explain a widget token to its own shop',
    crossOrigin: 'any',
    throttle: { ratePerSecond: 50, burst: 100 },
  },
  {
    method: 'ANY',
    path: '/api/widget/{proxy+}',
    handler: 'widget-endpoint',
    auth: 'widget-token',
    credential: 'X-Widget-Token',
    summary: 'Call the widget API; GET /api/widget/session returns the verified identity',
    crossOrigin: 'any',
    throttle: { ratePerSecond: 5_000, burst: 5_000 },
  },
  {
    method: 'POST',
    path: '/devapi/v4/core/login/token',
    handler: 'security-token-issuer',
    auth: 'none',
    credential: 'X-API-Key (analytics)',
    summary: 'Issue a security token for a user of an app',
    crossOrigin: 'any',
    throttle: { ratePerSecond: 1_000, burst: 2_000 },
  },
  {
    method: 'POST',
    path: '/api/auth/temp-token',
    handler: 'temp-token-issuer',
    auth: 'none',
    credential: 'X-API-Key (analytics)',
    summary: 'Issue a temp token that begins a session in a page',
    crossOrigin: 'any',
    throttle: { ratePerSecond: 1_000, burst: 2_000 },
  },
  {
    method: 'ANY',
    path: '/api/auth/session',
    handler: 'session-exchange',
    auth: 'none',
    credential: 'temp token (POST), session cookie or session token (GET, DELETE)',
    summary: 'Begin (POST), show (GET) or end (DELETE) a session',
    crossOrigin: 'listed',
    throttle: { ratePerSecond: 1_000, burst: 2_000 },
  },
  {
    method: 'ANY',
    path: '/api/analytics/{proxy+}',
    handler: 'analytics-endpoint',
    auth: 'analytics',
    credential: 'security token, session, X-API-Key (analytics or dev)',
    summary: 'Call the analytics API; GET /api/analytics/session returns the verified identity',
    crossOrigin: 'credentialed',
    throttle: { ratePerSecond: 5_000, burst: 5_000 },
  },
  {
    method: 'ANY',
    path: '/api/data-router/{proxy+}',
    handler: 'data-router-endpoint',
    auth: 'data-router-key',
    credential: 'X-API-Key (data-router)',
    summary: 'Call the data router; GET /api/data-router/session returns the verified identity',
    crossOrigin: 'any',
    throttle: { ratePerSecond: 1_000, burst: 2_000 },
  },
  {
    method: 'GET',
    path: '/.well-known/jwks.json',
    handler: 'jwks',
    auth: 'none',
    credential: 'none',
    summary: "Public keys that upstreams verify the gate's assertions with",
    crossOrigin: 'any',
    throttle: { ratePerSecond: 500, burst: 1_000 },
  },
  {
    method: 'POST',
    path: '/admin/api/login/challenge',
    handler: 'admin-login',
    auth: 'none',
    credential: 'none',
    summary: 'Start an administrator login: returns a request to sign',
    crossOrigin: 'none',
    throttle: ADMIN_THROTTLE,
  },
  {
    method: 'POST',
    path: '/admin/api/login',
    handler: 'admin-login',
    auth: 'none',
    credential: 'signature of an IAM access key',
    summary: 'Log in as an administrator',
    crossOrigin: 'none',
    throttle: ADMIN_THROTTLE,
  },
  {
    method: 'POST',
    path: '/admin/api/login/link',
    handler: 'admin-login',
    auth: 'none',
    credential: 'code of a login link',
    summary: 'Log in as the administrator who created the link',
    crossOrigin: 'none',
    throttle: ADMIN_THROTTLE,
  },
  {
    method: 'ANY',
    path: '/admin/api/{proxy+}',
    handler: 'admin-api',
    auth: 'admin-session',
    credential: 'session cookie',
    summary: 'Administer shops, keys, tokens and origins; read the audit trail',
    crossOrigin: 'none',
    throttle: ADMIN_THROTTLE,
  },
] as const satisfies readonly Route[];

/** The trees that an authorizer's Allow covers, by the credential that opens them. */
export const protectedTrees = {
  'widget-token': '/api/widget',
  analytics: '/api/analytics',
  'data-router-key': '/api/data-router',
  'admin-session': '/admin/api',
} as const;
