import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, StreamifyHandler } from 'aws-lambda';
import { limits } from '#contract/limits.ts';
import { type ChainOptions, httpChain, httpHandler, type ProxyHandler, type RouteHandler } from '../platform/chain.ts';
import { isFailure, streamedBodyOf } from './streamed-result.ts';

/**
 * Ends a response that is not whole. Lambda tells API Gateway of an invocation that failed only by this: a stream that ended in order would
 * look like a whole response.
 */
class ResponseCut extends Error {
  override readonly name = 'ResponseCut';
}

/**
 * A handler in the form that API Gateway wants of an integration that streams ("Lambda proxy integration format for response streaming"):
 * metadata in JSON, eight null bytes, then the body. It has the same chain around it as every other handler.
 */
function streamingHandler(handle: RouteHandler, options: ChainOptions): StreamifyHandler<APIGatewayProxyEvent> {
  const answer = httpChain(handle, options);
  return awslambda.streamifyResponse(async (event: APIGatewayProxyEvent, stream, context: Context) => {
    const { answered, count } = await answer(event, context);
    const out = awslambda.HttpResponseStream.from(stream, metadataOf(answered));
    // Lambda's runtime sends the metadata with the first write and never without one: the head must not wait for a body, which may be empty.
    out.write('');
    const send = streamedBodyOf(answered);
    if (send === undefined) {
      out.write(Buffer.from(answered.body, answered.isBase64Encoded === true ? 'base64' : 'utf8'));
      count();
      out.end();
      return;
    }
    const end = await send(out, context.getRemainingTimeInMillis() - limits.forwardingMarginSeconds * 1_000);
    count(isFailure(end) ? 'upstream_failed' : undefined);
    if (end === 'whole') out.end();
    else if (end !== 'left') throw new ResponseCut('the response was cut');
  });
}

const metadataOf = ({ statusCode, headers = {}, multiValueHeaders = {} }: APIGatewayProxyResult) => ({
  statusCode,
  headers,
  multiValueHeaders,
});

/** Whether a call asks the gate for its own verified identity, which no upstream answers. */
export const asksForSession = ({ httpMethod, pathParameters }: APIGatewayProxyEvent): boolean =>
  (httpMethod === 'GET' || httpMethod === 'HEAD') && pathParameters?.proxy === 'session';

export interface ForwardingHandlerOptions extends Omit<ChainOptions, 'forwardsBytes'> {
  /** Whether the API's integration streams: then every answer must be streamed, those of the gate itself too. */
  readonly streams: boolean;
}

/** The handler of a function that forwards. Bodies go on as the bytes that they are; only how an answer leaves depends on the stage. */
export function forwardingHandler(
  handle: RouteHandler,
  { streams, ...options }: ForwardingHandlerOptions,
): ProxyHandler | StreamifyHandler {
  const chained: ChainOptions = { ...options, forwardsBytes: true };
  return streams ? streamingHandler(handle, chained) : httpHandler(handle, chained);
}
