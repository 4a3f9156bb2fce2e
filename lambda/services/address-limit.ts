import { limits } from '../contract/limits.ts';
import { digestOf } from '../core/secret-id.ts';
import type { CallCounter } from '../ports.ts';

export type Admission =
  | { readonly admitted: true }
  /** `isNew`: this container did not know before that the address is over its limit. */
  | { readonly admitted: false; readonly retryAfterSeconds: number; readonly isNew: boolean };

export interface AddressLimitOptions {
  /** Which routes are counted together. */
  readonly routes: 'admin' | 'login';
  /** How many calls of them one address may make in one window. */
  readonly calls: number;
  readonly counter: CallCounter;
  readonly deployment: string;
  /** Called when the counter fails. That fails no call: administrators must not depend on it. */
  readonly onFailure: (error: unknown) => void;
}

const ADMITTED: Admission = { admitted: true };

/**
 * How often one address may call these routes: so many times a window, counted for all containers together. A container that knows an address
 * to be over its limit refuses it without a write, so a flood costs as many writes as the limit allows calls, and one for each container.
 */
export class AddressLimit {
  readonly #options: AddressLimitOptions;
  readonly #over = new Set<string>();
  #window = -1;

  constructor(options: AddressLimitOptions) {
    this.#options = options;
  }

  /** Counts a call of this address. An address is stored as a digest with deployment and window, so what is left of it says nothing by itself. */
  async admit(address: string, nowSeconds: number): Promise<Admission> {
    const { routes, calls, counter, deployment, onFailure } = this.#options;
    const window = Math.floor(nowSeconds / limits.addressWindowSeconds);
    const end = (window + 1) * limits.addressWindowSeconds;
    if (window !== this.#window) this.#over.clear();
    this.#window = window;
    const refused = (isNew: boolean): Admission => ({ admitted: false, retryAfterSeconds: end - nowSeconds, isNew });
    if (this.#over.has(address)) return refused(false);
    try {
      // Kept for a window more: a container whose clock is behind still counts into it.
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
