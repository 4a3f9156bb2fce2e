import { version } from './version.ts';
import type { WidgetFailure } from './widget.d.ts';

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
  container_not_found: 'No element for data-container',
} as const;

/** Those of our own after which the same may succeed by itself. */
const PASSING = /offline|network|token_url/;

/** A failure on its way to the events. */
export interface Failed extends Error {
  readonly code: string;
  readonly status?: number;
  readonly requestId?: string;
}

export const failure = (
  code: string,
  message: string,
  answer?: { readonly status: number; readonly requestId?: string },
): Failed => Object.assign(new Error(message), { code, ...answer });

export const failed = (code: keyof typeof ownFailures, detail = ''): Failed =>
  failure(code, ownFailures[code] + detail);

/** A failure as pages get to know it. */
export const describe = ({ code, message, status, requestId }: Failed, apiUrl: string): WidgetFailure => ({
  code,
  message,
  retryable: status ? status === 429 || status > 499 : PASSING.test(code),
  ...(status && { status }),
  ...(requestId && { requestId }),
  docs: `${apiUrl}/widget/${version}/errors.html#${code}`,
});
