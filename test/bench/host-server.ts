import { startBenchGate } from '../rigs/bench-gate.ts';

/** Run as a process of its own: a gate to put load on. Prints where it is, ends on SIGTERM. */
const gate = await startBenchGate();
process.stdout.write(`${JSON.stringify({ baseUrl: gate.host.baseUrl, shop: gate.shop })}\n`);
process.once('SIGTERM', () => void gate.close().then(() => process.exit(0)));
