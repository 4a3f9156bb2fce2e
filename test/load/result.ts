import type { LoadGate } from './gate-process.ts';
import type { Outcome } from './generator.ts';

/** One line of the table. */
export interface LoadResult extends Outcome {
  readonly scenario: string;
  /** Of the gate's process, when the scenario had ended. */
  readonly rssMegabytes: number;
  /** The checks that failed, in words; empty when all held. */
  readonly failures: readonly string[];
}

export const rssMegabytes = async (gate: LoadGate): Promise<number> =>
  (await gate.ask({ kind: 'memory' })) / 1_024 / 1_024;

/** Of calls that must all be allowed. */
export function failuresOfAllowed({ '2xx': good, '4xx': refused, '5xx': failed, errors }: Outcome): string[] {
  if (good > 0 && refused + failed + errors === 0) return [];
  return [`${good} calls allowed, ${refused} refused, ${failed} failed, ${errors} without an answer`];
}

/** The line of a scenario whose every call must be allowed. */
export async function allAllowed(scenario: string, gate: LoadGate, outcome: Outcome): Promise<LoadResult> {
  return { scenario, ...outcome, rssMegabytes: await rssMegabytes(gate), failures: failuresOfAllowed(outcome) };
}

/**
 * The line of a scenario in which environments start while the store is out of reach: those know no shop and answer 503, as they must, but
 * they must be few, and nobody may be refused.
 */
export async function nearlyAllAllowed(
  scenario: string,
  gate: LoadGate,
  outcome: Outcome,
  share: number,
): Promise<LoadResult> {
  const { '2xx': good, '4xx': refused, '5xx': failed, errors } = outcome;
  const held = refused + errors === 0 && good >= share * (good + failed);
  const failures = held ? [] : failuresOfAllowed(outcome);
  return { scenario, ...outcome, rssMegabytes: await rssMegabytes(gate), failures };
}
