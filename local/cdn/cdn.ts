import type { IncomingMessage, ServerResponse } from 'node:http';
import { type EdgeRequest, type EdgeResult, edgeFunction, edgeResponseFunction } from './edge-function.ts';
import type { CacheBehavior, DistributionResource, FilesOrigin, Header } from './model.ts';
import { BehaviorFinder } from './path-patterns.ts';
import { StoredFiles } from './stored-files.ts';

/** As CloudFront refuses by itself. */
const FUNCTION_FAILED =
  '<!DOCTYPE html>\n<title>503</title>\n<h1>503 ERROR</h1>\n<p>The CloudFront function associated with the CloudFront distribution is invalid or failed.</p>\n';
const METHOD_REFUSED =
  '<!DOCTYPE html>\n<title>403</title>\n<h1>403 ERROR</h1>\n<p>The request could not be satisfied: its method is not allowed here.</p>\n';

/**
 * The distribution of the template, in front of the gateway: it answers for files and redirects, and passes calls of the API on. It caches
 * and compresses nothing, so that it serves the built files. It uses HTTP and omits HSTS.
 */
export class Cdn {
  readonly #finder: BehaviorFinder;
  readonly #files = new Map<FilesOrigin, StoredFiles>();
  readonly #onRequest = new Map<string, ReturnType<typeof edgeFunction>>();
  readonly #onResponse = new Map<string, ReturnType<typeof edgeResponseFunction>>();

  constructor({ behaviors, distributionId }: DistributionResource) {
    this.#finder = new BehaviorFinder(behaviors);
    for (const { origin, viewerRequestCode, viewerResponseCode } of behaviors) {
      if (origin.kind === 'files' && !this.#files.has(origin)) this.#files.set(origin, new StoredFiles(origin));
      if (viewerRequestCode !== undefined)
        this.#onRequest.set(viewerRequestCode, edgeFunction(viewerRequestCode, distributionId));
      if (viewerResponseCode !== undefined)
        this.#onResponse.set(viewerResponseCode, edgeResponseFunction(viewerResponseCode, distributionId));
    }
  }

  /** Answers unless it is the API's to answer, and says whether it did. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? '/';
    if (this.#finder.isPlainCall(url)) return false;
    const [path = '/'] = url.split('?', 1);
    const behavior = this.#finder.find(path);
    if (!behavior.methods.includes(request.method ?? '')) {
      send(request, response, 403, [['Content-Type', 'text/html']], Buffer.from(METHOD_REFUSED));
      return true;
    }
    const result = this.#ask(behavior, request, path);
    if (result === 'failed') {
      sendFailure(request, response);
      return true;
    }
    if (result.kind === 'response') {
      send(request, response, result.status, result.headers, Buffer.alloc(0));
      return true;
    }
    if (behavior.origin.kind === 'api') {
      request.url = result.uri + url.slice(path.length);
      return false;
    }
    this.#sendFile(behavior, behavior.origin, result.uri, request, response);
    return true;
  }

  #ask({ viewerRequestCode }: CacheBehavior, request: IncomingMessage, uri: string): EdgeResult | 'failed' {
    const decide = this.#onRequest.get(viewerRequestCode ?? '');
    if (decide === undefined) return { kind: 'request', uri };
    try {
      return decide(viewedBy(request, uri));
    } catch {
      return 'failed';
    }
  }

  #sendFile(
    { headers, viewerResponseCode }: CacheBehavior,
    origin: FilesOrigin,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { status, body, ...answer } = (this.#files.get(origin) as StoredFiles).get(
      path,
      request.headers['if-none-match'],
    );
    const added = [...answer.headers, ...headers];
    // CloudFront runs no function on a refusal of the origin.
    const finish = status < 400 ? this.#onResponse.get(viewerResponseCode ?? '') : undefined;
    try {
      send(request, response, status, finish?.(viewedBy(request, path), status, added) ?? added, body);
    } catch {
      sendFailure(request, response);
    }
  }
}

/** A request as functions see it. */
function viewedBy({ method = 'GET', headers }: IncomingMessage, uri: string): EdgeRequest {
  const values = Object.entries(headers).map(([name, value]) => [name, { value: [value].flat().join(', ') }]);
  return { method, uri, headers: Object.fromEntries(values) };
}

const sendFailure = (request: IncomingMessage, response: ServerResponse): void =>
  send(request, response, 503, [['Content-Type', 'text/html']], Buffer.from(FUNCTION_FAILED));

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: readonly Header[],
  body: Buffer,
): void {
  const flat = headers.flat();
  if (status !== 304) flat.push('Content-Length', String(body.length));
  response.writeHead(status, flat);
  response.end(method === 'HEAD' ? undefined : body);
}
