// Long because it is one list: every public operation.
import type { ErrorCode } from './errors.ts';
import { headers } from './headers.ts';
import * as schemas from './public-schemas.ts';
import type { routes } from './routes.ts';
import { type Infer, list, type ObjectSchema, object, type Schema } from './schema.ts';

/** What a caller proves a right with; how each is sent is in the OpenAPI document. */
export type CredentialName =
  | 'shopApiKey'
  | 'widgetToken'
  | 'analyticsKey'
  | 'dataRouterKey'
  | 'devKey'
  | 'tempToken'
  | 'securityToken'
  | 'sessionToken'
  | 'sessionCookie'
  | 'iamProof'
  | 'adminSession';

/** One response that is not a refusal. */
export interface PublicAnswer {
  readonly description: string;
  /** Headers beside those that every response has. `false`: the header is not always there. */
  readonly headers?: Readonly<Record<string, boolean>>;
  /** Absent: the response has no body. */
  readonly body?: Schema;
}

/** One thing that callers can do outside the actions of the admin API. */
export interface PublicOperation {
  /** The route of `contract/routes.ts`. */
  readonly route: (typeof routes)[number]['path'];
  /** The path if the route covers more than this. `{path}` matches one or more segments. */
  readonly path?: string;
  /** `READ`: GET and HEAD. `ANY`: all methods that API Gateway has. */
  readonly method: 'GET' | 'POST' | 'DELETE' | 'READ' | 'ANY';
  readonly summary: string;
  readonly description?: string;
  /** Any one of these; none: no credential is required. */
  readonly credentials: readonly CredentialName[];
  /** Request headers beside credentials, and whether they are required. */
  readonly headers?: Readonly<Record<string, boolean>>;
  /** `isOpen`: other members are accepted. */
  readonly body?: { readonly schema: ObjectSchema; readonly isRequired: boolean; readonly isOpen?: true };
  readonly answers: Readonly<Record<number, PublicAnswer>>;
  /** Whether the upstream answers if the stage has one. */
  readonly isForwarded?: true;
  /** Beside the refusals that API Gateway makes on every route. */
  readonly errors: readonly ErrorCode[];
}

const loginBody = { schema: schemas.login, isRequired: true, isOpen: true } as const;

const ALIASES =
  'The IDs are also accepted as userId or user_id, appId or app_id, clientId or client_id, and orgId or org_id. All other members travel as claims.';

const KEY_ERRORS = ['invalid_api_key', 'api_key_in_browser'] as const;
const LOGIN_ERRORS = [
  ...KEY_ERRORS,
  'invalid_json',
  'invalid_request',
  'conflicting_aliases',
  'invalid_expires_in',
  'wrong_app',
  'token_too_large',
] as const;
const FORWARDING_ERRORS = ['invalid_path', 'upstream_failed', 'upstream_unavailable'] as const;
const WIDGET_ERRORS = ['unauthorized', 'shop_disabled', 'origin_not_allowed', 'api_key_in_browser'] as const;
const ANALYTICS_ERRORS = [
  'unauthorized',
  'origin_not_allowed',
  'wrong_app',
  'api_key_in_browser',
  'ids_malformed',
  'dev_ids_missing',
] as const;
const ROUTER_ERRORS = ['unauthorized', 'api_key_in_browser'] as const;
const ADMIN_LOGIN_ERRORS = [
  'cross_site_request',
  'invalid_json',
  'invalid_request',
  'login_failed',
  'not_in_admin_group',
] as const;

const IDENTITY = 'The verified identity.';
const FORWARDED = 'The response of the upstream, or the verified identity if the stage has no upstream.';

const ANALYTICS_CREDENTIALS = ['securityToken', 'sessionToken', 'analyticsKey', 'devKey', 'sessionCookie'] as const;
const analyticsHeaders = {
  Origin: false,
  'X-Requested-With': false,
  [headers.userId]: false,
  [headers.appId]: false,
  [headers.clientId]: false,
} as const;
const renewal = { [headers.sessionToken]: false, 'Set-Cookie': false } as const;
const loggedIn = {
  200: {
    description: 'The administrator is logged in: the cookie is the session.',
    headers: { 'Set-Cookie': true },
    body: schemas.administrator,
  },
} as const;

/** Every operation that is not an action of the admin API, by name. */
export const publicApi = {
  'issue-widget-token': {
    route: '/api/shops/{shopId}/widget-token',
    method: 'POST',
    summary: 'Issue a widget token',
    description: 'For the server of a shop. A request body is ignored.',
    credentials: ['shopApiKey'],
    answers: {
      200: {
        description: 'A new token, valid for 24 hours.',
        headers: { [headers.widgetTokenExpiresIn]: true },
        body: schemas.token,
      },
    },
    errors: [...KEY_ERRORS, 'wrong_shop', 'shop_disabled', 'issuing_paused'],
  },
  'inspect-widget-token': {
    route: '/api/shops/{shopId}/widget-token/inspect',
    method: 'POST',
    summary: 'Explain a widget token to its own shop',
    credentials: ['shopApiKey'],
    body: {
      schema: object(
        {
          token: { ...schemas.string, form: 'the widget token as a text' },
          origin: { ...schemas.string, form: 'the Origin header of a page as a text' },
        },
        ['token'],
      ),
      isRequired: true,
    },
    answers: { 200: { description: 'Whether and why the token is accepted.', body: schemas.inspection } },
    errors: [...KEY_ERRORS, 'wrong_shop', 'invalid_json', 'invalid_request'],
  },
  'show-widget-session': {
    route: '/api/widget/{proxy+}',
    path: '/api/widget/session',
    method: 'READ',
    summary: 'Show the verified identity of a widget token',
    credentials: ['widgetToken'],
    headers: { Origin: false },
    answers: { 200: { description: IDENTITY, body: schemas.widgetIdentity } },
    errors: WIDGET_ERRORS,
  },
  'call-widget-api': {
    route: '/api/widget/{proxy+}',
    path: '/api/widget/{path}',
    method: 'ANY',
    summary: 'Call the widget API',
    credentials: ['widgetToken'],
    headers: { Origin: false },
    answers: { 200: { description: FORWARDED, body: schemas.widgetIdentity } },
    isForwarded: true,
    errors: [...WIDGET_ERRORS, ...FORWARDING_ERRORS],
  },
  'issue-security-token': {
    route: '/devapi/v4/core/login/token',
    method: 'POST',
    summary: 'Issue a security token for a user of an app',
    description: ALIASES,
    credentials: ['analyticsKey'],
    body: loginBody,
    answers: {
      200: {
        description: 'A new token, valid for 1 hour or for expiresIn.',
        headers: { [headers.securityTokenExpiresIn]: true },
        body: schemas.token,
      },
    },
    errors: LOGIN_ERRORS,
  },
  'issue-temp-token': {
    route: '/api/auth/temp-token',
    method: 'POST',
    summary: 'Issue a temp token that begins a session in a page',
    description: `${ALIASES} expiresIn is the longest life of the session, 8 hours at most.`,
    credentials: ['analyticsKey'],
    body: loginBody,
    answers: { 200: { description: 'A new token, valid once within 60 seconds.', body: schemas.token } },
    errors: [...LOGIN_ERRORS, 'key_without_origins'],
  },
  'begin-session': {
    route: '/api/auth/session',
    method: 'POST',
    summary: 'Exchange a temp token for a session, once',
    credentials: ['tempToken'],
    headers: { Origin: true },
    body: {
      schema: object(
        { mode: { type: 'string', enum: ['cookie', 'token'], default: 'cookie', form: 'cookie or token' } },
        [],
      ),
      isRequired: false,
    },
    answers: {
      200: {
        description: 'With mode token: the session as a bearer value.',
        headers: { [headers.sessionExpiresIn]: true },
        body: schemas.token,
      },
      204: {
        description: 'With mode cookie: the cookie is the session.',
        headers: { [headers.sessionExpiresIn]: true, 'Set-Cookie': true },
      },
    },
    errors: ['invalid_json', 'invalid_request', 'invalid_temp_token', 'origin_not_allowed', 'api_key_in_browser'],
  },
  'show-analytics-session': {
    route: '/api/auth/session',
    method: 'GET',
    summary: 'Show a session, and renew it if it ends soon',
    credentials: ['sessionCookie', 'sessionToken'],
    headers: { Origin: true, 'X-Requested-With': false },
    answers: {
      200: {
        description: 'The session.',
        headers: { [headers.sessionExpiresIn]: true, ...renewal },
        body: schemas.session,
      },
    },
    errors: ['no_session', 'origin_not_allowed', 'api_key_in_browser'],
  },
  'end-analytics-session': {
    route: '/api/auth/session',
    method: 'DELETE',
    summary: 'End a session',
    credentials: ['sessionCookie', 'sessionToken'],
    headers: { Origin: true, 'X-Requested-With': false },
    answers: { 204: { description: 'The session has ended.', headers: { 'Set-Cookie': true } } },
    errors: ['no_session', 'origin_not_allowed', 'api_key_in_browser'],
  },
  'show-analytics-identity': {
    route: '/api/analytics/{proxy+}',
    path: '/api/analytics/session',
    method: 'READ',
    summary: 'Show the verified identity of a credential',
    credentials: ANALYTICS_CREDENTIALS,
    headers: analyticsHeaders,
    answers: {
      200: {
        description: IDENTITY,
        headers: { ...renewal, [headers.devKeyWarning]: false },
        body: schemas.analyticsIdentity,
      },
    },
    errors: ANALYTICS_ERRORS,
  },
  'call-analytics-api': {
    route: '/api/analytics/{proxy+}',
    path: '/api/analytics/{path}',
    method: 'ANY',
    summary: 'Call the analytics API',
    credentials: ANALYTICS_CREDENTIALS,
    headers: analyticsHeaders,
    answers: {
      200: {
        description: FORWARDED,
        headers: { ...renewal, [headers.devKeyWarning]: false },
        body: schemas.analyticsIdentity,
      },
    },
    isForwarded: true,
    errors: [...ANALYTICS_ERRORS, ...FORWARDING_ERRORS],
  },
  'show-data-router-identity': {
    route: '/api/data-router/{proxy+}',
    path: '/api/data-router/session',
    method: 'READ',
    summary: 'Show which key was accepted',
    credentials: ['dataRouterKey'],
    answers: { 200: { description: IDENTITY, body: schemas.dataRouterIdentity } },
    errors: ROUTER_ERRORS,
  },
  'call-data-router': {
    route: '/api/data-router/{proxy+}',
    path: '/api/data-router/{path}',
    method: 'ANY',
    summary: 'Call the data router',
    credentials: ['dataRouterKey'],
    answers: { 200: { description: FORWARDED, body: schemas.dataRouterIdentity } },
    isForwarded: true,
    errors: [...ROUTER_ERRORS, ...FORWARDING_ERRORS],
  },
  'list-public-keys': {
    route: '/.well-known/jwks.json',
    method: 'GET',
    summary: 'List the public keys, by which upstreams verify that a call came through the gate',
    credentials: [],
    answers: {
      200: {
        description: 'A JSON Web Key Set.',
        body: object({ keys: list(schemas.publicKey) }, ['keys']),
      },
    },
    errors: [],
  },
  'begin-login': {
    route: '/admin/api/login/challenge',
    method: 'POST',
    summary: 'Begin to log in as an administrator: get a request to sign',
    description:
      'Sign exactly this request by AWS Signature Version 4, for the service sts, with the access key of an IAM user.',
    credentials: [],
    headers: { 'X-Requested-With': true },
    answers: { 200: { description: 'The request to sign.', body: schemas.challenge } },
    errors: ['cross_site_request'],
  },
  'log-in': {
    route: '/admin/api/login',
    method: 'POST',
    summary: 'Log in as an administrator',
    credentials: ['iamProof'],
    headers: { 'X-Requested-With': true },
    body: {
      schema: object(
        { challenge: schemas.text, userName: schemas.text, accessKeyId: schemas.text, signature: schemas.text },
        ['challenge', 'userName', 'accessKeyId', 'signature'],
      ),
      isRequired: true,
    },
    answers: loggedIn,
    errors: ADMIN_LOGIN_ERRORS,
  },
  'open-login-link': {
    route: '/admin/api/login/link',
    method: 'POST',
    summary: 'Log in as the administrator who created the login link',
    description: 'The code is the credential: it works once, within 60 seconds.',
    credentials: [],
    headers: { 'X-Requested-With': true },
    body: { schema: object({ code: schemas.string }, ['code']), isRequired: true },
    answers: loggedIn,
    errors: ADMIN_LOGIN_ERRORS,
  },
} as const satisfies Readonly<Record<string, PublicOperation>>;

type PublicApi = typeof publicApi;
export type PublicOperationName = keyof PublicApi;

/** The body of a response with status 200. */
export type PublicAnswerOf<N extends PublicOperationName> = PublicApi[N]['answers'] extends {
  readonly 200: { readonly body: infer S };
}
  ? Infer<S>
  : undefined;

/** The body of a request. */
export type PublicRequestOf<N extends PublicOperationName> = PublicApi[N] extends {
  readonly body: { readonly schema: infer S };
}
  ? Infer<S>
  : undefined;

/** The codes of the refusals that an operation makes. */
export type PublicErrorOf<N extends PublicOperationName> = PublicApi[N]['errors'][number];
