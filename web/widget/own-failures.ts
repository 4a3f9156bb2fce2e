/** What only the widget can find wrong, for developers; the gate's own refusals bring their sentence along. */
export const ownFailures = {
  offline: 'The browser is offline.',
  network_failed: 'No readable answer, or a redirect; check data-api-url.',
  bad_answer: 'The upstream must answer JSON.',
  token_missing: 'Set data-token or data-token-url.',
  token_url_failed: 'The token URL must answer {"token":"..."}.',
  token_url_stale: 'The token URL gave a refused token.',
  signed_out: 'The token URL answered 401 or 403.',
  cookie_blocked: 'No cookie kept; set data-auth="auto".',
  invalid_options: 'Unusable option',
  container_not_found: 'No such data-container',
} as const;
