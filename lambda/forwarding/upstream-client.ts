import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createSecureContext, getCACertificates } from 'node:tls';
import { environment } from '#contract/environment.ts';
import type { UpstreamFailure } from '#contract/forwarding.ts';
import { limits } from '#contract/limits.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { endedByStrayBytes, mayLeaveBytes, settled } from './kept-connections.ts';
import { SilenceTimer, UpstreamBody } from './upstream-body.ts';

/**
 * How long a call may wait for its upstream, from the variable that the stage sets. Throws for a value that no stage can have, so INIT
 * fails and the function never serves a call.
 */
export function upstreamTimeoutMilliseconds(text: string | undefined): number {
  if (text === undefined) return limits.upstreamTimeoutMilliseconds;
  const milliseconds = Number(text) * 1_000;
  if (text !== '' && milliseconds > 0 && milliseconds <= limits.maxUpstreamTimeoutMilliseconds) return milliseconds;
  throw new Error(
    `${environment.upstreamTimeoutSeconds} must be a number of seconds above 0 and up to ${limits.maxUpstreamTimeoutMilliseconds / 1_000}`,
  );
}

export interface UpstreamCall {
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | undefined;
}

export interface UpstreamHead {
  readonly status: number;
  readonly headers: NodeJS.Dict<string[]>;
}

export interface UpstreamAnswer extends UpstreamHead {
  readonly body: Buffer;
}

/** A response whose body is still being received. */
export interface BegunAnswer extends UpstreamHead {
  readonly body: UpstreamBody;
}

/** Calls the upstream at one address over kept connections, each call within its time limit. */
export class UpstreamClient {
  readonly #base: URL;
  readonly #timeoutMilliseconds: number;
  readonly #request: typeof httpRequest;
  readonly #authorities: (() => Promise<readonly string[]>) | undefined;
  /** Undefined until the private authorities are known: no connection is made without them. */
  #agent: HttpAgent | undefined;

  /** `authorities`: certificates in PEM, trusted in addition to the public ones; default: none. */
  constructor(base: URL, timeoutMilliseconds: number, authorities?: () => Promise<readonly string[]>) {
    this.#base = base;
    this.#timeoutMilliseconds = timeoutMilliseconds;
    const isSecure = base.protocol === 'https:';
    this.#request = isSecure ? httpsRequest : httpRequest;
    this.#authorities = isSecure ? authorities : undefined;
    // Started now, so that the first call finds them. If it fails, the call that needs them reads again.
    this.#authorities?.().catch(() => undefined);
    if (this.#authorities === undefined)
      this.#agent = endedByStrayBytes(
        isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true }),
      );
  }

  /**
   * One complete response. GET and HEAD calls are retried once when a kept connection was closed before a byte of the response arrived: the
   * upstream ended it while the call was being sent. Other calls are not retried, because they may have been carried out. Rejects as the
   * private authorities do.
   */
  async call(call: UpstreamCall): Promise<Result<UpstreamAnswer, UpstreamFailure>> {
    const silence = new SilenceTimer(this.#timeoutMilliseconds);
    try {
      return await this.#exchange(call, silence, read);
    } finally {
      silence.stop();
    }
  }

  /** Like `call`, but resolves with the head. The time limit applies to the head, and then to each silence in the body. */
  async begin(call: UpstreamCall): Promise<Result<BegunAnswer, UpstreamFailure>> {
    const silence = new SilenceTimer(this.#timeoutMilliseconds);
    const begun = await this.#exchange(call, silence, async (message) => {
      silence.restart();
      const head = headOf(message);
      return head.ok ? success({ ...head.value, body: new UpstreamBody(message, silence) }) : head;
    });
    if (!begun.ok) silence.stop();
    return begun;
  }

  async #exchange<Answer>(
    call: UpstreamCall,
    silence: SilenceTimer,
    take: Take<Answer>,
  ): Promise<Result<Answer, UpstreamFailure>> {
    const agent = this.#agent ?? (await this.#trusting());
    let attempt = await this.#attempt(call, agent, silence, take);
    if (attempt.onKept && (call.method === 'GET' || call.method === 'HEAD'))
      attempt = await this.#attempt(call, agent, silence, take);
    return attempt.answer;
  }

  /** Rejects as the private authorities do, because no call can be made without them. */
  async ready(): Promise<void> {
    if (this.#agent === undefined) await this.#trusting();
  }

  /** One context for all connections, because reading every public certificate is slow. */
  async #trusting(): Promise<HttpAgent> {
    const own = (await this.#authorities?.()) ?? [];
    this.#agent ??= endedByStrayBytes(
      new HttpsAgent({
        keepAlive: true,
        secureContext: createSecureContext({ ca: [...getCACertificates('default'), ...own] }),
      }),
    );
    return this.#agent;
  }

  async #attempt<Answer>(
    { method, target, headers, body }: UpstreamCall,
    agent: HttpAgent,
    silence: SilenceTimer,
    take: Take<Answer>,
  ): Promise<Attempt<Answer>> {
    let message: IncomingMessage | undefined;
    let isReused = false;
    await settled(agent);
    try {
      message = await new Promise<IncomingMessage>((resolve, reject) => {
        const { protocol, hostname, port } = this.#base;
        const sent = this.#request({
          agent,
          protocol,
          // Without the brackets of an IPv6 address in a URL.
          hostname: hostname.replace(/^\[|\]$/g, ''),
          port,
          path: target,
          method,
          // Its length is always sent. Otherwise Node does not frame the body of a GET or DELETE, and the upstream would read it as the
          // next request on the connection, which other callers share.
          headers: { ...headers, ...(body !== undefined && { 'Content-Length': String(body.length) }) },
        });
        silence.whenOver(() => sent.destroy(new Error('the time is over')));
        sent.on('error', (error) => {
          isReused = sent.reusedSocket;
          reject(error);
        });
        sent.on('response', (response) => {
          if (mayLeaveBytes(method, response)) sent.shouldKeepAlive = false;
          resolve(response);
        });
        // An upstream that switches protocols although the call did not request it.
        sent.on('upgrade', (_response, socket) => {
          socket.destroy();
          reject(new MalformedAnswer());
        });
        sent.end(body);
      });
      const answer = await take(message);
      return { onKept: false, answer: !answer.ok && silence.isOver ? refusal('timeout') : answer };
    } catch (error) {
      const reason = silence.isOver ? 'timeout' : failureOf(error, message !== undefined);
      return { onKept: isReused && reason === 'reset', answer: refusal(reason) };
    }
  }
}

/** Handles a response whose head has arrived. */
type Take<Answer> = (message: IncomingMessage) => Promise<Result<Answer, UpstreamFailure>>;

interface Attempt<Answer> {
  /** Whether a kept connection was closed before a byte arrived. */
  readonly onKept: boolean;
  readonly answer: Result<Answer, UpstreamFailure>;
}

class MalformedAnswer extends Error {}

function headOf(message: IncomingMessage): Result<UpstreamHead, 'malformed'> {
  const status = message.statusCode ?? 0;
  // Node decodes only chunks: any other transfer coding would remain in the body.
  const encoding = message.headers['transfer-encoding'] ?? 'chunked';
  if (status >= 200 && status <= 599 && encoding.toLowerCase() === 'chunked')
    return success({ status, headers: message.headersDistinct });
  message.destroy();
  return refusal('malformed');
}

function read(message: IncomingMessage): Promise<Result<UpstreamAnswer, UpstreamFailure>> {
  const head = headOf(message);
  if (!head.ok) return Promise.resolve(head);
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limits.maxUpstreamBodyBytes) chunks.push(chunk);
      else message.destroy();
    });
    // A response that broke off is not complete.
    message.on('error', () => undefined);
    message.on('close', () => {
      if (bytes > limits.maxUpstreamBodyBytes) resolve(refusal('too_large'));
      else
        resolve(message.complete ? success({ ...head.value, body: Buffer.concat(chunks, bytes) }) : refusal('aborted'));
    });
  });
}

const REASONS: Readonly<Record<string, UpstreamFailure>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  ENETUNREACH: 'refused',
  ENETDOWN: 'refused',
  EADDRNOTAVAIL: 'refused',
  EACCES: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_SYSTEM: 'dns',
  EAI_NONAME: 'dns',
  EAI_NODATA: 'dns',
  ENODATA: 'dns',
  ETIMEDOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'too_large',
};

/** OpenSSL's verify errors, by Node's names. */
const CERTIFICATE =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_|INVALID_|CRL_|PATH_|AKID_|CA_|EE_|PERMITTED_|EXCLUDED_|SUBTREE_|NO_EXPLICIT_|PROXY_|UNSUPPORTED_|SUITE_B_|OCSP_|EMAIL_|IP_ADDRESS_|ERROR_IN_|UNSPECIFIED$)/;

/** The reason behind an error of Node's HTTP client. `begun`: the head of a response arrived. */
export function failureOf(error: unknown, begun: boolean): UpstreamFailure {
  if (error instanceof MalformedAnswer) return 'malformed';
  // A name with several addresses fails with an error for each. Node waits only briefly for all except the last, so their time-out means
  // little.
  const causes: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const codes = causes.map((cause) => (cause as { readonly code?: unknown } | undefined)?.code);
  const code = codes.find((one) => one !== 'ETIMEDOUT') ?? codes[0];
  if (typeof code !== 'string') return begun ? 'aborted' : 'malformed';
  const known = REASONS[code];
  if (known !== undefined) return known;
  // After the handshake, received data cannot be decrypted.
  if (CERTIFICATE.test(code)) return begun ? 'aborted' : 'certificate';
  if (code.startsWith('HPE_')) return begun ? 'aborted' : 'malformed';
  return begun ? 'aborted' : 'reset';
}
