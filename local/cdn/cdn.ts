import type { IncomingMessage, ServerResponse } from 'node:http';
import { type EdgeRequest, type EdgeResult, edgeFunction } from './edge-function.ts';
import type { CacheBehaviour, DistributionResource, FilesOrigin, Header } from './model.ts';
import { BehaviourFinder } from './path-patterns.ts';
import { StoredFiles } from './stored-files.ts';

/** As CloudFront refuses by itself. */
const FUNCTION_FAILED =
  '<!DOCTYPE html>\n<title>503</title>\n<h1>503 ERROR</h1>\n<p>The CloudFront function associated with the CloudFront distribution is invalid or failed.</p>\n';
const METHOD_REFUSED =
  '<!DOCTYPE html>\n<title>403</title>\n<h1>403 ERROR</h1>\n<p>The request could not be satisfied: its method is not allowed here.</p>\n';

/**
 * The distribution of the template, before the gateway: it answers for files and redirects, and leaves calls of the API as they are. It keeps
 * nothing, compresses nothing and speaks HTTP, so that what it serves is what is built, and tells no browser to insist on HTTPS.
 */
export class Cdn {
  readonly #finder: BehaviourFinder;
  readonly #files = new Map<FilesOrigin, StoredFiles>();
  readonly #functions = new Map<string, (request: EdgeRequest) => EdgeResult>();

  constructor({ behaviours, distributionId }: DistributionResource) {
    this.#finder = new BehaviourFinder(behaviours);
    for (const { origin, viewerRequestCode: code } of behaviours) {
      if (origin.kind === 'files' && !this.#files.has(origin)) this.#files.set(origin, new StoredFiles(origin));
      if (code !== undefined && !this.#functions.has(code))
        this.#functions.set(code, edgeFunction(code, distributionId));
    }
  }

  /** Answers unless it is the API's to answer, and says whether it did. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? '/';
    if (this.#finder.isPlainCall(url)) return false;
    const [path = '/'] = url.split('?', 1);
    const behaviour = this.#finder.find(path);
    if (!behaviour.methods.includes(request.method ?? '')) {
      send(request, response, 403, [['Content-Type', 'text/html']], Buffer.from(METHOD_REFUSED));
      return true;
    }
    const result = this.#ask(behaviour, request, path);
    if (result === 'failed') {
      send(request, response, 503, [['Content-Type', 'text/html']], Buffer.from(FUNCTION_FAILED));
      return true;
    }
    if (result.kind === 'response') {
      send(request, response, result.status, result.headers, Buffer.alloc(0));
      return true;
    }
    if (behaviour.origin.kind === 'api') {
      request.url = result.uri + url.slice(path.length);
      return false;
    }
    this.#sendFile(behaviour, behaviour.origin, result.uri, request, response);
    return true;
  }

  #ask(
    { viewerRequestCode }: CacheBehaviour,
    { method = 'GET', headers }: IncomingMessage,
    uri: string,
  ): EdgeResult | 'failed' {
    const decide = this.#functions.get(viewerRequestCode ?? '');
    if (decide === undefined) return { kind: 'request', uri };
    const values = Object.entries(headers).map(([name, value]) => [name, { value: [value].flat().join(', ') }]);
    try {
      return decide({ method, uri, headers: Object.fromEntries(values) });
    } catch {
      return 'failed';
    }
  }

  #sendFile(
    { headers }: CacheBehaviour,
    origin: FilesOrigin,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { 'if-none-match': ifNoneMatch, origin: page } = request.headers;
    const answer = (this.#files.get(origin) as StoredFiles).get(path, ifNoneMatch);
    const added = page === undefined ? headers.always : [...headers.always, ...headers.crossOrigin];
    send(request, response, answer.status, [...answer.headers, ...added], answer.body);
  }
}

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
