import type { RestMethod } from '../model.ts';

export interface Match {
  readonly method: RestMethod;
  /** As they were sent: a REST API does not decode them. */
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

type Found = Match | 'not_found' | 'bad_path';

interface Route {
  readonly segments: readonly string[];
  readonly methods: ReadonlyMap<string, RestMethod>;
}

/** All that a REST API knows; ANY is any of these. */
const METHODS: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/**
 * API Gateway's routing: a fixed segment beats `{p}`, which beats the greedy `{p+}`; then the exact method beats ANY.
 * Segments are compared as they were sent, so no spelling of a fixed path reaches a method other than its own.
 */
export class Router {
  readonly #routes: readonly Route[];

  constructor(methods: readonly RestMethod[]) {
    const byPath = Map.groupBy(methods, ({ path }) => path);
    this.#routes = [...byPath]
      .map(([path, ofPath]) => ({
        segments: segmentsOf(path),
        methods: new Map(ofPath.map((method) => [method.httpMethod, method])),
      }))
      .sort((a, b) => precedence(a).localeCompare(precedence(b)));
  }

  find(httpMethod: string, path: string): Found {
    if (!METHODS.has(httpMethod)) return 'not_found';
    const sent = segmentsOf(path);
    const route = this.#routes.find(({ segments }) => matches(segments, sent));
    const method = route?.methods.get(httpMethod) ?? route?.methods.get('ANY');
    if (route === undefined || method === undefined) return 'not_found';
    return isWellFormed(path) ? { method, pathParameters: parametersOf(route.segments, sent) } : 'bad_path';
  }
}

function isWellFormed(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

const segmentsOf = (path: string): string[] => (path === '/' ? [] : path.slice(1).split('/'));
const isParameter = (segment: string): boolean => segment.startsWith('{');
const isGreedy = (segment: string): boolean => segment.endsWith('+}');

/** Sorts routes so that the first match is the right one. */
const precedence = ({ segments }: Route): string =>
  segments.map((segment) => (isGreedy(segment) ? '2' : isParameter(segment) ? '1' : '0')).join('');

function matches(segments: readonly string[], sent: readonly string[]): boolean {
  const greedy = segments.length > 0 && isGreedy(segments.at(-1) as string);
  if (greedy ? sent.length < segments.length : sent.length !== segments.length) return false;
  return segments.every((segment, at) => {
    if (isGreedy(segment)) return sent.slice(at).join('/') !== '';
    return isParameter(segment) ? sent[at] !== '' : segment === sent[at];
  });
}

function parametersOf(segments: readonly string[], sent: readonly string[]): Record<string, string> | null {
  const parameters: [string, string][] = segments.flatMap((segment, at) => {
    if (isGreedy(segment)) return [[segment.slice(1, -2), sent.slice(at).join('/')]];
    return isParameter(segment) ? [[segment.slice(1, -1), sent[at] as string]] : [];
  });
  return parameters.length === 0 ? null : Object.fromEntries(parameters);
}
