import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallAdminApi } from './admin-client.ts';
import { asSeedingUser } from './demo-seeding.ts';
import type { Host } from './host.ts';
import { writeAtomically } from './write-atomically.ts';

/** What a person who started the gate is told to try it with. The API keys only at the start that made them: they are kept nowhere. */
export interface DemoCredentials {
  readonly shop: { readonly shopId: string; readonly url: string; readonly apiKey?: string };
  readonly analytics: { readonly keyId: string; readonly allowedOrigins: readonly string[]; readonly apiKey?: string };
  readonly dataRouter: { readonly keyId: string; readonly apiKey?: string };
}

const SHOP_URL = 'https://shop.example.com';
/** A portal, and a page on the developer's own machine. */
const PORTAL_ORIGINS = ['https://portal.example.com', 'http://localhost:3000'];

type Seeds = { readonly [Name in keyof DemoCredentials]: (ask: CallAdminApi) => Promise<DemoCredentials[Name]> };

const SEEDS: Seeds = {
  shop: async (ask) => {
    const { shopId, apiKey } = await ask('POST', '/shops', { url: SHOP_URL });
    return { shopId: text(shopId), url: SHOP_URL, apiKey: text(apiKey) };
  },
  analytics: async (ask) => {
    const allowedOrigins = PORTAL_ORIGINS;
    const made = await ask('POST', '/service-keys', { purpose: 'analytics', label: 'demo', allowedOrigins });
    return { keyId: text(made.keyId), allowedOrigins, apiKey: text(made.apiKey) };
  },
  dataRouter: async (ask) => {
    const made = await ask('POST', '/service-keys', { purpose: 'data-router', label: 'demo' });
    return { keyId: text(made.keyId), apiKey: text(made.apiKey) };
  },
};

/** Makes the demo shop and keys, each once per data directory, through the admin API like any administrator. */
export async function seedDemoCredentials(dataDirectory: string | undefined, host: Host): Promise<DemoCredentials> {
  const known = new Map<string, unknown>();
  for (const name of Object.keys(SEEDS)) {
    const file = fileOf(dataDirectory, name);
    if (file !== undefined && existsSync(file)) known.set(name, JSON.parse(readFileSync(file, 'utf8')));
  }
  const missing = Object.entries(SEEDS).filter(([name]) => !known.has(name));
  if (missing.length > 0) {
    await asSeedingUser(host, async (ask) => {
      for (const [name, make] of missing) {
        if (known.has(name)) continue;
        const { apiKey, ...rest } = await make(ask);
        known.set(name, { ...rest, apiKey });
        const file = fileOf(dataDirectory, name);
        if (file !== undefined) writeAtomically(file, JSON.stringify(rest));
      }
    });
  }
  return Object.fromEntries(known) as unknown as DemoCredentials;
}

const fileOf = (dataDirectory: string | undefined, name: string): string | undefined =>
  dataDirectory === undefined ? undefined : join(dataDirectory, `demo-${name}.json`);

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error('the demo credentials could not be created');
}
