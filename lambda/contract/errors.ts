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
  invalid_path: {
    status: 400,
    message: 'The path has dot segments, an encoded slash or a malformed escape.',
    fixedBy: 'integrator',
  },
  bad_request: { status: 400, message: 'The request is malformed.', fixedBy: 'integrator' },
  unauthorized: {
    status: 401,
    message: 'The credential is missing or not valid; have your server issue a new widget token.',
    fixedBy: 'integrator',
  },
  invalid_api_key: {
    status: 401,
    message: 'The API key is missing or not valid; send a live key of this shop in X-Shop-API-Key.',
    fixedBy: 'integrator',
  },
  origin_not_allowed: {
    status: 403,
    message: 'This page may not use the widget; add its origin to the shop.',
    fixedBy: 'administrator',
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
    message: 'A server API key was sent by a browser; rotate it and keep it on your server.',
    fixedBy: 'integrator',
  },
  forbidden: { status: 403, message: 'The request was refused before it reached the gate.', fixedBy: 'operator' },
  not_found: { status: 404, message: 'There is no such route; check the path and the method.', fixedBy: 'integrator' },
  request_too_large: {
    status: 413,
    message: 'The request is larger than this route accepts.',
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
