import { limits } from '#contract/limits.ts';
import { digestOf } from '../crypto/secret-id.ts';
import { callerAddress } from './caller-address.ts';
import type { RouteHandler } from './chain.ts';
import { log } from './log.ts';
import { refuse } from './responses.ts';

/** Calls by address and window. Throws `DependencyError` when the store fails. */
export interface CallCounter {
  /**
   * Counts one more call under this digest, exactly even if several count at the same time; returns the count. The count ends at
   * `expiresAt` (Unix seconds).
   */
  count(digest: string, expiresAt: number): Promise<number>;
}

export type Admission =
  | { readonly admitted: true }
  /** `isNew`: this container did not know yet that the address is over its limit. */
  | { readonly admitted: false; readonly retryAfterSeconds: number; readonly isNew: boolean };

export interface AddressLimitOptions {
  /** The routes that are counted together. */
  readonly routes: 'admin' | 'login';
  /** Calls of these routes that one address may make in one window. */
  readonly calls: number;
  readonly counter: CallCounter;
  readonly deployment: string;
  /** Called when the counter fails. That fails no call: administrators must not depend on the counter. */
  readonly onFailure: (error: unknown) => void;
}

const ADMITTED: Admission = { admitted: true };

/**
 * The number of calls of these routes that one address may make per window, counted for all containers together. A container that knows
 * that an address is over its limit refuses it without a write. So a flood costs as many writes as the limit allows calls, plus one for
 * each container.
 */
export class AddressLimit {
  readonly #options: AddressLimitOptions;
  readonly #over = new Set<string>();
  #window = -1;

  constructor(options: AddressLimitOptions) {
    this.#options = options;
  }

  /**
   * Counts a call of this address. An address is stored as a digest with deployment and window, so the stored value reveals nothing by
   * itself.
   */
  async admit(address: string, nowSeconds: number): Promise<Admission> {
    const { routes, calls, counter, deployment, onFailure } = this.#options;
    const window = Math.floor(nowSeconds / limits.addressWindowSeconds);
    const end = (window + 1) * limits.addressWindowSeconds;
    if (window !== this.#window) this.#over.clear();
    this.#window = window;
    const refused = (isNew: boolean): Admission => ({ admitted: false, retryAfterSeconds: end - nowSeconds, isNew });
    if (this.#over.has(address)) return refused(false);
    try {
      // Kept for one more window: a container whose clock is slow still counts into it.
      const counted = await counter.count(
        digestOf(`${deployment}/${routes}/${window}/${address}`),
        end + limits.addressWindowSeconds,
      );
      if (counted <= calls) return ADMITTED;
    } catch (error) {
      onFailure(error);
      return ADMITTED;
    }
    // The next window may have begun meanwhile, in which the address has its calls again.
    if (window === this.#window && this.#over.size < limits.limitedAddresses) this.#over.add(address);
    return refused(true);
  }
}

export interface LimitByAddress {
  readonly limit: {
    /** `isNew`: this container did not know yet that the address is over its limit. */
    admit(
      address: string,
      nowSeconds: number,
    ): Promise<{ admitted: true } | { admitted: false; retryAfterSeconds: number; isNew: boolean }>;
  };
  /** The header value that identifies the stage's CloudFront. */
  readonly edgeMark: string;
}

/** Called for each call that is over the limit of its address. */
export type OnLimited = (requestId: string) => Promise<void>;

/**
 * Returns 429 to an address that is over its limit, with the end of the window as Retry-After; it logs each address once per window and
 * container.
 */
export const limitedByAddress =
  ({ limit, edgeMark }: LimitByAddress, handle: RouteHandler, onLimited?: OnLimited): RouteHandler =>
  async (event) => {
    const { requestId } = event.requestContext;
    const admission = await limit.admit(callerAddress(event, edgeMark), Math.floor(Date.now() / 1_000));
    if (admission.admitted) return handle(event);
    if (admission.isNew) log('warn', { event: 'address_limited', requestId });
    await onLimited?.(requestId);
    return refuse('too_many_requests', requestId, undefined, admission.retryAfterSeconds);
  };
