import { createContext, Script } from 'node:vm';

type Values = Readonly<Record<string, { readonly value: string }>>;

/** A request as CloudFront Functions see it: names of headers in lower case, the path as it was sent, without the query. */
export interface EdgeRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Values;
}

export type EdgeResult =
  | { readonly kind: 'request'; readonly uri: string }
  | { readonly kind: 'response'; readonly status: number; readonly headers: readonly (readonly [string, string])[] };

interface Returned {
  readonly uri?: string;
  readonly statusCode?: number;
  readonly headers?: Values;
}

/** CloudFront lets a function run for a millisecond or so; a busy machine may need longer, but one that never ends must not hold up this process. */
const LONGEST_MILLISECONDS = 5_000;

/** Makes a CloudFront Function of its source, runtime cloudfront-js-2.0: without modules, network or timers, as there. The function throws as its code does. */
export function edgeFunction(code: string, distributionId: string): (request: EdgeRequest) => EdgeResult {
  const context = createContext({ event: '', result: '' }, { codeGeneration: { strings: false, wasm: false } });
  new Script(code).runInContext(context);
  const run = new Script('result = JSON.stringify(handler(JSON.parse(event)))');
  return ({ method, uri, headers }) => {
    context.event = JSON.stringify({
      version: '1.0',
      context: { distributionId, eventType: 'viewer-request' },
      viewer: { ip: '127.0.0.1' },
      request: { method, uri, querystring: {}, headers, cookies: {} },
    });
    run.runInContext(context, { timeout: LONGEST_MILLISECONDS });
    const returned = JSON.parse(context.result as string) as Returned;
    if (returned.statusCode === undefined) return { kind: 'request', uri: returned.uri ?? uri };
    const sent = Object.entries(returned.headers ?? {}).map(([name, { value }]) => [name, value] as const);
    return { kind: 'response', status: returned.statusCode, headers: sent };
  };
}
