import { setTimeout } from 'node:timers/promises';
import { type Callers, callAll } from './callers.ts';
import { goodCall, issueCall, keyOf } from './calls.ts';
import type { Observation } from './oracle.ts';
import type { World } from './world.ts';

/** What SECURITY.md grants a repaired gate. */
export const RECOVERY_MILLISECONDS = 5_000;

/** One good call of each kind for each shop. */
export const everyGoodCall = (world: World) =>
  world.shopIds.flatMap((shopId) => {
    const shop = world.oracle.historyOf(shopId).current;
    return [goodCall(world, shopId), issueCall('issue', shopId, keyOf(shop), shopId)];
  });

/** Makes every function have every record; one call at a time, so that each function needs only one environment. */
export const fillCaches = (world: World): Promise<Observation[]> => callAll(world, everyGoodCall(world), 1);

/** How long after a repair something was refused or failed that should have been served: what began before the repair does not count. */
export function recoveryOf(world: World, observations: readonly Observation[], repairedAt: number): number {
  const late = observations.filter(
    (observation) =>
      observation.begunAt >= repairedAt && observation.status !== 200 && world.oracle.judge(observation).owed,
  );
  return Math.max(0, ...late.map(({ endedAt }) => endedAt - repairedAt));
}

/** Repairs everything under calls that go on, and gives it time; how long it took. */
export async function repair(world: World, callers: Callers, watchMilliseconds: number): Promise<number> {
  await world.setFaults('');
  const repairedAt = Date.now();
  await setTimeout(watchMilliseconds);
  await callers.stop();
  return recoveryOf(world, callers.observations, repairedAt);
}

export const recovers = (milliseconds: number) => ({
  recoveryMilliseconds: milliseconds,
  bounds: { [`recovers within ${RECOVERY_MILLISECONDS} ms`]: milliseconds <= RECOVERY_MILLISECONDS },
});
