import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { FunctionName } from '#contract/functions.ts';
import { limits } from '#contract/limits.ts';
import type { Decision, Outcome } from '#contract/metrics.ts';
import { errorNames, log } from './log.ts';
import { DecisionCounters } from './metrics.ts';
import { headerValues, type MultiValueHeaders, withCheckedRequestId } from './request.ts';
import { exposedHeaders, refusalOf, refuse } from './responses.ts';

/**
 * Makes a response readable for the page that called with its cookie: browsers then require the page's exact origin. Only pages that passed
 * the preflight or need no cookie get this far; a page whose origin was refused gets its refusal without these headers.
 */
export function forPage(answered: APIGatewayProxyResult, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const [origin, ...others] = headerValues(event.multiValueHeaders as MultiValueHeaders, 'origin');
  if (origin === undefined || others.length > 0 || refusalOf(answered) === 'origin_not_allowed') return answered;
  const { headers = {}, multiValueHeaders = {} } = answered;
  for (const name of Object.keys(multiValueHeaders)) if (/^access-control-/i.test(name)) delete multiValueHeaders[name];
  const exposed = new Set([...exposedHeaders, ...Object.keys(multiValueHeaders)]);
  answered.headers = {
    ...headers,
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': [...exposed].join(', '),
    // A response of an upstream has its own, with Origin in it.
    ...(multiValueHeaders.vary === undefined && { Vary: 'Origin' }),
  };
  return answered;
}

export type RouteHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

export type ProxyHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export interface ChainOptions {
  /** The function whose results are counted. */
  readonly functionName: FunctionName;
  /** The counter of a response that is not a refusal. */
  readonly outcome: Outcome | ((event: APIGatewayProxyEvent) => Outcome);
  /** Whether pages call with the session cookie. Default: no. */
  readonly credentialed?: boolean;
  /** Whether bodies are passed on as bytes, of any length. Default: they are text within the limit of authentication routes. */
  readonly forwardsBytes?: boolean;
}

type Middleware = middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;

type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

/** A response, and how it is counted once its end is known. */
export interface ChainAnswer {
  readonly answered: APIGatewayProxyResult;
  /** Default: the code of a refusal, else the handler's outcome. */
  count(decision?: Decision): void;
}

/** The one chain around every HTTP handler: bounded bodies in, only responses of the catalog out, each counted. */
export function httpHandler(handle: RouteHandler, options: ChainOptions): ProxyHandler {
  const answer = httpChain(handle, options);
  return async (event, context) => {
    const { answered, count } = await answer(event, context);
    count();
    return answered;
  };
}

/** The chain without its last step, for handlers that do not return their response to Lambda. */
export function httpChain(
  handle: RouteHandler,
  options: ChainOptions,
): (event: APIGatewayProxyEvent, context: Context) => Promise<ChainAnswer> {
  const { outcome, forwardsBytes = false } = options;
  const bounded = middy(handle).use([
    answerFailures(),
    ...(forwardsBytes ? [] : [readText()]),
  ]) as unknown as ProxyHandler;
  const counters = new DecisionCounters(options.functionName);
  // Around the chain, because middy ends it early where a middleware responds.
  return async (sent, context) => {
    const event = withCheckedRequestId(sent);
    const answered = await bounded(event, context);
    const decided = refusalOf(answered) ?? (typeof outcome === 'string' ? outcome : outcome(event));
    return {
      answered: options.credentialed ? forPage(answered, event) : answered,
      count: (decision = decided) => counters.count(decision),
    };
  };
}

/** Any exception is a bug or an outage: 503, and a log line with names only. */
const answerFailures = (): Middleware => ({
  onError: (request: Request) => {
    const { requestId } = request.event.requestContext;
    log('error', { event: 'request_failed', requestId, ...errorNames(request.error) });
    request.response = refuse('service_unavailable', requestId);
  },
});

/** API Gateway passes every body on as Base64, because forwarded bodies may be any bytes. */
const readText = (): Middleware => ({
  before: ({ event }: Request) => {
    if (event.body === null) return undefined;
    const body = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
    if (body.length > limits.maxAuthBodyBytes) return refuse('request_too_large', event.requestContext.requestId);
    event.body = body.toString('utf8');
    event.isBase64Encoded = false;
    return undefined;
  },
});
