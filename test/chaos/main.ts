import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Random } from './random.ts';
import { type Row, textTable } from './report.ts';
import { runsAlone, scenarios } from './scenarios.ts';
import { writeTable } from './write-table.ts';

/** `npm run chaos -- [--seed N] [--only NAME] [--write]`: every fault under traffic that an oracle checks. Ends with 1 when anything was wrong. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, only: { type: 'string' }, write: { type: 'boolean', default: false } },
  });
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const chosen = Object.entries(scenarios).filter(([name]) => values.only === undefined || name === values.only);
  if (!Number.isSafeInteger(seed) || chosen.length === 0)
    throw new Error(`--seed takes a whole number, --only one of ${Object.keys(scenarios).join(', ')}`);
  console.log(`seed ${seed}`);
  const from = Date.now();
  const done = new Map<string, Row[]>();
  const work = async (queue: Iterable<(typeof chosen)[number]>): Promise<void> => {
    for (const [name, run] of queue) {
      const begunAt = Date.now();
      done.set(name, await run(new Random(seed)).catch((error: unknown) => [failed(name, error)]));
      console.log(`${name}: ${((Date.now() - begunAt) / 1_000).toFixed(1)} s`);
    }
  };
  // Most of them wait for most of their time.
  const together = chosen.filter(([name]) => !runsAlone(name)).values();
  await Promise.all([work(together), work(together), work(together)]);
  await work(chosen.filter(([name]) => runsAlone(name)));
  const rows = chosen.flatMap(([name]) => done.get(name) ?? []);
  console.log(`\n${textTable(rows)}\n\n${Math.round((Date.now() - from) / 1_000)} s, seed ${seed}`);
  for (const { fault, missed } of rows) for (const text of missed) console.log(`${fault}: ${text}`);
  if (values.write) writeTable(rows, seed);
  process.exitCode = rows.some(({ wrong, missed }) => wrong > 0 || missed.length > 0) ? 1 : 0;
}

const failed = (name: string, error: unknown): Row => ({
  ...{ fault: name, requests: 0, served: 0, refused: 0, wrong: 0, unavailable: 0, owed: 0, owedServed: 0 },
  recoveryMilliseconds: undefined,
  missed: [`the run failed: ${error instanceof Error ? error.stack : String(error)}`],
});

await main();
