import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBenchGate } from '../rigs/bench-gate.ts';
import { assertionRows } from './assertions.ts';
import { awsCallRows } from './aws-calls.ts';
import { coldStartRows } from './cold-start.ts';
import { costRows } from './cost.ts';
import { forwardingRows } from './forwarding.ts';
import { growthRows } from './growth.ts';
import { handlerRows } from './handler.ts';
import { isolationRows } from './isolation.ts';
import { pageRows } from './pages.ts';
import { printTable, type Row } from './report.ts';
import { sealingRows } from './sealing.ts';
import { throughputRows } from './throughput.ts';
import { tokenRows } from './tokens.ts';

/** `npm run bench`: every goal as a ratio or a count of one run, as a table and as bench.json. Ends with 1 when one was missed. */
async function main(): Promise<void> {
  const rows: Row[] = [...(await tokenRows()), ...(await assertionRows()), ...(await sealingRows())];
  const gate = await startBenchGate();
  rows.push(
    ...(await handlerRows(gate)),
    ...(await coldStartRows(gate)),
    ...(await awsCallRows(gate)),
    ...(await costRows(gate)),
  );
  await gate.close();
  rows.push(
    ...(await throughputRows()),
    ...(await forwardingRows()),
    ...(await growthRows()),
    ...(await pageRows()),
    ...(await isolationRows()),
  );
  printTable(rows);
  const file = join(import.meta.dirname, '../../bench.json');
  writeFileSync(file, `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`);
  process.exitCode = rows.some(({ reached }) => reached === false) ? 1 : 0;
}

await main();
