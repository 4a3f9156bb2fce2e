import { limits } from '#contract/limits.ts';

/** Whether a call may be sent to the upstream now. */
export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterSeconds: number };

/**
 * How a call to the upstream ended. Only a call that ran into its time-out counts against the upstream: it occupied an execution of the
 * function for the whole time-out, and those executions are what the circuit protects. A refused connection, a failed DNS look-up, a reset
 * or any response, even a 500, ends quickly. A pause after those would free nothing, hide the cause behind 503 and delay the recovery.
 */
export type CallOutcome = 'returned' | 'timed_out';

/** The change that a result caused. */
export type CircuitChange = 'opened' | 'closed';

export interface CircuitOptions {
  /** How long a call may wait for the upstream. */
  readonly timeoutMilliseconds: number;
  /** From 0 up to 1. It spreads the probes of containers that opened at the same moment. @default Math.random */
  readonly random?: () => number;
}

type State =
  /** Every call is admitted. */
  | { readonly name: 'closed'; readonly timeouts: number }
  /** No call is admitted before `until`; the first one after it is the probe. */
  | { readonly name: 'open'; readonly openings: number; readonly until: number }
  /** One call is the probe. If its end is not noted by `until`, another call may be the probe. */
  | { readonly name: 'probing'; readonly openings: number; readonly until: number };

const CLOSED: State = { name: 'closed', timeouts: 0 };

/**
 * Keeps calls away from an upstream that hangs. It opens after `limits.circuitTimeouts` time-outs in a row and refuses calls for a pause.
 * Then it admits one call as a probe: if that returns, the circuit closes; if that times out, it opens again for a pause up to twice as long.
 *
 * Its state is that of one container: asking the others would cost a store call for each forwarded call. `now` is in milliseconds of a
 * clock that never goes back, such as `performance.now()`.
 */
export class Circuit {
  readonly #timeoutMilliseconds: number;
  readonly #random: () => number;
  #state: State = CLOSED;

  constructor({ timeoutMilliseconds, random = Math.random }: CircuitOptions) {
    this.#timeoutMilliseconds = timeoutMilliseconds;
    this.#random = random;
  }

  get state(): State['name'] {
    return this.#state.name;
  }

  /** For each admitted call, `note` must be called when it ends. */
  admit(now: number): Admission {
    const state = this.#state;
    if (state.name === 'closed') return { admitted: true };
    if (now < state.until) return { admitted: false, retryAfterSeconds: Math.ceil((state.until - now) / 1_000) };
    this.#state = { name: 'probing', openings: state.openings, until: now + 2 * this.#timeoutMilliseconds };
    return { admitted: true };
  }

  note(outcome: CallOutcome, now: number): CircuitChange | undefined {
    const state = this.#state;
    if (outcome === 'returned') {
      this.#state = CLOSED;
      return state.name === 'closed' ? undefined : 'closed';
    }
    // A call that was admitted before the circuit opened: it adds no information.
    if (state.name === 'open') return undefined;
    if (state.name === 'closed' && state.timeouts + 1 < limits.circuitTimeouts) {
      this.#state = { name: 'closed', timeouts: state.timeouts + 1 };
      return undefined;
    }
    const openings = state.name === 'probing' ? state.openings + 1 : 1;
    this.#state = { name: 'open', openings, until: now + this.#pauseMilliseconds(openings) };
    return 'opened';
  }

  /** From half of the longest pause up to all of it. */
  #pauseMilliseconds(openings: number): number {
    const longest = Math.min(limits.circuitPauseMilliseconds * 2 ** (openings - 1), limits.maxCircuitPauseMilliseconds);
    return longest * (0.5 + 0.5 * this.#random());
  }
}
