import fc from 'fast-check';
import { limits } from '#contract/limits.ts';
import { type CallOutcome, Circuit } from '#lambda/forwarding/circuit.ts';

const TIMEOUT = 10_000;
const { circuitTimeouts, circuitPauseMilliseconds, maxCircuitPauseMilliseconds } = limits;
const REFUSED = { admitted: false };

/** A circuit that has just opened at time 0, with the longest first pause. */
function openCircuit(random = () => 1): Circuit {
  const circuit = new Circuit({ timeoutMilliseconds: TIMEOUT, random });
  for (let call = 0; call < circuitTimeouts; call += 1) {
    expect(circuit.admit(0)).toEqual({ admitted: true });
    circuit.note('timed_out', 0);
  }
  expect(circuit.state).toBe('open');
  return circuit;
}

describe('a closed circuit', () => {
  test('opens with the last of the time-outs in a row, and reports it once', () => {
    const circuit = new Circuit({ timeoutMilliseconds: TIMEOUT });
    const changes = Array.from({ length: circuitTimeouts + 1 }, () => circuit.note('timed_out', 0));
    expect(changes.filter((change) => change !== undefined)).toEqual(['opened']);
    expect(changes[circuitTimeouts - 1]).toBe('opened');
  });

  test('stays closed while a call returns between two time-outs', () => {
    const circuit = new Circuit({ timeoutMilliseconds: TIMEOUT });
    for (let round = 0; round < 100; round += 1) {
      for (let call = 1; call < circuitTimeouts; call += 1) circuit.note('timed_out', round);
      circuit.note('returned', round);
    }
    expect(circuit.state).toBe('closed');
  });
});

describe('an open circuit', () => {
  test('refuses calls and says when to try again, rounded up', () => {
    const circuit = openCircuit();
    expect(circuit.admit(0)).toEqual({ ...REFUSED, retryAfterSeconds: circuitPauseMilliseconds / 1_000 });
    expect(circuit.admit(circuitPauseMilliseconds - 1)).toEqual({ ...REFUSED, retryAfterSeconds: 1 });
  });

  test('admits one probe after the pause and refuses the calls beside it', () => {
    const circuit = openCircuit();
    expect(circuit.admit(circuitPauseMilliseconds)).toEqual({ admitted: true });
    expect(circuit.admit(circuitPauseMilliseconds)).toMatchObject(REFUSED);
  });

  test('closes with a probe that returns', () => {
    const circuit = openCircuit();
    circuit.admit(circuitPauseMilliseconds);
    expect(circuit.note('returned', circuitPauseMilliseconds + 5)).toBe('closed');
    expect(circuit.admit(circuitPauseMilliseconds + 5)).toEqual({ admitted: true });
  });

  test('pauses twice as long after each probe that times out, up to the longest pause', () => {
    const circuit = openCircuit();
    const pauses: number[] = [];
    let now = 0;
    for (let probe = 0; probe < 5; probe += 1) {
      const refused = circuit.admit(now);
      if (refused.admitted) throw new Error('the pause is missing');
      pauses.push(refused.retryAfterSeconds);
      now += refused.retryAfterSeconds * 1_000;
      circuit.admit(now);
      now += TIMEOUT;
      expect(circuit.note('timed_out', now)).toBe('opened');
    }
    const longest = maxCircuitPauseMilliseconds / 1_000;
    const first = circuitPauseMilliseconds / 1_000;
    expect(pauses).toEqual([1, 2, 4, 8, 16].map((factor) => Math.min(first * factor, longest)));
  });

  test('admits another probe if the end of one is never noted', () => {
    const circuit = openCircuit();
    circuit.admit(circuitPauseMilliseconds);
    expect(circuit.admit(circuitPauseMilliseconds + 2 * TIMEOUT)).toEqual({ admitted: true });
  });

  test('is not held open by a call that was admitted before it opened', () => {
    const circuit = openCircuit();
    expect(circuit.note('timed_out', 1)).toBeUndefined();
    expect(circuit.admit(circuitPauseMilliseconds)).toEqual({ admitted: true });
  });

  test('spreads the probes of containers that opened at the same moment over half of the pause', () => {
    const ends = [0, 0.5, 0.999].map((random) => {
      const refused = openCircuit(() => random).admit(0);
      return refused.admitted ? 0 : refused.retryAfterSeconds;
    });
    const first = circuitPauseMilliseconds / 1_000;
    expect(ends).toEqual([first / 2, Math.ceil(first * 0.75), first]);
  });
});

type Step = { readonly waitMilliseconds: number; readonly call: 'admit' | CallOutcome };
const steps = fc.array(
  fc.record<Step>({
    waitMilliseconds: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 200_000 })),
    call: fc.constantFrom('admit', 'admit', 'returned', 'timed_out', 'timed_out'),
  }),
  { maxLength: 200 },
);

/** A model of the circuit: a history of calls, from which each answer is computed again. */
class History {
  readonly #events: { readonly kind: 'probe' | CallOutcome; readonly at: number }[] = [];
  readonly #pauseOf: (openings: number) => number;

  constructor(pauseOf: (openings: number) => number) {
    this.#pauseOf = pauseOf;
  }

  /** What the whole history comes to at its end. */
  #read(): { openings: number; timeouts: number; until: number; probing: boolean } {
    let read = { openings: 0, timeouts: 0, until: 0, probing: false };
    for (const { kind, at } of this.#events) {
      if (kind === 'returned') read = { openings: 0, timeouts: 0, until: 0, probing: false };
      else if (kind === 'probe') read = { ...read, until: at + 2 * TIMEOUT, probing: true };
      else if (read.openings > 0 && !read.probing) continue;
      else {
        const timeouts = read.timeouts + 1;
        const opens = read.probing || timeouts >= circuitTimeouts;
        const openings = opens ? read.openings + 1 : 0;
        read = { openings, timeouts, until: opens ? at + this.#pauseOf(openings) : 0, probing: false };
      }
    }
    return read;
  }

  admits(now: number): boolean {
    const { openings, until } = this.#read();
    const admitted = openings === 0 || now >= until;
    if (admitted && openings > 0) this.#events.push({ kind: 'probe', at: now });
    return admitted;
  }

  note(outcome: CallOutcome, now: number): void {
    this.#events.push({ kind: outcome, at: now });
  }

  state(): Circuit['state'] {
    const { openings, probing } = this.#read();
    return openings === 0 ? 'closed' : probing ? 'probing' : 'open';
  }
}

describe('after any history', () => {
  test('the circuit does what its rules make of that history', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (history, random) => {
        const circuit = new Circuit({ timeoutMilliseconds: TIMEOUT, random: () => random });
        const model = new History(
          (openings) =>
            Math.min(circuitPauseMilliseconds * 2 ** (openings - 1), maxCircuitPauseMilliseconds) *
            (0.5 + 0.5 * random),
        );
        let now = 0;
        for (const { waitMilliseconds, call } of history) {
          now += waitMilliseconds;
          if (call === 'admit') expect(circuit.admit(now).admitted).toBe(model.admits(now));
          else {
            circuit.note(call, now);
            model.note(call, now);
          }
          expect(circuit.state).toBe(model.state());
        }
      }),
      { numRuns: 500 },
    );
  });

  /** Runs a history and returns when it ended. */
  function run(circuit: Circuit, history: readonly Step[]): number {
    let now = 0;
    for (const { waitMilliseconds, call } of history) {
      now += waitMilliseconds;
      if (call === 'admit') circuit.admit(now);
      else circuit.note(call, now);
    }
    return now;
  }

  test('a call is admitted within the longest pause or two time-outs: the circuit never sticks', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const circuit = new Circuit({ timeoutMilliseconds: TIMEOUT });
        const end = run(circuit, history);
        expect(circuit.admit(end + Math.max(maxCircuitPauseMilliseconds, 2 * TIMEOUT)).admitted).toBe(true);
      }),
    );
  });

  test('one call that returns closes it', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const circuit = new Circuit({ timeoutMilliseconds: TIMEOUT });
        const end = run(circuit, history);
        circuit.note('returned', end);
        expect([circuit.state, circuit.admit(end).admitted]).toEqual(['closed', true]);
      }),
    );
  });

  test('a refusal names a whole number of seconds, from 1 up, after which a call is admitted', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const circuit = new Circuit({ timeoutMilliseconds: TIMEOUT });
        const end = run(circuit, history);
        const refused = circuit.admit(end);
        if (refused.admitted) return;
        expect(Number.isInteger(refused.retryAfterSeconds) && refused.retryAfterSeconds >= 1).toBe(true);
        expect(circuit.admit(end + refused.retryAfterSeconds * 1_000).admitted).toBe(true);
      }),
    );
  });

  test('an upstream that hangs for every call gets at most one call per pause', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 50, maxLength: 400 }), (gaps) => {
        const circuit = new Circuit({ timeoutMilliseconds: TIMEOUT });
        let now = 0;
        let admitted = 0;
        for (const gap of gaps) {
          now += gap;
          if (!circuit.admit(now).admitted) continue;
          admitted += 1;
          now += TIMEOUT;
          circuit.note('timed_out', now);
        }
        // The shortest of all pauses is half of the first.
        const most = circuitTimeouts + now / (TIMEOUT + circuitPauseMilliseconds / 2) + 1;
        expect(admitted).toBeLessThanOrEqual(most);
      }),
    );
  });
});
