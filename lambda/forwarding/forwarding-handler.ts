import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, StreamifyHandler } from 'aws-lambda';
import { limits } from '#contract/limits.ts';
import { type ChainOptions, httpChain, httpHandler, type ProxyHandler, type RouteHandler } from '../platform/chain.ts';
import { isFailure, streamedBodyOf } from './streamed-result.ts';

/**
 * Ends an incomplete response. Only this makes Lambda report a failed invocation to API Gateway: a stream that ended normally would look
 * like a complete response.
 */
class ResponseCut extends Error {
  override readonly name = 'ResponseCut';
}

/**
 * A handler in the form that API Gateway requires for a streaming integration ("Lambda proxy integration format for response streaming"):
 * metadata in JSON, eight null bytes, then the body. It has the same chain around it as every other handler.
 */
function streamingHandler(handle: RouteHandler, options: ChainOptions): StreamifyHandler<APIGatewayProxyEvent> {
  const answer = httpChain(handle, options);
  return awslambda.streamifyResponse(async (event: APIGatewayProxyEvent, stream, context: Context) => {
    const { answered, count } = await answer(event, context);
    const out = awslambda.HttpResponseStream.from(stream, metadataOf(answered));
    // Lambda's runtime sends the metadata with the first write and never without one. The head must not wait for a body, which may be
    // empty.
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

/** Whether a call requests the verified identity from the gate, which no upstream answers. */
export const asksForSession = ({ httpMethod, pathParameters }: APIGatewayProxyEvent): boolean =>
  (httpMethod === 'GET' || httpMethod === 'HEAD') && pathParameters?.proxy === 'session';

export interface ForwardingHandlerOptions extends Omit<ChainOptions, 'forwardsBytes'> {
  /** Whether the API's integration streams: then every response must be streamed, including those of the gate itself. */
  readonly streams: boolean;
}

/** The handler of a forwarding function. Bodies are passed on as bytes; the form of a response depends on the stage. */
export function forwardingHandler(
  handle: RouteHandler,
  { streams, ...options }: ForwardingHandlerOptions,
): ProxyHandler | StreamifyHandler {
  const chained: ChainOptions = { ...options, forwardsBytes: true };
  return streams ? streamingHandler(handle, chained) : httpHandler(handle, chained);
}
