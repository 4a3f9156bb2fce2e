/** One thing that the admin API does. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below /admin/api; `{name}` is one segment. */
  readonly path: string;
  readonly action: string;
  readonly summary: string;
}

/** Everything below /admin/api that takes a session. The function, the README and the tests are made from it. */
export const adminRoutes = [
  { method: 'GET', path: '/session', action: 'show-session', summary: 'Who is logged in' },
  { method: 'DELETE', path: '/session', action: 'end-session', summary: 'Log out' },
  {
    method: 'POST',
    path: '/login-links',
    action: 'create-login-link',
    summary: 'The code of a one-time link, by which a browser of yours is logged in',
  },
  { method: 'GET', path: '/status', action: 'show-status', summary: 'What this gate is and whether its stores answer' },
  { method: 'GET', path: '/shops', action: 'list-shops', summary: 'Shops, page by page' },
  { method: 'POST', path: '/shops', action: 'create-shop', summary: 'Create a shop; its API key is shown this once' },
  { method: 'GET', path: '/shops/{shopId}', action: 'show-shop', summary: 'One shop' },
  {
    method: 'PATCH',
    path: '/shops/{shopId}',
    action: 'set-switches',
    summary: 'Rename a shop, change its URL, disable or enable it, pause or resume issuing, require an origin',
  },
  {
    method: 'DELETE',
    path: '/shops/{shopId}',
    action: 'delete-shop',
    summary: 'Delete a shop that has been disabled for 24 hours',
  },
  {
    method: 'POST',
    path: '/shops/{shopId}/keys/rotate',
    action: 'rotate-key',
    summary: 'A new key; the old one stays valid for the overlap',
  },
  {
    method: 'POST',
    path: '/shops/{shopId}/keys/reset',
    action: 'reset-keys',
    summary: 'A new key; the old ones and their tokens stop now',
  },
  { method: 'POST', path: '/shops/{shopId}/keys/retire', action: 'retire-key', summary: 'End the overlap now' },
  { method: 'POST', path: '/shops/{shopId}/keys/undo', action: 'undo-rotation', summary: 'Undo a rotation' },
  {
    method: 'POST',
    path: '/shops/{shopId}/tokens/revoke',
    action: 'revoke-tokens',
    summary: 'Refuse every token issued up to now',
  },
  {
    method: 'POST',
    path: '/shops/{shopId}/tokens/undo',
    action: 'undo-revoke-tokens',
    summary: 'Undo the last revocation',
  },
  {
    method: 'POST',
    path: '/shops/{shopId}/tokens/explain',
    action: 'explain-token',
    summary: 'Why a token is or is not accepted',
  },
  { method: 'POST', path: '/shops/{shopId}/origins', action: 'add-origins', summary: 'Allow origins' },
  {
    method: 'POST',
    path: '/shops/{shopId}/origins/remove',
    action: 'remove-origins',
    summary: 'Remove allowed origins',
  },
  {
    method: 'POST',
    path: '/shops/{shopId}/origins/test',
    action: 'test-origin',
    summary: 'Whether an origin is allowed',
  },
  { method: 'GET', path: '/service-keys', action: 'list-service-keys', summary: 'Service keys, without their texts' },
  {
    method: 'POST',
    path: '/service-keys',
    action: 'add-service-key',
    summary: 'Create an analytics, data-router or dev key; it is shown this once',
  },
  {
    method: 'POST',
    path: '/service-keys/{keyId}/rotate',
    action: 'rotate-service-key',
    summary: 'A successor; the old key stays valid for the overlap',
  },
  {
    method: 'POST',
    path: '/service-keys/{keyId}/revoke',
    action: 'revoke-service-key',
    summary: 'End a service key now, with the tokens and sessions that it got',
  },
  {
    method: 'POST',
    path: '/service-keys/{keyId}/tokens/revoke',
    action: 'revoke-service-key-tokens',
    summary: 'Refuse every token and session that a service key got up to now',
  },
  {
    method: 'POST',
    path: '/revocations',
    action: 'revoke-subject',
    summary: 'Refuse every token and session of a user, client or app up to now',
  },
  {
    method: 'GET',
    path: '/explain/{requestId}',
    action: 'explain-request',
    summary: 'Why a call was refused and what to do, by its request id',
  },
  { method: 'GET', path: '/audit', action: 'query-audit', summary: 'The audit trail, newest first, filtered' },
] as const satisfies readonly AdminRoute[];

export type AdminAction = (typeof adminRoutes)[number]['action'];
