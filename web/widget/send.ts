import { type Failed, failed, failure } from './failure.ts';

/** The credential of a call. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the browser's cookie is the credential. */
  readonly cookies?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly text: string;
  /** The renewed session, if the gate renewed one that is sent as a bearer value. */
  readonly sessionToken: string | null;
}

const TIMEOUT_MILLISECONDS = 15_000;

/** One call, with its complete response. Throws `offline` or the code if none arrives in time. An abort drops it. */
export async function request(
  url: string,
  init: RequestInit,
  signal?: AbortSignal,
  code: 'network_failed' | 'token_url_failed' = 'network_failed',
): Promise<Answer> {
  const timeout = new AbortController();
  const stop = (): void => timeout.abort();
  const timer = setTimeout(stop, TIMEOUT_MILLISECONDS);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    // The browser's cache must not return one user's response to the next user.
    const answer = await fetch(url, { ...init, cache: 'no-store', signal: timeout.signal });
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
 * One call of the gate with a credential. Throws like `request`. Redirects are errors: browsers send every header except `Authorization` to
 * the new origin, and a script cannot check the target before it is followed. The token URL, which gets no credential, may redirect.
 */
export const send = (
  apiUrl: string,
  path: string,
  { headers, cookies }: Credential,
  init: RequestInit = {},
  signal?: AbortSignal,
): Promise<Answer> =>
  request(apiUrl + path, { ...init, headers, credentials: cookies ? 'include' : 'omit', redirect: 'error' }, signal);

/** The error in a response of the gate. */
export function refusalIn({ status, text }: Answer): Failed {
  const { code, message, requestId } = (readJson(text) ?? {}) as Record<string, string | undefined>;
  return failure(code ?? 'bad_answer', message ?? `HTTP ${status}`, { status, requestId });
}

/** A JSON object, undefined for any other text. */
export function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
