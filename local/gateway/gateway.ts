import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FunctionRuntime } from '../functions/function-runtime.ts';
import type { Deployment, RestApiResource } from '../model.ts';
import { GatewayAuthorizer } from './authorizer.ts';
import type { EventPlace } from './events.ts';
import { type GatewayCall, type RoutedCall, readCall } from './gateway-call.ts';
import { type Answer, gatewayAnswer, type ResponseType } from './gateway-responses.ts';
import { answerMock, invokeProxy } from './integrations.ts';
import { Router } from './router.ts';
import { Throttle } from './throttle.ts';

const MAX_BODY_BYTES = 10 * 1_024 * 1_024;
const MAX_HEADER_BYTES = 10_240;

export interface GatewayOptions {
  readonly deployment: Deployment;
  readonly api: RestApiResource;
  readonly runtime: FunctionRuntime;
  readonly log: (text: string) => void;
  /** Milliseconds, for throttling. @default Date.now */
  readonly now?: () => number;
}

/** One REST API of the template, over HTTP. The order is API Gateway's: route, throttle, size, authorizer, integration. */
export class Gateway {
  readonly server: Server;
  readonly #options: GatewayOptions;
  readonly #place: EventPlace;
  readonly #router: Router;
  readonly #throttle: Throttle;
  readonly #authorizers: ReadonlyMap<string, GatewayAuthorizer>;

  constructor(options: GatewayOptions) {
    const { deployment, api, runtime, now = Date.now } = options;
    this.#options = options;
    this.#place = { region: deployment.region, accountId: deployment.accountId, api };
    this.#router = new Router(api.methods);
    this.#throttle = new Throttle(api.methodSettings, now);
    this.#authorizers = new Map(
      [...api.authorizers].map(([id, resource]) => [id, new GatewayAuthorizer(resource, runtime, this.#place)]),
    );
    // Node's own limit only has to be above the gateway's, which answers as API Gateway does.
    this.server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 60_000 }, (request, response) => {
      void this.#serve(request, response);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = readCall(request, this.#options.api.stageName, randomUUID());
    try {
      const answer = await this.#answer(request, call);
      send(response, call, typeof answer === 'string' ? gatewayAnswer(this.#options.api, answer, call) : answer);
    } catch (error) {
      this.#options.log(`gateway: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (!response.headersSent) send(response, call, gatewayAnswer(this.#options.api, 'DEFAULT_5XX', call));
    }
  }

  async #answer(request: IncomingMessage, call: GatewayCall): Promise<Answer | ResponseType> {
    const found = this.#router.find(call.httpMethod, call.path);
    if (found === 'not_found') return 'MISSING_AUTHENTICATION_TOKEN';
    if (found === 'bad_path') return 'BAD_REQUEST_PARAMETERS';
    const routed: RoutedCall = { ...call, ...found };
    if (!this.#throttle.admit(found.method.path, call.httpMethod)) return 'THROTTLED';
    if (headerBytes(request.rawHeaders) > MAX_HEADER_BYTES) return 'REQUEST_TOO_LARGE';
    const body = await readBody(request);
    if (body === 'too_large') return 'REQUEST_TOO_LARGE';
    const { authorizerId } = found.method;
    const authorization =
      authorizerId === undefined ? undefined : await this.#authorizerOf(authorizerId).authorize(routed);
    if (authorization?.allowed === false)
      return gatewayAnswer(this.#options.api, authorization.type, call, authorization.context);
    if (found.method.functionArn === undefined) return answerMock(found.method.integration);
    const { runtime, deployment } = this.#options;
    return invokeProxy(
      { runtime, functions: deployment.functions, place: this.#place },
      routed,
      authorization?.context,
      body,
    );
  }

  #authorizerOf(id: string): GatewayAuthorizer {
    const authorizer = this.#authorizers.get(id);
    if (authorizer === undefined) throw new Error(`there is no authorizer ${id}`);
    return authorizer;
  }
}

function headerBytes(raw: readonly string[]): number {
  let bytes = 0;
  for (const text of raw) bytes += text.length + 2;
  return bytes;
}

type Body = { readonly text: string | null; readonly isBase64Encoded: boolean };

async function readBody(request: IncomingMessage): Promise<Body | 'too_large'> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return { text: null, isBase64Encoded: false };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return 'too_large';
    chunks.push(chunk);
  }
  return { text: bytes === 0 ? null : Buffer.concat(chunks).toString('utf8'), isBase64Encoded: false };
}

function send(
  response: ServerResponse,
  { requestId, httpMethod }: GatewayCall,
  { status, headers, body }: Answer,
): void {
  const flat = ['x-amzn-RequestId', requestId, 'x-amz-apigw-id', requestId];
  for (const [name, value] of headers) flat.push(name, value);
  if (status !== 204 && status !== 304) flat.push('Content-Length', String(Buffer.byteLength(body)));
  response.writeHead(status, flat);
  response.end(httpMethod === 'HEAD' ? undefined : body);
}
