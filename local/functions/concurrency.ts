import type { FunctionResource } from '../model.ts';

/** What Lambda keeps for functions without reserved concurrency; an account whose limit is lower can reserve nothing. */
const MIN_UNRESERVED = 100;

/** The reserved concurrency of the functions does not fit into the account's limit; the message says what would. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';
}

/**
 * Counts executions as Lambda does ("Understanding Lambda function scaling" in its guide): a function with reserved concurrency runs up to
 * that many at once and takes none from the others, which share the rest of the account's limit.
 *
 * A call that waits here for one of the few environments of its function counts as an execution: Lambda would have started another for it.
 */
export class Concurrency {
  readonly #reserved: ReadonlyMap<string, number>;
  readonly #maxUnreserved: number;
  /** By function; those without reserved concurrency together under `undefined`. */
  readonly #running = new Map<string | undefined, number>();

  /** Throws `ConcurrencyError`. Without a limit of the account, functions are bounded by their own reserved concurrency alone. */
  constructor(functions: readonly FunctionResource[], accountLimit: number = Number.POSITIVE_INFINITY) {
    this.#reserved = new Map(
      functions.flatMap(({ arn, reservedConcurrency }) =>
        reservedConcurrency === undefined ? [] : [[arn, reservedConcurrency] as const],
      ),
    );
    const reserved = [...this.#reserved.values()].reduce((sum, each) => sum + each, 0);
    this.#maxUnreserved = accountLimit - reserved;
    if (reserved > 0 && this.#maxUnreserved < MIN_UNRESERVED)
      throw new ConcurrencyError(
        `the functions reserve ${reserved} of ${accountLimit} executions, but Lambda keeps ${MIN_UNRESERVED} unreserved: raise the limit to ${reserved + MIN_UNRESERVED} or more, or reserve less`,
      );
  }

  /** Whether the function may run one more now. If so, `end` must follow. */
  begin(arn: string): boolean {
    const pool = this.#reserved.has(arn) ? arn : undefined;
    const running = this.#running.get(pool) ?? 0;
    if (running >= (this.#reserved.get(arn) ?? this.#maxUnreserved)) return false;
    this.#running.set(pool, running + 1);
    return true;
  }

  end(arn: string): void {
    const pool = this.#reserved.has(arn) ? arn : undefined;
    this.#running.set(pool, (this.#running.get(pool) ?? 0) - 1);
  }
}
