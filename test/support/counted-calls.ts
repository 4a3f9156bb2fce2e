import { setTimeout } from 'node:timers/promises';
import { parseFaults } from '#local/faults.ts';
import type { RunningGate } from './gate.ts';
import type { HttpAnswer } from './http.ts';

/** How often what was counted, by `<function> <counter>`. */
export type Counted = Readonly<Record<string, number>>;

/** A call that is counted as one outcome of one function. */
export interface CountedCase {
  readonly call: () => Promise<HttpAnswer>;
  readonly status: number;
  /** Of AWS, for this call alone. */
  readonly faults?: string;
  /** What another function counts of the same call. */
  readonly beside?: Counted;
}

/** How long a line may take from a function to the test. Only a test that fails waits for so long. */
const TIMEOUT_MILLISECONDS = 30_000;
const MINUTE_MILLISECONDS = 60_000;
/** By how many minutes the functions' clock may be ahead: with more, AWS would refuse their signatures. */
const OFFSETS = [0, 1, 2, 3, 4];

interface Line {
  readonly service: string;
  readonly counts: readonly (readonly [name: string, count: number])[];
}

/**
 * Returns what one call was counted as. A container writes its counters with the first that comes a minute after it wrote last, so the clock of
 * the functions is put to another minute for each call: then a line holds that call alone. The gate must run one environment of each function.
 */
export class CountedCalls {
  readonly #gate: () => RunningGate;
  readonly #writtenAt = new Map<string, number>();
  #lines: Line[] = [];
  #offset = 0;

  constructor(gate: () => RunningGate) {
    this.#gate = gate;
  }

  /** Reads what functions write: for the gate's `log`. */
  readonly read = (text: string): void => {
    for (const line of text.split('\n').filter((each) => each.includes('"_aws"'))) {
      const { _aws, service, deployment, ...counts } = JSON.parse(line);
      this.#writtenAt.set(service, _aws.Timestamp);
      this.#lines.push({ service, counts: Object.entries(counts as Counted) });
    }
  };

  /** Puts the functions' clock to a minute in which these functions have not written, and which is not the present one either. */
  nextMinute(services: readonly string[], faults = ''): void {
    const now = Date.now();
    const written = services.flatMap((service) => this.#writtenAt.get(service) ?? []);
    const taken = [...written, now + this.#offset * MINUTE_MILLISECONDS];
    const isFree = (offset: number): boolean =>
      taken.every((at) => {
        const distance = now + offset * MINUTE_MILLISECONDS - at;
        // The call comes a little after now: that brings it nearer to what lies ahead.
        return distance >= MINUTE_MILLISECONDS || distance <= -2 * MINUTE_MILLISECONDS + TIMEOUT_MILLISECONDS;
      });
    const free = OFFSETS.find(isFree);
    if (free === undefined) throw new Error(`no minute is left for ${services.join(', ')}`);
    this.#offset = free;
    const clock = `clock:offset=+${free}m`;
    this.#gate().host.setFaults(parseFaults(faults === '' ? clock : `${clock};${faults}`));
  }

  /** Makes a call in a minute of its own, with these faults of AWS, and returns what it was counted as, once all that is expected has been. */
  async countedBy(call: () => Promise<HttpAnswer>, expected: Counted, faults?: string) {
    this.#lines = [];
    this.nextMinute(
      Object.keys(expected).map((name) => name.split(' ')[0] ?? ''),
      faults,
    );
    const answer = await call();
    const lastMoment = Date.now() + TIMEOUT_MILLISECONDS;
    while (Object.keys(expected).some((name) => !(name in this.#counted())) && Date.now() < lastMoment)
      await setTimeout(10);
    return { answer, counted: this.#counted() };
  }

  #counted(): Counted {
    const sums: Record<string, number> = {};
    for (const { service, counts } of this.#lines)
      for (const [name, count] of counts) sums[`${service} ${name}`] = (sums[`${service} ${name}`] ?? 0) + count;
    return sums;
  }
}
