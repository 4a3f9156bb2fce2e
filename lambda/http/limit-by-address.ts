import { callerAddress } from './caller-address.ts';
import type { RouteHandler } from './chain.ts';
import { log } from './log.ts';
import { refuse } from './responses.ts';

export interface LimitByAddress {
  readonly limit: {
    /** `isNew`: this container did not know before that the address is over its limit. */
    admit(
      address: string,
      nowSeconds: number,
    ): Promise<{ admitted: true } | { admitted: false; retryAfterSeconds: number; isNew: boolean }>;
  };
  /** By which the stage's CloudFront is known. */
  readonly edgeMark: string;
}

/** Answers 429 to an address that is over its limit, with the end of the window as Retry-After; it logs each once a window and container. */
export const limitedByAddress =
  ({ limit, edgeMark }: LimitByAddress, handle: RouteHandler): RouteHandler =>
  async (event) => {
    const { requestId } = event.requestContext;
    const admission = await limit.admit(callerAddress(event, edgeMark), Math.floor(Date.now() / 1_000));
    if (admission.admitted) return handle(event);
    if (admission.isNew) log('warn', { event: 'address_limited', requestId });
    return refuse('too_many_requests', requestId, undefined, admission.retryAfterSeconds);
  };
