import { digestApiKey, generateApiKey } from '#lambda/crypto/api-key.ts';
import type { SealingKeys } from '#lambda/crypto/jwe.ts';
import { DependencyError, type Stored } from '#lambda/platform/stored.ts';
import { deriveSealingKeys, parseRing, type Ring, type RingStore } from '#lambda/ring/ring.ts';
import type { KeyRecord, KeyStore, Shop, ShopKey, ShopStore, StoredShopPage } from '#lambda/shops/shop.ts';
import { SHOP_KEY_PURPOSE, sealShopKey } from '#lambda/shops/shop-key-sealing.ts';

export const DEPLOYMENT = 'widget-gate:000000000000:dev';

export const ringText = (keys: Record<string, string>, sealWith = 'rk_1'): string =>
  JSON.stringify({ version: 1, sealWith, ...keys });
export const RING_TEXT = ringText({ rk_1: 'r'.repeat(64) });

/** What a keeper of the ring derives for a purpose. */
export const sealingKeysFor =
  (purpose: string, deployment = DEPLOYMENT) =>
  (ring: Ring): SealingKeys =>
    deriveSealingKeys(ring, purpose, deployment);

/** A store in memory whose reads can be counted, failed and held. */
export class MemoryStore<Value> {
  readonly records = new Map<string, Stored<Value>>();
  reads = 0;
  failing = false;
  gate: Promise<void> = Promise.resolve();

  async read(key: string): Promise<Stored<Value>> {
    this.reads += 1;
    await this.gate;
    if (this.failing) throw new DependencyError('the store is down');
    return this.records.get(key) ?? { kind: 'absent' };
  }

  put(key: string, value: Value): void {
    this.records.set(key, { kind: 'found', value });
  }

  protected async add(key: string, value: Value): Promise<boolean> {
    if (this.failing) throw new DependencyError('the store is down');
    if (this.records.has(key)) return false;
    this.put(key, value);
    return true;
  }
}

export class MemoryShopStore extends MemoryStore<Shop> implements ShopStore {
  create = (shop: Shop): Promise<boolean> => this.add(shop.shopId, shop);

  replace = async (shop: Shop): Promise<boolean> => {
    if (this.failing) throw new DependencyError('the store is down');
    const stored = this.records.get(shop.shopId);
    if (stored?.kind !== 'found' || stored.value.version !== shop.version - 1) return false;
    this.put(shop.shopId, shop);
    return true;
  };

  delete = async ({ shopId, version }: Shop): Promise<boolean> => {
    if (this.failing) throw new DependencyError('the store is down');
    const stored = this.records.get(shopId);
    if (stored?.kind === 'found' && stored.value.version !== version) return false;
    this.records.delete(shopId);
    return true;
  };

  list = async (limit: number, after = ''): Promise<StoredShopPage> => {
    if (this.failing) throw new DependencyError('the store is down');
    const ids = [...this.records.keys()].sort().filter((shopId) => shopId > after);
    const page = ids.slice(0, limit);
    const shops = page.map((shopId) => ({ shopId, stored: this.records.get(shopId) ?? { kind: 'absent' as const } }));
    const last = page.at(-1);
    return { shops, ...(last !== undefined && ids.length > limit && { after: last }) };
  };
}

export class MemoryKeyStore extends MemoryStore<KeyRecord> implements KeyStore {
  create = (record: KeyRecord): Promise<boolean> => this.add(record.keyId, record);
}

export class MemoryRingStore implements RingStore {
  text = RING_TEXT;
  reads = 0;
  failing = false;

  async read(): Promise<string> {
    this.reads += 1;
    if (this.failing) throw new DependencyError('the ring is out of reach');
    return this.text;
  }
}

export function sealingKeysOf(text = RING_TEXT): ReturnType<typeof deriveSealingKeys> {
  const ring = parseRing(text);
  if (!ring.ok) throw new Error(ring.reason);
  return deriveSealingKeys(ring.value, SHOP_KEY_PURPOSE, DEPLOYMENT);
}

export interface TestShop {
  readonly shop: Shop;
  readonly apiKey: string;
  readonly keyRecord: KeyRecord;
}

/** A shop with one sealed key, as the create service would store it. */
export function testShop(
  shopId = 'shop_one',
  changes: Partial<Shop> = {},
  life: Partial<ShopKey> = {},
  ring = RING_TEXT,
): TestShop {
  const { keyId, text } = generateApiKey('sk', 'test');
  const sealed = sealShopKey(text, sealingKeysOf(ring), { deployment: DEPLOYMENT, shopId, keyId });
  const shop: Shop = {
    shopId,
    version: 1,
    url: 'https://shop.example.com',
    origins: ['https://shop.example.com'],
    requireOrigin: false,
    disabled: false,
    issuingPaused: false,
    tokensNotBefore: 0,
    keys: [{ keyId, sealed, createdAt: 1_000, ...life }],
    createdAt: 1_000,
    ...changes,
  };
  return {
    shop,
    apiKey: text,
    keyRecord: { keyId, kind: 'sk', owner: shopId, sha256: digestApiKey(text), createdAt: 1_000 },
  };
}
