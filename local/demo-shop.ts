import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The demo shop as it is told to the person who started the gate. */
export interface DemoShop {
  readonly shopId: string;
  readonly url: string;
  /** Only at the start that created it. */
  readonly apiKey?: string;
}

type InvokeShopAdmin = (request: object) => Promise<unknown>;

const DEMO_URL = 'https://shop.example.com';

/** Creates the demo shop once per data directory, through the deployed function like any operator; its key is kept nowhere. */
export async function seedDemoShop(
  dataDirectory: string | undefined,
  invokeShopAdmin: InvokeShopAdmin,
): Promise<DemoShop> {
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, 'demo-shop.json');
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoShop;
  const { shopId, apiKey } = readCreated(await invokeShopAdmin({ action: 'create-shop', url: DEMO_URL }));
  if (file !== undefined) writeAtomically(file, JSON.stringify({ shopId, url: DEMO_URL }));
  return { shopId, url: DEMO_URL, apiKey };
}

function readCreated(answer: unknown): { shopId: string; apiKey: string } {
  if (answer !== null && typeof answer === 'object' && 'shopId' in answer && 'apiKey' in answer) {
    if (typeof answer.shopId === 'string' && typeof answer.apiKey === 'string')
      return { shopId: answer.shopId, apiKey: answer.apiKey };
  }
  const reason =
    answer !== null && typeof answer === 'object' && 'reason' in answer ? String(answer.reason) : 'no answer';
  throw new Error(`the demo shop could not be created: ${reason}`);
}

function writeAtomically(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
