import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '#local/host.ts';
import { writeAtomically } from '#local/write-atomically.ts';
import { type AskAdmin, asSeedingUser } from './seeding.ts';

/** An IAM user of the local gate. */
export interface DemoUser {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface DemoUsers {
  readonly admin: DemoUser & { readonly group: string };
  /** Proven, but not in the group. */
  readonly outsider: DemoUser;
}

/** The demo shop and keys of a stage that may have them. */
export interface DemoKeys {
  readonly shop: { readonly shopId: string; readonly url: string; readonly apiKey: string };
  readonly analytics: { readonly keyId: string; readonly allowedOrigins: readonly string[]; readonly apiKey: string };
  readonly dataRouter: { readonly keyId: string; readonly apiKey: string };
}

const SHOP_URL = 'https://shop.example.com';
/** A portal, and a page on the developer's own machine. */
const PORTAL_ORIGINS = ['https://portal.example.com', 'http://localhost:3000'];

type Seeds = { readonly [Name in keyof DemoKeys]: (ask: AskAdmin) => Promise<DemoKeys[Name]> };

const SEEDS: Seeds = {
  shop: async (ask) => {
    const { shopId, apiKey = '' } = await ask('create-shop', { url: SHOP_URL });
    return { shopId, url: SHOP_URL, apiKey };
  },
  analytics: async (ask) => {
    const allowedOrigins = PORTAL_ORIGINS;
    const { keyId, apiKey } = await ask('add-service-key', { purpose: 'analytics', label: 'demo', allowedOrigins });
    return { keyId, allowedOrigins, apiKey };
  },
  dataRouter: async (ask) => {
    const { keyId, apiKey } = await ask('add-service-key', { purpose: 'data-router', label: 'demo' });
    return { keyId, apiKey };
  },
};

/**
 * The test keys of a local gate, by stage: kept in `test-keys.json` of the data directory, which only its owner can read, so that each start
 * and `widget-gate local keys` can show them.
 */
export class TestKeys {
  readonly #file: string | undefined;
  readonly #stage: string;
  readonly #stages: Record<string, Record<string, unknown>>;

  /** Without a data directory they are kept in memory. */
  constructor(dataDirectory: string | undefined, stage: string) {
    this.#file = dataDirectory === undefined ? undefined : join(dataDirectory, 'test-keys.json');
    this.#stage = stage;
    const isThere = this.#file !== undefined && existsSync(this.#file);
    this.#stages = isThere ? JSON.parse(readFileSync(this.#file as string, 'utf8')) : {};
  }

  get(name: string): unknown {
    return this.#stages[this.#stage]?.[name];
  }

  keep(name: string, value: object): void {
    this.#stages[this.#stage] = { ...this.#stages[this.#stage], [name]: value };
    if (this.#file !== undefined) writeAtomically(this.#file, JSON.stringify(this.#stages));
  }
}

/** Makes the demo shop and keys, each once per data directory and stage, through the admin API like any administrator. */
export async function seedDemoKeys(keys: TestKeys, host: Host): Promise<DemoKeys> {
  const isMissing = (name: string): boolean => keys.get(name) === undefined;
  if (Object.keys(SEEDS).some(isMissing))
    await asSeedingUser(host, async (ask) => {
      for (const [name, make] of Object.entries(SEEDS)) if (isMissing(name)) keys.keep(name, await make(ask));
    });
  return Object.fromEntries(Object.keys(SEEDS).map((name) => [name, keys.get(name)])) as unknown as DemoKeys;
}

/** An administrator and a user who is not one, created once per data directory and stage. */
export function seedDemoUsers(keys: TestKeys, { aws: { users }, groupName: group }: Host): DemoUsers {
  const seed = (name: string, userName: string, isAdministrator: boolean): DemoUser => {
    const exists = users.list().some((user) => user.userName === userName);
    const kept = keys.get(name) as DemoUser | undefined;
    if (exists && kept !== undefined) return kept;
    if (!exists) users.create(userName);
    if (isAdministrator) users.addToGroup(userName, group);
    const user = { userName, ...users.createAccessKey(userName) };
    keys.keep(name, user);
    return user;
  };
  return { admin: { ...seed('admin', 'demo-admin', true), group }, outsider: seed('outsider', 'demo-outsider', false) };
}
