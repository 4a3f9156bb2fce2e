import { request as requestPlainly } from 'node:http';
import { request as requestEncrypted } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CliFailure, notReachable, refused } from './failure.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string[]>;
  /** The body; empty when it is not a JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The body as received; bytes that are not UTF-8 are replaced. */
  readonly text: string;
}

export interface HttpCall {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

const TIMEOUT_MILLISECONDS = 30_000;

/** One call. Not `fetch`, which follows redirects and hides repeated headers. Throws `CliFailure`. */
export function callHttp(url: string, { method, headers, body }: HttpCall): Promise<HttpAnswer> {
  const written = body === undefined ? '' : JSON.stringify(body);
  const length = String(Buffer.byteLength(written));
  const sent = { ...headers, 'Content-Type': 'application/json', 'Content-Length': length };
  const request = url.startsWith('https:') ? requestEncrypted : requestPlainly;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(notReachable(`The gate at ${url} does not respond: ${error.message}.`));
    const options = { method, headers: sent, agent: false, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) };
    const call = request(url, options, (message) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('error', fail);
      message.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: message.statusCode ?? 0, headers: message.headersDistinct, json: parseObject(text), text });
      });
    });
    call.on('error', fail);
    call.end(written);
  });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const REPEATS = 2;
const MAX_WAIT_SECONDS = 30;

/** Retries a call at most twice, after the time that a busy gate, or a gate without a dependency, specifies. */
export async function repeatWhileBusy(call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  let answer = await call();
  for (let repeat = 0; repeat < REPEATS && (answer.status === 429 || answer.status === 503); repeat += 1) {
    await sleep(waitSeconds(answer) * 1_000);
    answer = await call();
  }
  return answer;
}

function waitSeconds({ headers }: HttpAnswer): number {
  const stated = Number(headers['retry-after']?.[0] ?? 1);
  return Number.isInteger(stated) && stated >= 0 ? Math.min(stated, MAX_WAIT_SECONDS) : 1;
}

/** A refusal in the gate's own words. A response of another shape does not come from a gate. */
export function refusalOf({ status, json }: HttpAnswer, baseUrl: string): CliFailure {
  const { code, message } = json;
  if (typeof code === 'string' && typeof message === 'string') return refused(code, message);
  return notReachable(`The server at ${baseUrl} is not a Widget Gate (status ${status}): check the URL and its path.`);
}
