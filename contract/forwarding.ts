import { headers } from './headers.ts';

/** A rule about headers: their names in lower case. A name that ends in `*` matches every name with that prefix. */
export interface HeaderRule {
  readonly names: readonly string[];
  readonly why: string;
}

const own = Object.values(headers).map((name) => name.toLowerCase());

/** RFC 9110 §7.6.1, and headers that describe one connection. A header that `Connection` names is one of them, too. */
const OF_THE_CONNECTION: HeaderRule = {
  names: [
    'connection',
    'expect',
    'host',
    'http2-settings',
    'keep-alive',
    'content-length',
    'proxy-authenticate',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ],
  why: 'Belong to one connection, not to the request or the response.',
};

/** Request headers that never pass from a caller to an upstream, on any route. */
export const droppedFromCaller = {
  connection: OF_THE_CONNECTION,
  gate: {
    names: [...own, 'x-gate-*'],
    why: 'Credentials of the gate and the identity that it verified. A caller cannot state an identity, even where the gate sets none.',
  },
  address: {
    names: [
      'forwarded',
      'forwarded-*',
      'front-end-https',
      'via',
      'x-accel-*',
      'x-envoy-*',
      'x-forward-*',
      'x-forwarded',
      'x-forwarded-*',
      'x-host',
      'x-http-host-override',
      'x-original-*',
      'x-proxy-*',
      'x-rewrite-*',
      'x-scheme',
      'x-script-name',
      'x-url-scheme',
    ],
    why: 'State the address and path that were called. Only a proxy may state them.',
  },
  method: {
    names: ['x-http-method', 'x-http-method-override', 'x-method-override'],
    why: 'Make an upstream handle another method than the gate authorized.',
  },
  person: {
    names: [
      'cf-*',
      'client-cert*',
      'client-ip',
      'cloudfront-*',
      'fastly-client-ip',
      'fly-client-ip',
      'impersonate-*',
      'oidc-*',
      'proxy-client-ip',
      'remote-*',
      'ssl-*',
      'tailscale-*',
      'true-client-ip',
      'wl-proxy-*',
      'x-appengine-*',
      'x-arr-*',
      'x-auth-request-*',
      'x-authenticated-*',
      'x-authentik-*',
      'x-azure-*',
      'x-client-cert*',
      'x-client-dn',
      'x-client-ip',
      'x-client-verify',
      'x-cluster-client-ip',
      'x-consumer-*',
      'x-credential-identifier',
      'x-goog-authenticated-*',
      'x-goog-iap-*',
      'x-ms-client-principal*',
      'x-ms-token-*',
      'x-originating-*',
      'x-pomerium-*',
      'x-proxyuser-*',
      'x-real-ip',
      'x-remote-*',
      'x-ssl-*',
      'x-tls-client-*',
      'x-webauth-*',
    ],
    why: 'State the caller and the address of the caller. Only a proxy may state them.',
  },
  framework: {
    names: ['x-invoke-*', 'x-matched-path', 'x-middleware-*', 'x-sendfile-*'],
    why: 'Control the framework of an upstream, for example to bypass its checks or to read its files.',
  },
  platform: {
    names: ['proxy', 'x-amz-*', 'x-amzn-*'],
    why: '`Proxy` becomes the variable `HTTP_PROXY` of CGI programs. The others are set by AWS.',
  },
} as const satisfies Record<string, HeaderRule>;

/** Response headers that never pass from an upstream to a page. */
export const droppedFromUpstream = {
  connection: OF_THE_CONNECTION,
  gate: { names: [...own, 'x-gate-*'], why: 'Only the gate sets its own headers.' },
  cors: { names: ['access-control-*'], why: 'The gate decides which pages may read a response.' },
  origin: {
    names: [
      'accept-ch',
      'accept-ch-lifetime',
      'alt-svc',
      'attribution-reporting-*',
      'clear-site-data',
      'critical-ch',
      'expect-ct',
      'idp-signin-status',
      'nel',
      'observe-browsing-topics',
      'origin-agent-cluster',
      'public-key-pins',
      'public-key-pins-report-only',
      'report-to',
      'reporting-endpoints',
      'sec-session-*',
      'secure-session-*',
      'service-worker-allowed',
      'set-login',
      'shared-storage-write',
      'strict-transport-security',
      'use-as-dictionary',
    ],
    why: 'Take effect for the whole origin of the gate, not for one response.',
  },
  proxies: {
    names: [
      'akamai-cache-control',
      'cdn-cache-control',
      'cloudflare-cdn-cache-control',
      'edge-cache-control',
      'edge-control',
      'netlify-cdn-cache-control',
      'surrogate-*',
      'vercel-cdn-cache-control',
      'x-accel-*',
      'x-lighttpd-*',
      'x-litespeed-*',
      'x-reproxy-url',
      'x-sendfile',
      'x-sendfile2',
    ],
    why: 'Let a CDN or proxy in front of the gate cache a response for all callers, or replace it with another file.',
  },
  navigation: { names: ['refresh'], why: 'Redirects without the checks of `Location`.' },
} as const satisfies Record<string, HeaderRule>;

/**
 * Request headers that a browser must compare before it reuses a response. In `Vary` of every forwarded response, so that two callers never
 * share one.
 */
export const VARY = [
  'Origin',
  'Authorization',
  'Cookie',
  headers.serviceKey,
  headers.widgetToken,
  headers.appId,
  headers.userId,
  headers.clientId,
] as const;

/**
 * Why a call of the upstream failed. It appears in the log, and as `upstream_<reason>` in the trail and in `explain`, never in a response.
 * Each is described in `explanations`.
 */
export const upstreamFailures = [
  'refused',
  'reset',
  'dns',
  'certificate',
  'timeout',
  'malformed',
  'too_large',
  'aborted',
] as const;

export type UpstreamFailure = (typeof upstreamFailures)[number];

/** Whether a header, by its name in lower case, matches one of these rules. */
export function fallsUnder(rules: Readonly<Record<string, HeaderRule>>): (lowerName: string) => boolean {
  const names = Object.values(rules).flatMap((rule) => rule.names);
  const exact = new Set(names.filter((name) => !name.endsWith('*')));
  const beginnings = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (lowerName) => exact.has(lowerName) || beginnings.some((beginning) => lowerName.startsWith(beginning));
}
