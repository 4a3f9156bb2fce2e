import { type Failed, failed, failure } from './failure.ts';

/** What goes along with a call. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the browser's cookie does the proving. */
  readonly cookies?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly text: string;
  /** The session anew, where the gate renewed one that travels as a bearer value. */
  readonly sessionToken: string | null;
}

const PATIENCE_MILLISECONDS = 15_000;

/** One call, with its whole answer. Throws `offline` or the code when there is none in time; whoever aborts drops it. */
export async function request(
  url: string,
  init: RequestInit,
  signal?: AbortSignal,
  code: 'network_failed' | 'token_url_failed' = 'network_failed',
): Promise<Answer> {
  const patience = new AbortController();
  const stop = (): void => patience.abort();
  const timer = setTimeout(stop, PATIENCE_MILLISECONDS);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    // What one user got must not come back from the browser's cache for the next.
    const answer = await fetch(url, { ...init, cache: 'no-store', signal: patience.signal });
    const { status, ok } = answer;
    return { status, ok, text: await answer.text(), sessionToken: answer.headers.get('X-Session-Token') };
  } catch {
    throw failed(navigator.onLine ? code : 'offline');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * One call of the gate with a credential. Throws as `request` does. Redirects are errors: browsers take every header but `Authorization` along
 * to another origin, and a script cannot look where one leads before it is followed. The token URL, which gets no credential, may redirect.
 */
export const send = (
  apiUrl: string,
  path: string,
  { headers, cookies }: Credential,
  init: RequestInit = {},
  signal?: AbortSignal,
): Promise<Answer> =>
  request(apiUrl + path, { ...init, headers, credentials: cookies ? 'include' : 'omit', redirect: 'error' }, signal);

/** What an answer of the gate says is wrong. */
export function refusalIn({ status, text }: Answer): Failed {
  const { code, message, requestId } = (readJson(text) ?? {}) as Record<string, string | undefined>;
  return failure(code ?? 'bad_answer', message ?? `HTTP ${status}`, { status, requestId });
}

/** A JSON object, or nothing where the text is something else. */
export function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
