/** What only the widget can find wrong, for developers; the gate's own refusals bring their sentence along. */
export const ownFailures = {
  offline: 'The browser is offline.',
  network_failed: 'No answer that the page may read; check data-api-url.',
  bad_answer: 'Not JSON; check the upstream.',
  token_missing: 'Set data-token or data-token-url.',
  token_url_failed: 'The token URL must answer {"token":"..."}.',
  token_url_stale: 'The token URL gave the refused token again.',
  signed_out: 'The token URL answered 401 or 403.',
  cookie_blocked: 'The browser keeps no cookie; use data-auth="auto".',
  invalid_options: 'An option is not usable',
  container_not_found: 'No such data-container',
} as const;
