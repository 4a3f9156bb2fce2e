import { join } from 'node:path';
import { unknownShopFlood } from './flood.ts';
import { type LoadGate, startLoadGate } from './gate-process.ts';
import type { LoadResult } from './result.ts';
import {
  CACHE_RUNS_OUT_SECONDS,
  keyRotation,
  manyShops,
  ringRotation,
  tokenIssue,
  warmAuthorize,
} from './scenarios.ts';
import { slowStore } from './slow-store.ts';
import { loadTable } from './table.ts';
import { caveat, writeLoadTable } from './write-table.ts';

const PLAN = { connections: 32, seconds: 6 };
/** With both halves as long as the cache answers. */
const CHANGE = { ...PLAN, seconds: 2 * CACHE_RUNS_OUT_SECONDS };
const OUTAGE = { ...PLAN, seconds: 10 };
const ALL_WARM = { skipsAhead: false, crowdBefore: true };
const ONE_WARM = { skipsAhead: false, crowdBefore: false };
const MAX_RUN_MILLISECONDS = 175_000;

/** `npm run load [-- --write]`: prints the table, with `--write` puts it into docs/reliability.md. Ends with 1 when a check failed. */
async function main(): Promise<void> {
  const tooLong = setTimeout(() => {
    console.error(`not done after ${MAX_RUN_MILLISECONDS / 1_000} s`);
    process.exit(1);
  }, MAX_RUN_MILLISECONDS);
  const results = [...(await withGate(onGrownGate)), ...(await withGate(onFreshGate))];
  clearTimeout(tooLong);
  console.log(`${loadTable(results)}\n\n${caveat()}`);
  if (process.argv.includes('--write')) writeLoadTable(join(import.meta.dirname, '../../docs/reliability.md'), results);
  process.exitCode = results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

async function withGate(run: (gate: LoadGate) => Promise<LoadResult[]>): Promise<LoadResult[]> {
  const gate = await startLoadGate();
  try {
    return await run(gate);
  } finally {
    await gate.close();
  }
}

/** One after the other; the ten thousand shops last, because a rotation would have to reseal them all. */
async function onGrownGate(gate: LoadGate): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  results.push(await tokenIssue(gate, PLAN));
  results.push(await warmAuthorize(gate, PLAN));
  results.push(await keyRotation(gate, CHANGE));
  results.push(await ringRotation(gate, CHANGE, 100));
  results.push(await slowStore(gate, OUTAGE, { delay: '250ms', ...ALL_WARM }));
  results.push(await slowStore(gate, OUTAGE, { delay: '4s', ...ALL_WARM }));
  results.push(...(await unknownShopFlood(gate, OUTAGE)));
  results.push(await manyShops(gate, PLAN, 10_000));
  return results;
}

/** Just started, with one environment of each function. */
const onFreshGate = async (gate: LoadGate): Promise<LoadResult[]> => [
  await slowStore(gate, OUTAGE, { delay: '4s', ...ONE_WARM }),
];

await main();
