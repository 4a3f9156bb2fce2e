import { request as requestPlainly } from 'node:http';
import { request as requestEncrypted } from 'node:https';
import { type ErrorCode, errors } from '#contract/errors.ts';
import { headers } from '#contract/headers.ts';
import { prepareHmacKey } from '../crypto/hmac.ts';
import { mintWidgetToken, parseWidgetToken } from '../widget-tokens/widget-token.ts';

export interface SmokeCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SmokeAnswer {
  readonly status: number;
  /** The body; empty when it is not a JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Makes one call; rejects if no response arrives. */
export type Send = (call: SmokeCall) => Promise<SmokeAnswer>;

const TIMEOUT_MILLISECONDS = 10_000;
const MAX_ANSWER_CHARS = 65_536;

/** Over the network. Not `fetch`, which would follow redirects and send the key along. */
export const send: Send = ({ method, url, headers }) =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestEncrypted : requestPlainly;
    const options = { method, headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) };
    const call = request(url, options, (message) => {
      let text = '';
      message.setEncoding('utf8');
      message.on('data', (chunk: string) => {
        if (text.length < MAX_ANSWER_CHARS) text += chunk;
      });
      message.on('error', reject);
      message.on('end', () => resolve({ status: message.statusCode ?? 0, json: parseObject(text) }));
    });
    call.on('error', reject);
    call.end();
  });

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A gate, and a shop of it. */
export interface SmokeTarget {
  /** Includes the stage's path, without a trailing slash. */
  readonly baseUrl: string;
  readonly shopId: string;
  readonly apiKey: string;
  /** An origin that the shop allows. Default: the allowed call sends none, like a server. */
  readonly origin?: string | undefined;
}

/** The expectation and the result of one step. It contains no credential. */
export interface SmokeStep {
  readonly name: 'issue' | 'allowed' | 'tampered' | 'wrong origin' | 'expired';
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
  readonly milliseconds: number;
  /** The request id under which the gate's trail has a refused call. */
  readonly requestId?: string;
}

export interface SmokeReport {
  readonly ok: boolean;
  readonly steps: readonly SmokeStep[];
}

/** Describes what is wrong with a response; undefined if it is right. */
type Check = (answer: SmokeAnswer) => string | undefined;

/** No name below it exists (RFC 2606), so no shop can allow it. */
const FOREIGN_ORIGIN = 'https://smoke-check.invalid';

const EXPIRED_SECONDS = 25 * 3_600;
const NO_TOKEN = 'no token to try it with';

/**
 * The end-to-end check of a gate, over HTTP alone. A token is issued and a call with it is allowed. After tampering, from a page of another
 * site, and a day old, the token is refused, each time with its own code. The operator's command, the canary and the tests run this same
 * code.
 */
export async function runSmoke(target: SmokeTarget, send: Send, now: () => number): Promise<SmokeReport> {
  const { baseUrl, shopId, apiKey, origin } = target;
  const key = prepareHmacKey(Buffer.from(apiKey));
  let token: string | undefined;
  const session = (sent: string | undefined, from?: string) =>
    sent === undefined
      ? undefined
      : send({
          method: 'GET',
          url: `${baseUrl}/api/widget/session`,
          headers: { [headers.widgetToken]: sent, ...(from !== undefined && { Origin: from }) },
        });
  const issue = () =>
    send({
      method: 'POST',
      url: `${baseUrl}/api/shops/${encodeURIComponent(shopId)}/widget-token`,
      headers: { [headers.shopApiKey]: apiKey, 'Content-Length': '0' },
    });
  const isOurToken: Check = ({ json }) => {
    const issuedAt = typeof json.token === 'string' ? parseWidgetToken(json.token)?.issuedAt : undefined;
    // Checks that the key signed it; otherwise the steps below would prove nothing.
    if (issuedAt === undefined || json.token !== mintWidgetToken(shopId, issuedAt, key))
      return 'a token that the key did not sign for this shop';
    token = json.token as string;
    return undefined;
  };
  const isOurSession: Check = ({ json }) => (json.shopId === shopId ? undefined : "another shop's session");
  const steps = [
    await step('issue', issue, 200, isOurToken),
    await step('allowed', () => session(token, origin), 200, isOurSession),
    await step('tampered', () => session(token && tamperedWith(token), origin), 'unauthorized'),
    await step('wrong origin', () => session(token, FOREIGN_ORIGIN), 'origin_not_allowed'),
    await step(
      'expired',
      // From the shop's own page: a gate that requires an origin would otherwise refuse the call for a missing Origin header.
      () => session(mintWidgetToken(shopId, secondsAgo(now, EXPIRED_SECONDS), key), origin),
      'unauthorized',
    ),
  ];
  return { ok: steps.every(({ ok }) => ok), steps };
}

async function step(
  name: SmokeStep['name'],
  call: () => Promise<SmokeAnswer> | undefined,
  expects: 200 | ErrorCode,
  check: Check = () => undefined,
): Promise<SmokeStep> {
  const expected = expects === 200 ? '200' : `${errors[expects].status} ${expects}`;
  const startedAt = performance.now();
  const answer = await call()?.catch((error: Error) => `no answer (${error.name})`);
  const milliseconds = Math.round(performance.now() - startedAt);
  if (answer === undefined || typeof answer === 'string')
    return { name, ok: false, expected, found: answer ?? NO_TOKEN, milliseconds };
  const code = codeOf(answer);
  const wrong = code === expected ? check(answer) : code;
  const { requestId } = answer.json;
  const id = typeof requestId === 'string' && /^[\w-]{1,64}$/.test(requestId) ? { requestId } : {};
  return { name, ok: wrong === undefined, expected, found: wrong ?? code, milliseconds, ...id };
}

/** Status and code; a code that is not in the catalog is not repeated, because it may be any text. */
function codeOf({ status, json: { code } }: SmokeAnswer): string {
  if (status === 200) return '200';
  return `${status} ${typeof code === 'string' && Object.hasOwn(errors, code) ? code : 'without a known code'}`;
}

/** Another last digit of the signature, and the text is still canonical Base64. */
function tamperedWith(token: string): string {
  const text = Buffer.from(token, 'base64').toString('latin1');
  return Buffer.from(text.slice(0, -1) + (text.endsWith('0') ? '1' : '0'), 'latin1').toString('base64');
}

const secondsAgo = (now: () => number, seconds: number): number => Math.floor(now() / 1_000) - seconds;
