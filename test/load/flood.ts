import { sessionCalls, unknownShopCalls } from './calls.ts';
import type { LoadGate } from './gate-process.ts';
import { type Outcome, startCalls } from './generator.ts';
import { failuresOfAllowed, type LoadResult, rssMegabytes } from './result.ts';
import type { Plan } from './scenarios.ts';

const GOOD_CONNECTIONS = 4;
/** The cache of unknown shops is bounded; what the flood adds to the process is that and what V8 does not give back. */
const MAX_GROWTH_MEGABYTES = 100;

/** A flood of calls for shops that do not exist, beside good traffic. The flood's line and the good traffic's. */
export async function unknownShopFlood(gate: LoadGate, { connections, seconds }: Plan): Promise<LoadResult[]> {
  const before = await rssMegabytes(gate);
  const good = startCalls(sessionCalls(gate), GOOD_CONNECTIONS, seconds).outcome;
  const flood = await startCalls(unknownShopCalls(gate), connections, seconds).outcome;
  const served = await good;
  const after = await rssMegabytes(gate);
  const memory = `RSS ${before.toFixed(0)} → ${after.toFixed(0)} MB`;
  return [
    {
      scenario: `flood of unknown shops, ${memory}`,
      ...flood,
      rssMegabytes: after,
      failures: [...failuresOfFlood(flood), ...(after - before > MAX_GROWTH_MEGABYTES ? [`${memory}: not flat`] : [])],
    },
    { scenario: 'good calls beside the flood', ...served, rssMegabytes: after, failures: failuresOfAllowed(served) },
  ];
}

function failuresOfFlood({ '4xx': refused, not401, errors }: Outcome): string[] {
  if (refused > 0 && not401 + errors === 0) return [];
  return [`${refused} calls refused, ${not401} answered other than with 401, ${errors} without an answer`];
}
