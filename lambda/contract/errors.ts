/** Who can mend a refusal. */
export type FixedBy = 'integrator' | 'administrator' | 'operator' | 'nobody';

export interface ErrorEntry {
  readonly status: number;
  /** One sentence a person can act on. Plain ASCII without quotes, because API Gateway pastes it into JSON unescaped. */
  readonly message: string;
  readonly fixedBy: FixedBy;
}

/** The one catalogue of refusals. Source: contract §2. */
export const errors = {
  invalid_json: {
    status: 400,
    message: 'The request body is not a JSON object without repeated members.',
    fixedBy: 'integrator',
  },
  invalid_request: {
    status: 400,
    message: 'The request body has a missing, unknown or malformed member.',
    fixedBy: 'integrator',
  },
  conflicting_aliases: {
    status: 400,
    message: 'Two spellings of one member have different values; send one of them.',
    fixedBy: 'integrator',
  },
  invalid_expires_in: {
    status: 400,
    message: 'Give expiresIn as 30s, 10m, 1h or a number of seconds, from 1 second up to what the key allows.',
    fixedBy: 'integrator',
  },
  invalid_path: {
    status: 400,
    message: 'The path has dot segments, an encoded slash or a malformed escape.',
    fixedBy: 'integrator',
  },
  bad_request: { status: 400, message: 'The request is malformed.', fixedBy: 'integrator' },
  not_a_url: { status: 400, message: 'Give an address like https://shop.example.com.', fixedBy: 'administrator' },
  not_https: { status: 400, message: 'Give an https address; http is for localhost only.', fixedBy: 'administrator' },
  not_an_origin: {
    status: 400,
    message: 'Give scheme and host only, in lower case, without a path, user or default port.',
    fixedBy: 'administrator',
  },
  ip_literal: { status: 400, message: 'Give a host name instead of an IP address.', fixedBy: 'administrator' },
  single_label_host: { status: 400, message: 'Give a whole host name, with a dot in it.', fixedBy: 'administrator' },
  loopback_in_production: {
    status: 400,
    message: 'A production gate takes no localhost; use a stage for development.',
    fixedBy: 'administrator',
  },
  malformed_host: {
    status: 400,
    message: 'The host name is malformed; international names are written in Punycode.',
    fixedBy: 'administrator',
  },
  too_long: { status: 400, message: 'An origin has 261 characters at most.', fixedBy: 'administrator' },
  unauthorized: {
    status: 401,
    message: 'The credential is missing or not valid; get a new token or session, or log in again.',
    fixedBy: 'integrator',
  },
  invalid_api_key: {
    status: 401,
    message:
      'The API key is missing or not valid here; send a live key of the kind that this route takes, in its header.',
    fixedBy: 'integrator',
  },
  invalid_temp_token: {
    status: 401,
    message: 'The temp token is missing, used, expired or not valid; have your server fetch a new one.',
    fixedBy: 'integrator',
  },
  no_session: {
    status: 401,
    message: 'There is no live session, or the call lacks X-Requested-With; exchange a new temp token.',
    fixedBy: 'integrator',
  },
  login_failed: {
    status: 401,
    message:
      'The login is not proven; check user name, access key id and secret access key, or take a new link, and begin again.',
    fixedBy: 'administrator',
  },
  not_in_admin_group: {
    status: 403,
    message: 'The user is proven, but not in the group of the administrators; have somebody add it.',
    fixedBy: 'operator',
  },
  cross_site_request: {
    status: 403,
    message: 'A change takes the header X-Requested-With and, if an Origin is sent, our own.',
    fixedBy: 'integrator',
  },
  origin_not_allowed: {
    status: 403,
    message: 'Pages of this origin may not call; add it to the shop, or use an analytics key that allows it.',
    fixedBy: 'administrator',
  },
  wrong_app: {
    status: 403,
    message: 'The credential is not for this app; get one for it, or name an app that it is for.',
    fixedBy: 'integrator',
  },
  key_without_origins: {
    status: 403,
    message: 'The key has no allowed origins, to which sessions are bound; use a key that has.',
    fixedBy: 'administrator',
  },
  dev_keys_disabled: {
    status: 403,
    message: 'This stage takes no dev keys; use a stage for development.',
    fixedBy: 'operator',
  },
  wrong_shop: {
    status: 403,
    message: 'The API key belongs to another shop; use the shop id that came with the key.',
    fixedBy: 'integrator',
  },
  shop_disabled: {
    status: 403,
    message: 'The shop is disabled; ask an administrator to enable it.',
    fixedBy: 'administrator',
  },
  issuing_paused: {
    status: 403,
    message: 'Issuing is paused for this shop; ask an administrator to resume it.',
    fixedBy: 'administrator',
  },
  api_key_in_browser: {
    status: 403,
    message:
      'A server API key was sent by a browser or in place of a token; rotate the key and keep it on your server.',
    fixedBy: 'integrator',
  },
  forbidden: { status: 403, message: 'The request was refused before it reached the gate.', fixedBy: 'operator' },
  not_found: { status: 404, message: 'There is no such route; check the path and the method.', fixedBy: 'integrator' },
  shop_not_found: {
    status: 404,
    message: 'There is no such shop; look at the list of shops.',
    fixedBy: 'administrator',
  },
  service_key_not_found: {
    status: 404,
    message: 'There is no such service key; look at the list of service keys.',
    fixedBy: 'administrator',
  },
  request_not_found: {
    status: 404,
    message: 'The trail of the last week does not know this request; it keeps some of each minute.',
    fixedBy: 'administrator',
  },
  unknown_origin: { status: 404, message: 'The shop has no such origin; look at the shop.', fixedBy: 'administrator' },
  version_conflict: {
    status: 409,
    message: 'Somebody changed it at the same time; read it again and repeat.',
    fixedBy: 'administrator',
  },
  rotation_in_progress: {
    status: 409,
    message: 'An earlier key still verifies tokens; wait until it ends, or stop it now with force.',
    fixedBy: 'administrator',
  },
  no_rotation_in_progress: {
    status: 409,
    message: 'No old key is in its overlap, so there is nothing to retire or undo.',
    fixedBy: 'administrator',
  },
  key_not_live: {
    status: 409,
    message: 'The key has ended or is about to; look for its successor in the list.',
    fixedBy: 'administrator',
  },
  nothing_to_undo: {
    status: 409,
    message: 'There is no revocation that could be taken back.',
    fixedBy: 'administrator',
  },
  too_many_origins: {
    status: 409,
    message: 'A shop has 50 origins at most; remove some first.',
    fixedBy: 'administrator',
  },
  too_many_service_keys: {
    status: 409,
    message: 'There are 100 live service keys, the most there may be; revoke those that nobody uses.',
    fixedBy: 'administrator',
  },
  id_taken: { status: 409, message: 'The new id is taken already; repeat.', fixedBy: 'administrator' },
  precondition_failed: {
    status: 412,
    message: 'It is no longer the version that If-Match names; read it again.',
    fixedBy: 'administrator',
  },
  request_too_large: {
    status: 413,
    message: 'The request is larger than this route accepts.',
    fixedBy: 'integrator',
  },
  token_too_large: {
    status: 413,
    message: 'The token would be too large for a header or a cookie; send less in the members named.',
    fixedBy: 'integrator',
  },
  unsupported_media_type: {
    status: 415,
    message: 'The body is not UTF-8 text, which is all that is forwarded.',
    fixedBy: 'integrator',
  },
  too_many_requests: {
    status: 429,
    message: 'Too many requests; repeat after the time in Retry-After.',
    fixedBy: 'integrator',
  },
  upstream_failed: {
    status: 502,
    message: 'The upstream behind the gate gave no usable answer.',
    fixedBy: 'operator',
  },
  service_unavailable: {
    status: 503,
    message: 'A dependency did not answer; repeat after the time in Retry-After.',
    fixedBy: 'operator',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;
