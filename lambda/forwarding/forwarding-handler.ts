import type { StreamifyHandler } from 'aws-lambda';
import { type ChainOptions, httpHandler, type ProxyHandler, type RouteHandler } from '../http/chain.ts';
import { streamingHandler } from './streaming-handler.ts';

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
