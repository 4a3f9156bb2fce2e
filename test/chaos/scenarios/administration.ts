import { setTimeout } from 'node:timers/promises';
import { Callers, callAll } from '../callers.ts';
import type { Change } from '../changes.ts';
import { inHosted } from '../gates.ts';
import type { Random } from '../random.ts';
import { everyGoodCall } from '../recovery.ts';
import { mustHold, type Row, rowOf } from '../report.ts';
import type { World } from '../world.ts';

const SHOPS = 20;
/** Contract §4.3, for a healthy store and the default settings. */
const BOUND_MILLISECONDS = 10_000;

/** Any change that an administrator may come to make; a shop whose key's text was lost gets a new key. */
export function anyChange({ random, oracle }: World, shopId: string): Change {
  const shop = oracle.historyOf(shopId).current;
  const on = random.next() < 0.5;
  const origins = [`https://more-${random.below(3)}.example.com`];
  if (shop.keys.at(-1)?.apiKey === undefined) return { shopId, action: 'reset-keys' };
  return random.pick<Change>([
    { shopId, action: 'rotate-key', overlapSeconds: random.pick([0, 3_600]), force: on },
    { shopId, action: 'reset-keys' },
    { shopId, action: random.pick(['retire-key', 'undo-rotation']) },
    { shopId, action: random.pick(['revoke-tokens', 'undo-revoke-tokens']) },
    { shopId, action: 'set-switches', switches: { disabled: on && random.next() < 0.5 } },
    { shopId, action: 'set-switches', switches: { issuingPaused: on } },
    { shopId, action: 'set-switches', switches: { requireOrigin: on && random.next() < 0.5 } },
    { shopId, action: 'add-origins', origins },
    { shopId, action: 'remove-origins', origins },
  ]);
}

/** Changes shops at random until stopped; how many changes were made. */
export async function keepChanging(world: World, isOver: () => boolean, pauseMilliseconds: number): Promise<number> {
  let made = 0;
  while (!isOver()) {
    if (await world.change(anyChange(world, world.random.pick(world.shopIds)))) made += 1;
    await setTimeout(pauseMilliseconds);
  }
  return made;
}

/** How long it takes until every shop is answered by its newest record and no other, five times in a row. */
export async function settlingTime(world: World): Promise<number> {
  const from = Date.now();
  for (let agreed = 0, last = 0; ; ) {
    const answers = await callAll(world, everyGoodCall(world), 4);
    const isSettled = answers.every((each) => world.oracle.judge(each, 0).right.includes(each.status));
    agreed = isSettled ? agreed + 1 : 0;
    if (!isSettled) last = Date.now() - from;
    if (agreed === 5 || last > BOUND_MILLISECONDS) return last;
    await setTimeout(100);
  }
}

/** Every kind of change under traffic, and then the time until the last one holds everywhere. */
export const changesUnderTraffic = (random: Random, { milliseconds = 30_000 } = {}): Promise<Row[]> =>
  inHosted(random, { shops: SHOPS }, async ({ world }) => {
    const endsAt = Date.now() + milliseconds;
    const callers = new Callers(world);
    const made = await keepChanging(world, () => Date.now() >= endsAt, 100);
    const recoveryMilliseconds = await settlingTime(world);
    const row = rowOf(
      `${made} rotations, resets, revocations, switches and origin edits`,
      world,
      await callers.stop(),
      {
        recoveryMilliseconds,
        bounds: { 'every change holds everywhere within 10 s': recoveryMilliseconds <= BOUND_MILLISECONDS },
      },
    );
    return [mustHold(row, { 'nothing that the model allows is unavailable': ({ unavailable }) => unavailable === 0 })];
  });

/** One store call in twenty fails, while shops are changed. */
export const randomErrors = (random: Random, { milliseconds = 60_000, share = 0.999 } = {}): Promise<Row[]> =>
  inHosted(random, { shops: SHOPS }, async ({ world }) => {
    await world.setFaults('dynamodb:error=0.05');
    const endsAt = Date.now() + milliseconds;
    const callers = new Callers(world);
    await keepChanging(world, () => Date.now() >= endsAt, 50);
    const row = rowOf('5 % random store errors, changes going on', world, await callers.stop());
    const isEnough = ({ owed, owedServed }: Row): boolean => owed > 0 && owedServed / owed >= share;
    return [mustHold(row, { [`${share * 100} % of what the model allows is served`]: isEnough })];
  });
