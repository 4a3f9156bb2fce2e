import { setTimeout } from 'node:timers/promises';
import { issueCalls, randomShopCalls, sessionCalls } from './calls.ts';
import type { LoadGate } from './gate-process.ts';
import { type Calls, type Outcome, startCalls } from './generator.ts';
import { allAllowed, type LoadResult } from './result.ts';

/** How hard and how long. */
export interface Plan {
  readonly connections: number;
  readonly seconds: number;
}

/** Longer than a shop's record is answered from the cache, so that a change in the middle is seen by the calls after it. */
export const CACHE_RUNS_OUT_SECONDS = 6;
/** Bounds a rotation that does not end. */
const MAX_ROTATION_SECONDS = 45;

export const tokenIssue = async (gate: LoadGate, { connections, seconds }: Plan): Promise<LoadResult> =>
  allAllowed('token issue', gate, await startCalls(issueCalls(gate), connections, seconds).outcome);

export const warmAuthorize = async (gate: LoadGate, { connections, seconds }: Plan): Promise<LoadResult> =>
  allAllowed('authorize, one warm shop', gate, await startCalls(sessionCalls(gate), connections, seconds).outcome);

/** Every call for another shop: nearly each finds its record no longer fresh. */
export async function manyShops(gate: LoadGate, { connections, seconds }: Plan, count: number): Promise<LoadResult> {
  const shops = await gate.ask({ kind: 'create-shops', count });
  const { outcome } = startCalls(randomShopCalls(gate, shops), connections, seconds);
  return allAllowed(`authorize, ${count.toLocaleString('en-US')} shops at random`, gate, await outcome);
}

/** Tokens that the old key signed go on being good during the overlap. */
export async function keyRotation(gate: LoadGate, { connections, seconds }: Plan): Promise<LoadResult> {
  const outcome = await whileChanging(sessionCalls(gate), connections, seconds, () =>
    gate.ask({ kind: 'rotate-key', shopId: gate.shop.shopId }),
  );
  return allAllowed("authorize, the shop's key is rotated meanwhile", gate, outcome);
}

/** Every shop's key is resealed during the run. */
export async function ringRotation(gate: LoadGate, { connections, seconds }: Plan, count: number): Promise<LoadResult> {
  const shops = await gate.ask({ kind: 'create-shops', count });
  const outcome = await whileChanging(randomShopCalls(gate, [...shops, gate.shop]), connections, seconds, () =>
    gate.ask({ kind: 'rotate-ring' }),
  );
  return allAllowed(`authorize, ${count + 1} shops, the ring is rotated meanwhile`, gate, outcome);
}

/** Calls for half of the time, then the change begins; when it has ended, calls for the other half. */
async function whileChanging(
  calls: Calls,
  connections: number,
  seconds: number,
  change: () => Promise<null>,
): Promise<Outcome> {
  const generating = startCalls(calls, connections, seconds + MAX_ROTATION_SECONDS);
  try {
    await setTimeout((seconds / 2) * 1_000);
    await change();
    await setTimeout((seconds / 2) * 1_000);
  } finally {
    generating.stop();
  }
  return generating.outcome;
}
