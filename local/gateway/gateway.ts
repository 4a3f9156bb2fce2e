import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as startTimer } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import type { FunctionRuntime } from '../functions/function-runtime.ts';
import type { Deployment, RestApiResource, RestMethod } from '../model.ts';
import type { AnsweredCall } from '../request-line.ts';
import { GatewayAuthorizer } from './authorizer.ts';
import { readBody } from './body.ts';
import { type GatewayCall, type RoutedCall, readCall } from './gateway-call.ts';
import { type Answer, GatewayResponses, type ResponseType } from './gateway-responses.ts';
import { type Integration, integrationOf } from './integrations.ts';
import { Router } from './router.ts';
import { Throttle } from './throttle.ts';

const MAX_HEADER_BYTES = 10_240;

export interface GatewayOptions {
  readonly deployment: Deployment;
  readonly api: RestApiResource;
  readonly runtime: FunctionRuntime;
  readonly log: (text: string) => void;
  /** Called after every call that was answered. @default nothing is called */
  readonly onCall?: ((call: AnsweredCall) => void) | undefined;
  /** Milliseconds, for throttling, request times and the authorizers' cache. @default Date.now */
  readonly now?: () => number;
  /**
   * The handler in front of the API: answers calls that are not the API's, and returns whether it did.
   * @default none
   */
  readonly front?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

/** How long no connection must have come for the queue to count as empty, and how long that is waited for. */
const QUIET_MILLISECONDS = 50;
const QUEUE_MILLISECONDS = 500;

/** One REST API of the template, over HTTP. The order is API Gateway's: route, throttle, size, authorizer, integration. */
export class Gateway {
  readonly server: Server;
  readonly #options: Required<Omit<GatewayOptions, 'front' | 'onCall'>> & Pick<GatewayOptions, 'onCall'>;
  readonly #router: Router;
  readonly #throttle: Throttle;
  readonly #responses: GatewayResponses;
  readonly #authorizers: ReadonlyMap<string, GatewayAuthorizer>;
  readonly #integrations: ReadonlyMap<RestMethod, Integration>;
  #closing = false;

  /** Throws `TemplateError` for what of the API it can't run. */
  constructor({ now = Date.now, front, ...options }: GatewayOptions) {
    const { deployment, api, runtime } = options;
    const { functions, region, accountId } = deployment;
    const place = { region, accountId, api };
    this.#options = { ...options, now };
    this.#router = new Router(api.methods);
    this.#throttle = new Throttle(api.methodSettings, now);
    this.#responses = new GatewayResponses(api);
    this.#authorizers = new Map(
      [...api.authorizers].map(([id, resource]) => [
        id,
        new GatewayAuthorizer({ resource, functions, runtime, place }),
      ]),
    );
    this.#integrations = new Map(
      api.methods.map((method) => [method, integrationOf(method, { runtime, functions, place })]),
    );
    // Node's own limit only has to be above the gateway's, which answers as API Gateway does.
    this.server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 60_000 }, (request, response) => {
      if (front?.(request, response) !== true) void this.#serve(request, response);
    });
  }

  /** Accepts no new calls, waits for those in progress, and cuts off the rest after the time. */
  async close(milliseconds: number): Promise<void> {
    this.#closing = true;
    await this.#letQueueEmpty();
    return new Promise((resolve) => {
      const force = startTimer(() => this.server.closeAllConnections(), milliseconds);
      this.server.close(() => {
        clearTimeout(force);
        resolve();
      });
    });
  }

  /**
   * Calls that were already made may still wait in the system's queue, which closing would cut off. They arrive within
   * a moment, if at all.
   */
  async #letQueueEmpty(): Promise<void> {
    const deadline = Date.now() + QUEUE_MILLISECONDS;
    let quietSince = Date.now();
    const arrived = (): void => {
      quietSince = Date.now();
    };
    this.server.on('connection', arrived);
    while (Date.now() < deadline && Date.now() - quietSince < QUIET_MILLISECONDS) await setTimeout(10);
    this.server.off('connection', arrived);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { api, now } = this.#options;
    const call = readCall(request, api.stageName, now());
    const seen: Seen = { caller: undefined };
    let answer: Answer | ResponseType | undefined;
    try {
      answer = await this.#answer(request, call, seen);
      this.#send(response, call, typeof answer === 'string' ? this.#responses.answer(answer, call) : answer, seen);
    } catch (error) {
      // The head is not HTTP, so the body is not read.
      if (typeof answer === 'object' && answer.body instanceof Readable) answer.body.destroy();
      // The client left while it was sending: there is nobody to answer.
      if (request.destroyed && !request.complete) return;
      this.#options.log(`gateway: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (!response.headersSent) this.#send(response, call, this.#responses.answer('DEFAULT_5XX', call), seen);
    }
  }

  async #answer(request: IncomingMessage, call: GatewayCall, seen: Seen): Promise<Answer | ResponseType> {
    const found = this.#router.find(call.httpMethod, call.path);
    if (found === 'not_found') return 'MISSING_AUTHENTICATION_TOKEN';
    if (found === 'bad_path') return 'BAD_REQUEST_PARAMETERS';
    const routed: RoutedCall = { ...call, ...found };
    if (!this.#throttle.admit(found.method.path, call.httpMethod)) return 'THROTTLED';
    if (headerBytes(request.rawHeaders) > MAX_HEADER_BYTES) return 'REQUEST_TOO_LARGE';
    const body = await readBody(request, this.#options.api.binaryMediaTypes);
    if (body === 'too_large') return 'REQUEST_TOO_LARGE';
    const { authorizerId } = found.method;
    const authorization =
      authorizerId === undefined ? undefined : await member(this.#authorizers, authorizerId).authorize(routed);
    if (authorization?.allowed === false)
      return this.#responses.answer(authorization.type, call, authorization.context);
    seen.caller = authorization?.context.principalId;
    return member(this.#integrations, found.method)(routed, authorization?.context, body);
  }

  #send(response: ServerResponse, call: GatewayCall, { status, headers, body }: Answer, { caller }: Seen): void {
    const { requestId, extendedRequestId, httpMethod, sentPath: path, receivedAt } = call;
    const flat = ['x-amzn-RequestId', requestId, 'x-amz-apigw-id', extendedRequestId];
    for (const [name, value] of headers) flat.push(name, value);
    const isWhole = typeof body === 'string' || Buffer.isBuffer(body);
    // For HEAD, the length of a GET's body (RFC 9110 §8.6), which an empty body does not show.
    const hasLength = isWhole && status !== 204 && status !== 304 && (httpMethod !== 'HEAD' || body.length > 0);
    if (hasLength) flat.push('Content-Length', String(Buffer.byteLength(body)));
    if (this.#closing) flat.push('Connection', 'close');
    response.writeHead(status, flat);
    const report = (code?: string): void => {
      const milliseconds = this.#options.now() - receivedAt;
      this.#options.onCall?.({ receivedAt, milliseconds, method: httpMethod, path, status, caller, code });
    };
    if (!isWhole) {
      passOn(body, response, report);
      return;
    }
    // As bytes: with a text Node would write the headers in the text's encoding, too, and theirs is Latin-1.
    response.end(httpMethod === 'HEAD' ? undefined : typeof body === 'string' ? Buffer.from(body) : body);
    report(status < 400 ? undefined : codeOf(body));
  }
}

/** The head at once, and then what comes as it comes. Where the stream fails, the client sees its connection end. */
function passOn(body: Readable, response: ServerResponse, ended: () => void): void {
  response.flushHeaders();
  pipeline(body, response, () => ended());
}

/** What is found out about a call on its way. */
interface Seen {
  caller: string | undefined;
}

function codeOf(body: string | Buffer): string | undefined {
  try {
    const { code } = JSON.parse(body.toString()) as { readonly code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

function member<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the API has no such member: ${String(key)}`);
  return value;
}

function headerBytes(raw: readonly string[]): number {
  let bytes = 0;
  for (const text of raw) bytes += text.length + 2;
  return bytes;
}
