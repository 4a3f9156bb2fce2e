import { type AdminHttpCall, CHANGE_HEADERS } from '#contract/admin-call.ts';
import { type ErrorCode, errors } from '#contract/errors.ts';

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errors, code);

/** A refusal in the gate's own words. A response of another shape comes from a server in between. */
export function readRefusal(body: Readonly<Record<string, unknown>>, retryAfter: string | null): Answer<never> {
  const { code, message, requestId } = body;
  if (!isCode(code)) return refused('no_gate');
  const sentence = errors[code].message;
  const detail =
    typeof message === 'string' && message.startsWith(`${sentence} `) ? message.slice(sentence.length + 1) : undefined;
  const seconds = Number(retryAfter ?? Number.NaN);
  return refused(code, {
    ...(detail !== undefined && { detail }),
    ...(typeof requestId === 'string' && { requestId }),
    ...(Number.isInteger(seconds) && { retryAfterSeconds: seconds }),
  });
}

/** Failures on this side of the gate. */
export type LocalCode = 'no_network' | 'no_gate' | 'challenge_refused' | 'insecure_page';

export interface Refusal {
  readonly code: ErrorCode | LocalCode;
  /** The gate's addition to the sentence of the catalog. */
  readonly detail?: string;
  readonly requestId?: string;
  /** How long the gate asks clients to wait. */
  readonly retryAfterSeconds?: number;
}

/** Refusals are values. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const granted = <T>(value: T): Answer<T> => ({ ok: true, value });

export const refused = (code: Refusal['code'], more: Omit<Refusal, 'code'> = {}): Answer<never> => ({
  ok: false,
  refusal: { code, ...more },
});

/** `path` is below the origin of this page. */
export type Call = Pick<AdminHttpCall, 'method' | 'path'> & Partial<Pick<AdminHttpCall, 'headers' | 'body'>>;

const REPEATS = 2;
const MAX_WAIT_SECONDS = 10;

/** Longer than API Gateway waits for a function. */
const TIMEOUT_MILLISECONDS = 35_000;

/**
 * Calls the gate that served this page. A throttled call was not carried out, and a read changes nothing: both are retried twice, after the
 * time that the gate specifies. A change that failed in a dependency is not retried, because it may have been carried out: the user must
 * check.
 */
export async function callGate<T>(call: Call): Promise<Answer<T>> {
  let answer = await callOnce<T>(call);
  for (let repeat = 0; repeat < REPEATS && !answer.ok && isRepeatable(call, answer.refusal.code); repeat += 1) {
    await sleep(Math.min(answer.refusal.retryAfterSeconds ?? 1, MAX_WAIT_SECONDS));
    answer = await callOnce<T>(call);
  }
  return answer;
}

const isRepeatable = ({ method }: Call, code: string): boolean =>
  code === 'too_many_requests' || (code === 'service_unavailable' && method === 'GET');

const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

async function callOnce<T>({ method, path, headers: sent, body }: Call): Promise<Answer<T>> {
  const headers = {
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(method !== 'GET' && CHANGE_HEADERS),
    ...sent,
  };
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch {
    return refused('no_network');
  }
  if (response.status === 204) return granted(undefined as T);
  const json = parseObject(text);
  if (!response.ok) return readRefusal(json ?? {}, response.headers.get('Retry-After'));
  return json === undefined ? refused('no_gate') : granted(json as T);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
