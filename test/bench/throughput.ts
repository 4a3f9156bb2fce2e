import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import jsonwebtoken from 'jsonwebtoken';
import { callHttp } from '../support/http.ts';
import { median } from './interleave.ts';
import { information, type Row, valueAtMost } from './report.ts';

const CONNECTIONS = 32;
const ROUNDS = 3;
const ROUND_SECONDS = 4;
const MAX_RSS_MEGABYTES = 400;

interface Server {
  readonly baseUrl: string;
  readonly shop: { readonly shopId: string; readonly apiKey: string };
  readonly child: ChildProcess;
}

function startServer(script: string, ...args: string[]): Promise<Server> {
  const child = spawn(process.execPath, ['--max-semi-space-size=8', join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    child.stdout.once('data', (line: Buffer) =>
      resolve({ ...(JSON.parse(line.toString()) as Omit<Server, 'child'>), child }),
    );
  });
}

interface Load {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: Record<string, string>;
}

/** Answers with status 2xx per second; throws when there was any other. */
async function putLoadOn({ url, method = 'GET', headers }: Load): Promise<number> {
  const result = await autocannon({ url, method, headers, connections: CONNECTIONS, duration: ROUND_SECONDS });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} other answers, ${result.errors} errors`);
  return result['2xx'] / result.duration;
}

const rssMegabytes = ({ child }: Server): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;

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
  const { json } = await callHttp(gate.baseUrl, {
    method: 'POST',
    path: issuePath,
    headers: [['X-Shop-API-Key', gate.shop.apiKey]],
  });
  const jwt = jsonwebtoken.sign({ sub: gate.shop.shopId }, gate.shop.apiKey, { expiresIn: 86_400 });
  const origin = { Origin: 'https://shop.example.com' };
  const samples = { session: [] as number[], express: [] as number[], issue: [] as number[] };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const session = {
        url: `${gate.baseUrl}/api/widget/session`,
        headers: { ...origin, 'X-Widget-Token': String(json.token) },
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
      valueAtMost('9', 'local host’s memory after the load (RSS)', rssMegabytes(gate), MAX_RSS_MEGABYTES, ' MB'),
    ];
  } finally {
    gate.child.kill('SIGTERM');
    express.child.kill('SIGTERM');
  }
}
