import { setTimeout } from 'node:timers/promises';
import { writeRing } from '#lambda/ring/ring.ts';
import { addRingKey } from '#lambda/ring/rotate-ring.ts';
import { Callers } from '../callers.ts';
import { inHosted, startHosted, temporaryDirectory } from '../gates.ts';
import type { Random } from '../random.ts';
import { fillCaches, recovers, recoveryOf } from '../recovery.ts';
import { allServed, mustHold, type Row, rowOf } from '../report.ts';
import { replaceRing, ringOf, ringVersionsOf } from '../ring-secret.ts';

const SHOPS = 10;
const ALL_SERVED = { 'all that the model allows is served': allServed };
/** Past the five minutes that a ring is kept, so that every function reads it again. */
const RING_IS_OLD = 'clock:offset=+10m';

export interface RingFault {
  readonly fault: string;
  /** What goes wrong with Secrets Manager; the empty text: nothing. */
  readonly spec: string;
  /** What the secret holds instead of the ring. */
  readonly change: (text: string) => string;
  readonly milliseconds: number;
}

/** A gate starts on shops that are there, and can't read the ring: no widget call is let in, and none is called unauthorized that isn't. */
export async function ringBadAtStart(random: Random, { fault, spec, change, milliseconds }: RingFault): Promise<Row[]> {
  const dataDirectory = temporaryDirectory();
  const first = await startHosted(random, { shops: SHOPS, dataDirectory });
  const { text } = await ringVersionsOf(first).readCurrent();
  await replaceRing(first, change);
  await first.close();
  return inHosted(random, { dataDirectory, before: first.world, faults: spec }, async (hosted) => {
    const { world } = hosted;
    const callers = new Callers(world);
    await setTimeout(milliseconds);
    const letIn = callers.observations.filter(({ call, status }) => call.kind === 'session' && status === 200).length;
    await world.setFaults('');
    await replaceRing(hosted, () => text);
    const repairedAt = Date.now();
    await setTimeout(3_000);
    const recovery = recovers(recoveryOf(world, await callers.stop(), repairedAt));
    const row = rowOf(`ring ${fault} at start`, world, callers.observations, recovery);
    return [mustHold(row, { 'no widget call is let in without the ring': () => letIn === 0 })];
  });
}

/** Functions that hold the ring read it again and can't: they go on with the one they have. */
export const ringBadAtRefresh = (random: Random, { fault, spec, change, milliseconds }: RingFault): Promise<Row[]> =>
  inHosted(random, { shops: SHOPS }, async (hosted) => {
    const { world } = hosted;
    await fillCaches(world);
    await replaceRing(hosted, change);
    await world.setFaults([spec, RING_IS_OLD].filter((part) => part !== '').join(';'));
    // One caller: a second environment would start without a ring.
    const callers = new Callers(world, { callers: 1 });
    await setTimeout(milliseconds);
    await callers.stop();
    return [mustHold(rowOf(`ring ${fault} at refresh`, world, callers.observations), ALL_SERVED)];
  });

/** A ring with a new key is the current one at once, and shops are sealed with that key while all others hold the ring before. */
export const ringPromotedEarly = (random: Random, { milliseconds = 5_000 } = {}): Promise<Row[]> =>
  inHosted(random, { shops: SHOPS }, async (hosted) => {
    const { world } = hosted;
    await fillCaches(world);
    const callers = new Callers(world);
    await replaceRing(hosted, (text) => writeRing(addRingKey(ringOf(text), Math.floor(Date.now() / 1_000))));
    // A function that seals looks at the ring again when it is ten seconds old.
    await world.setFaults('clock:offset=+1m');
    for (const shopId of world.shopIds.slice(0, SHOPS / 2))
      await world.change({ shopId, action: 'rotate-key', overlapSeconds: 3_600, force: false });
    await world.createShops(SHOPS / 2);
    await setTimeout(milliseconds);
    await callers.stop();
    return [mustHold(rowOf('ring promoted early', world, callers.observations), ALL_SERVED)];
  });
