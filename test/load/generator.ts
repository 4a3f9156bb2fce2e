import autocannon from 'autocannon';

/** One kind of call, made over and over. */
export interface Calls {
  readonly baseUrl: string;
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Called before each call for the widget token that it carries. */
  readonly nextToken?: () => string;
}

/** What came back; times in milliseconds. */
export interface Outcome {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly '2xx': number;
  readonly '4xx': number;
  readonly '5xx': number;
  /** Calls without an answer. */
  readonly errors: number;
  /** Calls that got an answer other than 401, which is all that a call for an unknown shop may get. */
  readonly not401: number;
}

export interface Generating {
  /** Ends it before its time. */
  stop(): void;
  readonly outcome: Promise<Outcome>;
}

/** Calls from now on until the time is over, or until it is stopped. */
export function startCalls(calls: Calls, connections: number, seconds: number): Generating {
  const { baseUrl, method = 'GET', path, headers, nextToken } = calls;
  const withToken = (request: autocannon.Request): autocannon.Request => ({
    ...request,
    headers: { ...request.headers, 'X-Widget-Token': nextToken?.() },
  });
  const options: autocannon.Options = {
    url: baseUrl + path,
    method,
    headers: { ...headers },
    connections,
    duration: seconds,
    ...(nextToken !== undefined && { requests: [{ method, path, setupRequest: withToken }] }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const instance = autocannon(options, (error: Error | null, result) => {
    if (error) reject(error);
    else resolve(outcomeOf(result));
  });
  return { stop: () => instance.stop(), outcome: promise };
}

function outcomeOf(result: autocannon.Result): Outcome {
  const answers = result['2xx'] + result.non2xx;
  return {
    perSecond: answers / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    max: result.latency.max,
    '2xx': result['2xx'],
    '4xx': result['4xx'],
    '5xx': result['5xx'],
    errors: result.errors,
    not401: answers - (result.statusCodeStats?.['401']?.count ?? 0),
  };
}
