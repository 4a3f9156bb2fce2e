import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { callHttp } from '../support/http.ts';

export const CONNECTIONS = 32;
const ROUND_SECONDS = 4;

export interface Server {
  readonly baseUrl: string;
  readonly shop: { readonly shopId: string; readonly apiKey: string };
  readonly child: ChildProcess;
}

/** A server of this folder in a process of its own. */
export function startServer(script: string, ...args: string[]): Promise<Server> {
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

/** A widget token of the server's shop. */
export async function tokenOf({ baseUrl, shop }: Server): Promise<string> {
  const path = `/api/shops/${shop.shopId}/widget-token`;
  const { json } = await callHttp(baseUrl, { method: 'POST', path, headers: [['X-Shop-API-Key', shop.apiKey]] });
  return String(json.token);
}

interface Load {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  /** @default as many as come in a round */
  readonly calls?: number;
}

/** Answers with status 2xx per second; throws when there was any other. */
export async function putLoadOn({ url, method = 'GET', headers, calls }: Load): Promise<number> {
  const extent = calls === undefined ? { duration: ROUND_SECONDS } : { amount: calls };
  const result = await autocannon({ url, method, headers, connections: CONNECTIONS, ...extent });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} other answers, ${result.errors} errors`);
  return result['2xx'] / result.duration;
}

export const rssMegabytes = ({ child }: Server): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
