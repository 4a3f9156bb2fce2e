import { startLocal } from '#test/support/local-process.ts';
import { callAll } from '../callers.ts';
import { accessOfDataDirectory } from '../gate-access.ts';
import { startChild, temporaryDirectory } from '../gates.ts';
import type { Random } from '../random.ts';
import { everyGoodCall } from '../recovery.ts';
import { allServed, mustHold, type Row, rowOf } from '../report.ts';
import { sameRecord, shopOf } from '../shown-shop.ts';
import type { World } from '../world.ts';
import { anyChange } from './administration.ts';

const ALL_SERVED = { 'all that the model allows is served': allServed };

/** kill -9 in the middle of administrative writes: what was acknowledged is there afterwards, whole, and works. */
export async function killedDuringWrites(random: Random, { writes = 1_000 } = {}): Promise<Row[]> {
  const directory = temporaryDirectory();
  const { world, child, admin } = await startChild(random, directory, 16);
  let acknowledged = 0;
  const enough = Promise.withResolvers<void>();
  const write = async (shopId: string): Promise<void> => {
    while (acknowledged < writes) {
      if (await world.change(anyChange(world, shopId))) acknowledged += 1;
      if (acknowledged >= writes) enough.resolve();
    }
  };
  const writers = Promise.all(world.shopIds.map(write));
  await enough.promise;
  // Fifteen other writes are under way: each of them may be there or not, but not by half.
  await child.end('SIGKILL');
  const again = await startLocal('--data-dir', directory);
  try {
    world.reopen(accessOfDataDirectory(directory, admin));
    await writers;
    const lost = await lostShops(world);
    const observations = await callAll(world, everyGoodCall(world), 2);
    const row = rowOf(`kill -9 during ${acknowledged} acknowledged writes`, world, observations, {
      boundMilliseconds: 0,
    });
    return [mustHold(row, { ...ALL_SERVED, [`no acknowledged write is lost: ${lost}`]: () => lost.length === 0 })];
  } finally {
    await again.end('SIGTERM');
  }
}

/** Shops whose stored record is not the last acknowledged one. */
async function lostShops({ access, oracle, shopIds }: World): Promise<string[]> {
  const lost: string[] = [];
  for (const shopId of shopIds) {
    const model = oracle.historyOf(shopId).current;
    const shown = await access.administer({ action: 'show-shop', shopId });
    if (!shown.ok || !sameRecord(model, shopOf(shown, model.keys))) lost.push(shopId);
  }
  return lost;
}
