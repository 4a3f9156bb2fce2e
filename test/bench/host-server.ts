import { environment } from '#contract/environment.ts';
import { startBenchGate } from '../rigs/bench-gate.ts';

/** Run as a process of its own: a gate to put load on, before the upstream of its argument if it has one. Prints where it is, ends on SIGTERM. */
const [, , upstream] = process.argv;
const gate = await startBenchGate(upstream === undefined ? {} : { [environment.upstreamUrl]: upstream });
process.stdout.write(`${JSON.stringify({ baseUrl: gate.host.baseUrl, shop: gate.shop })}\n`);
process.once('SIGTERM', () => void gate.close().then(() => process.exit(0)));
