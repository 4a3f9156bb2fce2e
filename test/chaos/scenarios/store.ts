import { setTimeout } from 'node:timers/promises';
import { Callers, callFor } from '../callers.ts';
import { inHosted } from '../gates.ts';
import type { Random } from '../random.ts';
import { fillCaches, recovers, repair } from '../recovery.ts';
import { allServed, mustHold, type Row, rowOf } from '../report.ts';

const SHOPS = 20;
const ALL_SERVED = { 'all that the model allows is served': allServed };

/** The store is down while every record is fresh, and goes on being down when they are stale. */
export const storeDownWithRecords = (
  random: Random,
  { freshMilliseconds = 2_500, staleMilliseconds = 12_000 } = {},
): Promise<Row[]> =>
  inHosted(random, { shops: SHOPS }, async ({ world }) => {
    await fillCaches(world);
    await world.setFaults('dynamodb:down');
    // Records are fresh for 4.5 s at least; filling the caches took some of it.
    // One caller: a second environment would start without records, and there is nothing that it could get them from.
    const fresh = await callFor(world, freshMilliseconds, { callers: 1 });
    await setTimeout(5_500 - freshMilliseconds);
    const callers = new Callers(world, { callers: 1 });
    await setTimeout(staleMilliseconds);
    const recovery = recovers(await repair(world, callers, 2_000));
    return [
      mustHold(rowOf('store down, records fresh', world, fresh), ALL_SERVED),
      mustHold(rowOf('store down, records stale', world, callers.observations, recovery), ALL_SERVED),
    ];
  });

/** The store is down before any function has a record: no access, and no 401 but for what no record could save. */
export const storeDownWithoutRecords = (
  random: Random,
  { milliseconds = 5_000, watchMilliseconds = 3_000 } = {},
): Promise<Row[]> =>
  inHosted(random, { shops: SHOPS }, async ({ world }) => {
    await world.setFaults('dynamodb:down');
    const callers = new Callers(world);
    await setTimeout(milliseconds);
    const whileDown = callers.observations.filter(({ status }) => status === 200).length;
    const recovery = recovers(await repair(world, callers, watchMilliseconds));
    const row = rowOf('store down, no record', world, callers.observations, recovery);
    return [mustHold(row, { 'nothing is served without a record': () => whileDown === 0 })];
  });

export interface Impairment {
  readonly fault: string;
  readonly spec: string;
  readonly milliseconds: number;
  readonly watchMilliseconds?: number;
}

/** A store that is there but no use, for callers with records and for those without; then it is repaired. */
export const storeImpaired = (
  random: Random,
  { fault, spec, milliseconds, watchMilliseconds = 5_500 }: Impairment,
): Promise<Row[]> =>
  inHosted(random, { shops: SHOPS }, async ({ world }) => {
    await callFor(world, 1_000);
    await world.setFaults(spec);
    const callers = new Callers(world);
    await setTimeout(milliseconds);
    const recovery = recovers(await repair(world, callers, watchMilliseconds));
    return [rowOf(fault, world, callers.observations, recovery)];
  });
