import { ownFailures } from './own-failures.ts';
import { version } from './version.ts';
import type { WidgetFailure } from './widget.d.ts';

/** Those of our own after which the same may succeed by itself. */
const PASSING = /offline|network|token_url/;

/** A failure on its way to the events. */
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

/** A failure as pages get to know it. */
export const describe = ({ code, message, status, requestId }: Failed, apiUrl: string): WidgetFailure => ({
  code,
  message,
  retryable: status ? status === 429 || status > 499 : PASSING.test(code),
  ...(status && { status }),
  ...(requestId && { requestId }),
  docs: `${apiUrl}/widget/${version}/errors.html#${code}`,
});
