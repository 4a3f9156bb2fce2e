import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { limits } from '../contract/limits.ts';
import { errorNames, log } from './log.ts';
import { refuse } from './responses.ts';

export type RouteHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
export type ProxyHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

/** The one chain around every HTTP handler: bounded bodies in, only catalogue answers out. */
export function httpHandler(handle: RouteHandler, maxBodyBytes: number = limits.maxAuthBodyBytes): ProxyHandler {
  return middy(handle).use([answerFailures(), boundBody(maxBodyBytes)]) as unknown as ProxyHandler;
}

/** Whatever throws is a bug or an outage: 503, and a log line with names only. */
const answerFailures = (): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> => ({
  onError: (request: Request) => {
    const { requestId } = request.event.requestContext;
    log('error', { event: 'request_failed', requestId, ...errorNames(request.error) });
    request.response = refuse('service_unavailable', requestId);
  },
});

const boundBody = (maxBodyBytes: number): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> => ({
  before: ({ event }: Request) => {
    const bytes = event.body === null ? 0 : Buffer.byteLength(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
    return bytes > maxBodyBytes ? refuse('request_too_large', event.requestContext.requestId) : undefined;
  },
});
