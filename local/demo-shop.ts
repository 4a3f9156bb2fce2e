import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { logIn } from './admin-client.ts';
import type { Host } from './host.ts';

/** The demo shop as it is told to the person who started the gate. */
export interface DemoShop {
  readonly shopId: string;
  readonly url: string;
  /** Only at the start that created it. */
  readonly apiKey?: string;
}

const ATTEMPTS = 10;
const PAUSE_MILLISECONDS = 500;
const SEEDING_USER = 'local-start';
const DEMO_URL = 'https://shop.example.com';

/** Creates the demo shop once per data directory, through the admin API like any administrator; its key is kept nowhere. */
export async function seedDemoShop(dataDirectory: string | undefined, host: Host): Promise<DemoShop> {
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, 'demo-shop.json');
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoShop;
  const { shopId, apiKey } = readCreated(await createShop(host));
  if (file !== undefined) writeAtomically(file, JSON.stringify({ shopId, url: DEMO_URL }));
  return { shopId, url: DEMO_URL, apiKey };
}

/** As a user made for this one call: the demo administrator's key may have been handed out already, and is not ours to use. */
async function createShop({ baseUrl, aws: { users }, adminGroupName }: Host): Promise<unknown> {
  if (users.list().some(({ userName }) => userName === SEEDING_USER)) users.remove(SEEDING_USER);
  users.create(SEEDING_USER);
  users.addToGroup(SEEDING_USER, adminGroupName);
  try {
    const accessKey = users.createAccessKey(SEEDING_USER);
    return await patiently(async () => {
      const callAdminApi = await logIn(baseUrl, { userName: SEEDING_USER, ...accessKey });
      return callAdminApi('POST', '/shops', { url: DEMO_URL });
    });
  } finally {
    users.remove(SEEDING_USER);
  }
}

/** A machine that is busy with something else may miss the functions' times a few times. */
async function patiently<Value>(seed: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await seed();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await setTimeout(PAUSE_MILLISECONDS);
    }
  }
}

function readCreated(answer: unknown): { shopId: string; apiKey: string } {
  if (answer !== null && typeof answer === 'object' && 'shopId' in answer && 'apiKey' in answer) {
    if (typeof answer.shopId === 'string' && typeof answer.apiKey === 'string')
      return { shopId: answer.shopId, apiKey: answer.apiKey };
  }
  throw new Error('the demo shop could not be created');
}

function writeAtomically(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
