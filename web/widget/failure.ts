import { ownFailures } from './own-failures.ts';
import { version } from './version.ts';
import type { WidgetFailure } from './widget.d.ts';

/** The widget's own codes after which a retry may succeed. */
const PASSING = /offline|network|token_url/;

/** A failure that will be reported as an event. */
export interface Failed extends Error {
  readonly code: string;
  readonly status?: number;
  readonly requestId?: string | undefined;
}

export const failure = (
  code: string,
  message: string,
  answer?: { readonly status: number; readonly requestId: string | undefined },
): Failed => Object.assign(new Error(message), { code, ...answer });

export const failed = (code: keyof typeof ownFailures, detail = ''): Failed =>
  failure(code, ownFailures[code] + detail);

/** A failure as it is reported to pages. */
export const describe = ({ code, message, status, requestId }: Failed, apiUrl: string): WidgetFailure => ({
  code,
  message,
  retryable: status ? status === 429 || status > 499 : PASSING.test(code),
  ...(status && { status }),
  ...(requestId && { requestId }),
  docs: `${apiUrl}/widget/${version}/errors.html#${code}`,
});
