import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONNECTIONS, putLoadOn, rssMegabytes, startServer, tokenOf } from './host-load.ts';
import { median } from './interleave.ts';
import { information, type Row, valueAtMost } from './report.ts';

const ROUNDS = 3;
const LARGE_BYTES = 1_000_000;
/** Until then pools and heaps have the size that the load needs. */
const CALLS_BEFORE = 2_000;
const LARGE_CALLS = 10_000;

/** What forwarding costs on the local host beside a call that the gate itself answers, and whether large bodies leave anything behind. */
export async function forwardingRows(): Promise<Row[]> {
  const large = Buffer.alloc(LARGE_BYTES, 'a');
  const upstream = createServer((request, response) => {
    request.resume();
    response.setHeader('Content-Type', 'application/json').end(request.url === '/large' ? large : '{"hits":[1,2,3]}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const gate = await startServer('host-server.ts', `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  try {
    const headers = { Origin: 'https://shop.example.com', 'X-Widget-Token': await tokenOf(gate) };
    const rateOf = (path: string, calls?: number): Promise<number> =>
      putLoadOn({ url: `${gate.baseUrl}/api/widget/${path}`, headers, ...(calls !== undefined && { calls }) });
    const [forwarded, own]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      own.push(await rateOf('session'));
      forwarded.push(await rateOf('search'));
    }
    await rateOf('large', CALLS_BEFORE);
    const before = rssMegabytes(gate);
    const rate = await rateOf('large', LARGE_CALLS);
    const growth = rssMegabytes(gate) / before;
    const [each, beside] = [median(forwarded), median(own)];
    return [
      information(
        '13',
        `forwarded call, ${CONNECTIONS} connections; its time ÷ that of /api/widget/session`,
        `${each.toFixed(0)}/s; ${(beside / each).toFixed(2)}×`,
      ),
      information('13', 'forwarded body of 1 MB', `${rate.toFixed(0)}/s`),
      valueAtMost('13', `memory after ${LARGE_CALLS} forwarded bodies of 1 MB ÷ before them (RSS)`, growth, 1.1, '×'),
    ];
  } finally {
    gate.child.kill('SIGTERM');
    upstream.closeAllConnections();
    upstream.close();
  }
}
