/** Failures that only the widget can detect, for developers; the gate's own refusals have their own sentence. */
export const ownFailures = {
  offline: 'The browser is offline.',
  network_failed: 'No readable response; check data-api-url.',
  bad_answer: 'The upstream must return JSON.',
  token_missing: 'Set data-token or data-token-url.',
  token_url_failed: 'The token URL must return {"token":"..."}.',
  token_url_stale: 'The gate refused its token.',
  signed_out: 'The token URL returned 401 or 403.',
  cookie_blocked: 'Cookie blocked; set data-auth="auto".',
  invalid_options: 'Invalid option',
  container_not_found: 'No such data-container',
} as const;
