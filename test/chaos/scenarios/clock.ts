import { setTimeout } from 'node:timers/promises';
import { Callers } from '../callers.ts';
import { inHosted } from '../gates.ts';
import type { Random } from '../random.ts';
import { recovers, repair } from '../recovery.ts';
import { allServed, mustHold, type Row, rowOf } from '../report.ts';

/** The functions' clock jumps and comes back, under traffic that is stamped by the functions' clock; records and rings expire, or come from the future. */
export const clockJumps = (
  random: Random,
  { fault, offset, milliseconds }: { fault: string; offset: string; milliseconds: number },
): Promise<Row[]> =>
  inHosted(random, { shops: 20 }, async ({ world }) => {
    const callers = new Callers(world);
    await setTimeout(500);
    await world.setFaults(`clock:offset=${offset}`);
    await setTimeout(milliseconds);
    const recovery = recovers(await repair(world, callers, milliseconds));
    const row = rowOf(fault, world, callers.observations, recovery);
    return [mustHold(row, { 'all that the model allows is served': allServed })];
  });
