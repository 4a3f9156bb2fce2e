import { setTimeout } from 'node:timers/promises';
import { limits } from '#contract/limits.ts';
import { type Faults, parseFaults } from '#local/faults.ts';
import type { RunningGate } from './gate.ts';

/** What the table service of a region takes: a store that answers at once hides what a slow one shows. Bounds are tested with it. */
export const STORE_LATENCY = 'dynamodb:delay=20ms';

/** The usual latency, and the clock of the functions so many seconds ahead. */
export const slowStore = (aheadSeconds = 0): Faults =>
  parseFaults(aheadSeconds === 0 ? STORE_LATENCY : `${STORE_LATENCY};clock:offset=+${aheadSeconds}s`);

/** Calls at the same time, so that several environments of a function hold the records. */
const PARALLEL = 4;

/** The clock of a gate's functions. Tests move it on, so that a bound is a bound however busy the machine is. */
export class FunctionClock {
  readonly #gate: RunningGate;
  #aheadSeconds = 0;

  constructor(gate: RunningGate) {
    this.#gate = gate;
  }

  pass(seconds: number): void {
    this.#aheadSeconds += seconds;
    this.#gate.host.setFaults(slowStore(this.#aheadSeconds));
  }

  /**
   * Passes the bound that the stage publishes by default, second by second, with calls in each, so that answers come from warm caches. Each is the one
   * from before a change or the one after it; then it is the one after, in every environment. Where a store call missed its time-out, expired records may
   * be used, as intended: then more time passes before the end is judged.
   */
  async passBound(before: number, after: number, call: () => Promise<{ readonly status: number }>): Promise<void> {
    const { calls } = this.#gate.host.aws;
    let { abandoned } = calls;
    const statuses = async (): Promise<number[]> =>
      (await Promise.all(Array.from({ length: PARALLEL }, call))).map(({ status }) => status);
    const judge = (answered: readonly number[], right: readonly number[]): boolean => {
      const isRight = answered.every((status) => right.includes(status));
      if (isRight) return true;
      const isDisturbed = calls.abandoned > abandoned;
      abandoned = calls.abandoned;
      if (!isDisturbed) throw new Error(`answered ${answered}, which must be ${right.join(' or ')}`);
      return false;
    };
    for (let second = 0; second < limits.defaultBoundSeconds; second += 1) {
      judge(await statuses(), [before, after]);
      this.pass(1);
    }
    for (let attempt = 0; attempt < 20 && !judge(await statuses(), [after]); attempt += 1) {
      await setTimeout(100);
      this.pass(limits.defaultBoundSeconds);
    }
  }
}
