/** Who can fix a refusal. */
export type FixedBy = 'integrator' | 'administrator' | 'operator' | 'nobody';

export interface ErrorEntry {
  readonly status: number;
  /**
   * One sentence that the reader can act on. Plain ASCII without quotes, because API Gateway pastes it into JSON
   * unescaped.
   */
  readonly message: string;
  readonly fixedBy: FixedBy;
}

/** The one catalog of refusals. Source: contract §2. */
export const errors = {
  invalid_json: {
    status: 400,
    message: 'The request body must be one JSON object, in which no member is repeated.',
    fixedBy: 'integrator',
  },
  invalid_request: {
    status: 400,
    message: 'A value in the request is missing, unknown or malformed.',
    fixedBy: 'integrator',
  },
  conflicting_aliases: {
    status: 400,
    message: 'Two spellings of one body member have different values; send only one of them.',
    fixedBy: 'integrator',
  },
  invalid_expires_in: {
    status: 400,
    message: 'Set expiresIn to 30s, 10m, 1h or a number of seconds, at least 1 and at most what the API key allows.',
    fixedBy: 'integrator',
  },
  invalid_path: {
    status: 400,
    message: 'The path has dot segments, an encoded slash or a malformed escape; remove them.',
    fixedBy: 'integrator',
  },
  ids_malformed: {
    status: 400,
    message:
      'Send X-User-Id, X-App-Id and X-Client-Id at most once each, with 1 to 256 printable ASCII characters and no space at either end.',
    fixedBy: 'integrator',
  },
  dev_ids_missing: { status: 400, message: 'Send X-User-Id and X-App-Id with a dev key.', fixedBy: 'integrator' },
  bad_request: {
    status: 400,
    message: 'The request is malformed; check its headers, path and query string.',
    fixedBy: 'integrator',
  },
  not_a_url: {
    status: 400,
    message: 'This is not a web address; specify scheme and host, as in https://shop.example.com.',
    fixedBy: 'administrator',
  },
  not_https: {
    status: 400,
    message: 'Only https addresses are accepted; http is accepted for localhost alone, outside production.',
    fixedBy: 'administrator',
  },
  not_an_origin: {
    status: 400,
    message:
      'Specify only scheme, host and port, as in https://shop.example.com or https://shop.example.com:8443, without user name, path, query or fragment.',
    fixedBy: 'administrator',
  },
  app_origin: {
    status: 400,
    message: 'This origin is shared by many apps; add it to the origins unchanged, with app set to true.',
    fixedBy: 'administrator',
  },
  ip_literal: { status: 400, message: 'IP addresses are not accepted; specify a host name.', fixedBy: 'administrator' },
  single_label_host: {
    status: 400,
    message: 'The host name has no dot; specify the full name, as in shop.example.com.',
    fixedBy: 'administrator',
  },
  loopback_in_production: {
    status: 400,
    message:
      'A production gate does not accept localhost; use a development stage, or set app to true to store https://localhost for an app.',
    fixedBy: 'administrator',
  },
  malformed_host: {
    status: 400,
    message:
      'The host name is malformed or mixes scripts; check its spelling, or write it in Punycode (xn--...) if it is correct.',
    fixedBy: 'administrator',
  },
  too_long: {
    status: 400,
    message: 'The address is too long; an origin has at most 261 characters.',
    fixedBy: 'administrator',
  },
  unauthorized: {
    status: 401,
    message: 'The credential is missing or not valid; get a new token or session, or log in again.',
    fixedBy: 'integrator',
  },
  invalid_api_key: {
    status: 401,
    message: 'No valid API key for this route; send a shop key in X-Shop-API-Key, or a service key in X-API-Key.',
    fixedBy: 'integrator',
  },
  invalid_temp_token: {
    status: 401,
    message:
      'No valid temp token in Authorization; a temp token works once, within 60 seconds. Fetch a new one on your server.',
    fixedBy: 'integrator',
  },
  no_session: {
    status: 401,
    message: 'No active session, or the X-Requested-With header is missing; exchange a new temp token.',
    fixedBy: 'integrator',
  },
  login_failed: {
    status: 401,
    message:
      'The login could not be verified; check the user name, access key ID and secret access key, or create a new login link, and log in again.',
    fixedBy: 'administrator',
  },
  not_in_admin_group: {
    status: 403,
    message: 'The user is not a member of the administrator group; ask someone who manages IAM to add the user.',
    fixedBy: 'operator',
  },
  cross_site_request: {
    status: 403,
    message:
      'State-changing requests need the X-Requested-With header and, if an Origin is sent, the origin of the gate itself.',
    fixedBy: 'integrator',
  },
  origin_not_allowed: {
    status: 403,
    message: 'The origin of the page is not allowed; add it to the shop, or use an analytics key that allows it.',
    fixedBy: 'administrator',
  },
  wrong_app: {
    status: 403,
    message:
      'The credential is not valid for this app, or X-App-Id is missing; use a credential for this app, or specify the app in X-App-Id.',
    fixedBy: 'integrator',
  },
  key_without_origins: {
    status: 403,
    message:
      'The analytics key has no allowed origins, which sessions need; use a key that was created with allowedOrigins.',
    fixedBy: 'administrator',
  },
  dev_keys_disabled: {
    status: 403,
    message: 'Dev keys are disabled in this stage; use a development stage.',
    fixedBy: 'operator',
  },
  wrong_shop: {
    status: 403,
    message: 'The API key belongs to another shop; use the shop ID that came with the key.',
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
  forbidden: {
    status: 403,
    message:
      'The request was refused before it reached the gate, by API Gateway or a firewall in front of it; ask its operator.',
    fixedBy: 'operator',
  },
  not_found: { status: 404, message: 'No such route; check the path and the method.', fixedBy: 'integrator' },
  shop_not_found: {
    status: 404,
    message: 'No shop with this ID; check it against the list of shops.',
    fixedBy: 'administrator',
  },
  service_key_not_found: {
    status: 404,
    message: 'No service key with this ID; check it against the list of service keys.',
    fixedBy: 'administrator',
  },
  request_not_found: {
    status: 404,
    message: 'No audit entry for this request in the last 7 days; refused requests are sampled per minute.',
    fixedBy: 'administrator',
  },
  search_stopped: {
    status: 404,
    message:
      'The audit trail is too long for one search: not all of the last 7 days was searched. Search on with the filter requestId of the audit trail.',
    fixedBy: 'administrator',
  },
  unknown_origin: {
    status: 404,
    message: 'The shop does not have this origin; check it against the origins of the shop.',
    fixedBy: 'administrator',
  },
  version_conflict: {
    status: 409,
    message: 'Another request changed the resource at the same time; fetch it again and repeat the request.',
    fixedBy: 'administrator',
  },
  rotation_in_progress: {
    status: 409,
    message: 'An earlier key still verifies tokens; wait until it ends, or set force to true to stop it now.',
    fixedBy: 'administrator',
  },
  no_rotation_in_progress: {
    status: 409,
    message: 'No old key is in its overlap, so there is nothing to retire or undo.',
    fixedBy: 'administrator',
  },
  key_not_live: {
    status: 409,
    message: 'The key has ended or already has a successor; use its successor from the list of service keys.',
    fixedBy: 'administrator',
  },
  nothing_to_undo: {
    status: 409,
    message: 'No revocation can be undone; only the last one can, once.',
    fixedBy: 'administrator',
  },
  too_many_origins: {
    status: 409,
    message: 'A shop has at most 50 origins; remove some first.',
    fixedBy: 'administrator',
  },
  too_many_service_keys: {
    status: 409,
    message: 'The limit of 100 active service keys is reached; revoke unused keys.',
    fixedBy: 'administrator',
  },
  id_taken: {
    status: 409,
    message: 'The generated ID is already in use; repeat the request.',
    fixedBy: 'administrator',
  },
  client_token_reused: {
    status: 409,
    message: 'This clientToken already created a shop by another request; use a new clientToken.',
    fixedBy: 'administrator',
  },
  shop_not_deletable: {
    status: 409,
    message: 'A shop can be deleted only after it has been disabled for 24 hours.',
    fixedBy: 'administrator',
  },
  precondition_failed: {
    status: 412,
    message: 'The resource has changed since the version in If-Match; fetch it again.',
    fixedBy: 'administrator',
  },
  request_too_large: {
    status: 413,
    message: 'The request body is larger than this route accepts; send a smaller one.',
    fixedBy: 'integrator',
  },
  token_too_large: {
    status: 413,
    message: 'The token would be too large for a header or a cookie; shorten the members of the request body.',
    fixedBy: 'integrator',
  },
  too_many_requests: {
    status: 429,
    message: 'Too many requests; retry after the number of seconds in Retry-After.',
    fixedBy: 'integrator',
  },
  upstream_failed: {
    status: 502,
    message: 'The upstream did not return a usable response; ask its operator.',
    fixedBy: 'operator',
  },
  upstream_unavailable: {
    status: 503,
    message:
      'The upstream stopped responding, so calls to it are paused; retry after the number of seconds in Retry-After.',
    fixedBy: 'operator',
  },
  service_unavailable: {
    status: 503,
    message: 'A dependency did not respond; retry after the number of seconds in Retry-After.',
    fixedBy: 'operator',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;
