import jsonwebtoken from 'jsonwebtoken';
import { CONNECTIONS, putLoadOn, rssMegabytes, startServer, tokenOf } from './host-load.ts';
import { median } from './interleave.ts';
import { information, type Row, valueAtMost } from './report.ts';

const ROUNDS = 3;
const MAX_RSS_MEGABYTES = 400;

const atLeastPerSecond = (row: string, measured: string, value: number, bound: number): Row => ({
  row,
  measured,
  result: `${value.toFixed(0)}/s`,
  reach: `≥ ${bound}/s`,
  reached: value >= bound,
});

/** Row 9: the whole local host over HTTP, in turns with an express server; the load generator shares the machine. */
export async function throughputRows(): Promise<Row[]> {
  const gate = await startServer('host-server.ts');
  const express = await startServer('express-server.ts', gate.shop.apiKey);
  const issuePath = `/api/shops/${gate.shop.shopId}/widget-token`;
  const token = await tokenOf(gate);
  const jwt = jsonwebtoken.sign({ sub: gate.shop.shopId }, gate.shop.apiKey, { expiresIn: 86_400 });
  const origin = { Origin: 'https://shop.example.com' };
  const samples = { session: [] as number[], express: [] as number[], issue: [] as number[] };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const session = {
        url: `${gate.baseUrl}/api/widget/session`,
        headers: { ...origin, 'X-Widget-Token': token },
      };
      samples.session.push(await putLoadOn(session));
      samples.express.push(
        await putLoadOn({
          url: `${express.baseUrl}/api/widget/session`,
          headers: { ...origin, 'X-Widget-Token': jwt },
        }),
      );
      samples.issue.push(
        await putLoadOn({
          url: gate.baseUrl + issuePath,
          method: 'POST',
          headers: { 'X-Shop-API-Key': gate.shop.apiKey },
        }),
      );
    }
    const [session, hand] = [median(samples.session), median(samples.express)];
    return [
      atLeastPerSecond('9', `local host, /api/widget/session, ${CONNECTIONS} connections`, session, 3_000),
      information(
        '9',
        'express + jsonwebtoken on the same machine; local host ÷ express',
        `${hand.toFixed(0)}/s; ${(session / hand).toFixed(2)}×`,
      ),
      atLeastPerSecond('9', `local host, token issue, ${CONNECTIONS} connections`, median(samples.issue), 300),
      valueAtMost('9', "local host's memory after the load (RSS)", rssMegabytes(gate), MAX_RSS_MEGABYTES, ' MB'),
    ];
  } finally {
    gate.child.kill('SIGTERM');
    express.child.kill('SIGTERM');
  }
}
