import { createContext, Script } from 'node:vm';
import type { Header } from './model.ts';

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

/** A function that sees a request first. It throws as its code does. */
export function edgeFunction(code: string, distributionId: string): (request: EdgeRequest) => EdgeResult {
  const handle = compile(code, distributionId, 'viewer-request');
  return (request) => {
    const returned = handle({ request: viewed(request) });
    if (returned.statusCode === undefined) return { kind: 'request', uri: returned.uri ?? request.uri };
    return { kind: 'response', status: returned.statusCode, headers: pairsOf(returned.headers) };
  };
}

/** A function that sees a response last; what it makes of the headers. It throws as its code does. */
export function edgeResponseFunction(
  code: string,
  distributionId: string,
): (request: EdgeRequest, status: number, headers: readonly Header[]) => Header[] {
  const handle = compile(code, distributionId, 'viewer-response');
  return (request, status, headers) => {
    const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), { value }]));
    const response = { statusCode: status, statusDescription: '', headers: named, cookies: {} };
    return pairsOf(handle({ request: viewed(request), response }).headers);
  };
}

const viewed = ({ method, uri, headers }: EdgeRequest): object => ({
  method,
  uri,
  querystring: {},
  headers,
  cookies: {},
});
const pairsOf = (headers: Values = {}): Header[] => Object.entries(headers).map(([name, { value }]) => [name, value]);

/** Makes a CloudFront Function of its source, runtime cloudfront-js-2.0: without modules, network or timers, as there. */
function compile(code: string, distributionId: string, eventType: string): (event: object) => Returned {
  const context = createContext({ event: '', result: '' }, { codeGeneration: { strings: false, wasm: false } });
  new Script(code).runInContext(context);
  const run = new Script('result = JSON.stringify(handler(JSON.parse(event)))');
  return (event) => {
    const about = { version: '1.0', context: { distributionId, eventType }, viewer: { ip: '127.0.0.1' } };
    context.event = JSON.stringify({ ...about, ...event });
    run.runInContext(context, { timeout: LONGEST_MILLISECONDS });
    return JSON.parse(context.result as string) as Returned;
  };
}
