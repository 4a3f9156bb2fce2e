import { sessionCalls } from './calls.ts';
import type { LoadGate } from './gate-process.ts';
import { startCalls } from './generator.ts';
import { allAllowed, type LoadResult, nearlyAllAllowed } from './result.ts';
import type { Plan } from './scenarios.ts';

/** Enough calls at once that the local host starts as many environments of the authorizer as it ever does. */
const CROWD = { connections: 256, seconds: 3 };

export interface SlowStore {
  readonly delay: string;
  /** Put the functions' clock a minute ahead, so that what they hold is no longer fresh, rather than wait for it. */
  readonly skipsAhead: boolean;
  /** Let a crowd call before, so that every environment knows the shop; else some start in the outage, as the calls wait for the store. */
  readonly crowdBefore: boolean;
}

/** The shop is known; the store answers late, or later than anyone waits. */
export async function slowStore(
  gate: LoadGate,
  { connections, seconds }: Plan,
  { delay, skipsAhead, crowdBefore }: SlowStore,
): Promise<LoadResult> {
  const calls = sessionCalls(gate);
  const before = crowdBefore ? CROWD : { connections, seconds: 1 };
  await startCalls(calls, before.connections, before.seconds).outcome;
  await gate.ask({ kind: 'set-faults', spec: `dynamodb:delay=${delay}${skipsAhead ? ';clock:offset=+1m' : ''}` });
  try {
    const outcome = await startCalls(calls, connections, seconds).outcome;
    const scenario = `authorize, one shop, the store takes ${delay}`;
    return crowdBefore || skipsAhead
      ? await allAllowed(`${scenario}, all environments warm`, gate, outcome)
      : await nearlyAllAllowed(`${scenario}, one environment warm: ≥ 99.9 % allowed`, gate, outcome, 0.999);
  } finally {
    await gate.ask({ kind: 'set-faults', spec: '' });
  }
}
