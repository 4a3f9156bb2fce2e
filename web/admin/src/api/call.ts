import { type Answer, granted, refused } from './answer.ts';
import { readRefusal } from './read-refusal.ts';

export interface Call {
  readonly method: string;
  /** Below the origin of this page. */
  readonly path: string;
  readonly body?: object | undefined;
  readonly expectedVersion?: number | undefined;
}

const REPEATS = 2;
const MAX_WAIT_SECONDS = 10;
/** Longer than API Gateway waits for a function. */
const TIMEOUT_MILLISECONDS = 35_000;

/**
 * Calls the gate that served this page. What was throttled was not carried out, and a look changes nothing: both are repeated, twice, after
 * the time that the gate tells. A change that a dependency failed is not: whether it was carried out is for a person to look up.
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

async function callOnce<T>({ method, path, body, expectedVersion }: Call): Promise<Answer<T>> {
  const headers = {
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(method !== 'GET' && { 'X-Requested-With': 'widget-gate-console' }),
    ...(expectedVersion !== undefined && { 'If-Match': `"${expectedVersion}"` }),
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
