import { limits } from '#contract/limits.ts';
import type { SealingKeys } from '../crypto/jwe.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { DependencyError } from '../platform/stored.ts';
import { deriveSealingKeys, type RingVersionStore } from '../ring/ring.ts';
import type { RingRotation } from '../ring/rotate-ring.ts';
import { changeShop } from './change-shop.ts';
import type { Shop, ShopKey, ShopStore } from './shop.ts';
import { resealShopKey, SHOP_KEY_PURPOSE } from './shop-key-sealing.ts';

/** The references of a shop record to the ring, even if the rest of the record is invalid. */
export interface RingReferences {
  readonly shopId: string;
  /** The ring key that each sealed value names; undefined for an unreadable one. */
  readonly ringKeyIds: readonly (string | undefined)[];
}

export interface RingReferenceStore {
  /** A page of all shop records, as they are now, and the cursor of the next page. Throws `DependencyError`. */
  page(after: string | undefined): Promise<{ readonly shops: readonly RingReferences[]; readonly next?: string }>;
}

/** All shop records, page by page. */
async function* eachPage(store: RingReferenceStore): AsyncGenerator<readonly RingReferences[]> {
  let after: string | undefined;
  do {
    const { shops, next } = await store.page(after);
    yield shops;
    after = next;
  } while (after !== undefined);
}

/** The ring keys that stored values refer to; undefined if a record cannot be read. */
export async function ringReferences(store: RingReferenceStore): Promise<ReadonlySet<string> | undefined> {
  const referenced = new Set<string>();
  for await (const shops of eachPage(store)) {
    for (const id of shops.flatMap(({ ringKeyIds }) => ringKeyIds)) {
      if (id === undefined) return undefined;
      referenced.add(id);
    }
  }
  return referenced;
}

export interface Resealing {
  readonly shops: ShopStore;
  readonly references: RingReferenceStore;
  readonly keys: SealingKeys;
  readonly deployment: string;
  readonly hasTime: () => boolean;
}

type Outcome = 'resealed' | 'gone' | 'unopenable';

const PARALLEL_SHOPS = 16;

/** An administrator may change a shop between our read and our write, but not this often. */
const ATTEMPTS = 5;

/**
 * Seals every shop's keys with the newest ring key, sixteen shops at a time. Shops that are already sealed with it cost
 * only their page.
 */
async function resealShops(
  resealing: Resealing,
): Promise<{ readonly resealed: number; readonly unopenable: readonly string[] }> {
  const outcomes = new Map<string, Outcome>();
  for await (const page of eachPage(resealing.references)) {
    const queue = page.filter((shop) => isOutdated(shop, resealing.keys)).values();
    const work = async (): Promise<void> => {
      for (const { shopId } of queue) outcomes.set(shopId, await resealShop(shopId, resealing));
    };
    await Promise.all(Array.from({ length: PARALLEL_SHOPS }, work));
  }
  const shopsWith = (wanted: Outcome): string[] =>
    [...outcomes].filter(([, outcome]) => outcome === wanted).map(([shopId]) => shopId);
  return { resealed: shopsWith('resealed').length, unopenable: shopsWith('unopenable') };
}

const isOutdated = ({ ringKeyIds }: RingReferences, { sealWith }: SealingKeys): boolean =>
  ringKeyIds.some((id) => id !== sealWith);

async function resealShop(shopId: string, resealing: Resealing): Promise<Outcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (!resealing.hasTime())
      throw new DependencyError('the time ran out before all shops were resealed: run it again');
    if ((await resealing.shops.read(shopId)).kind === 'corrupt') return 'unopenable';
    const changed = await changeShop(resealing.shops, shopId, (shop) => resealKeys(shop, resealing));
    if (changed.ok) return 'resealed';
    if (changed.reason === 'shop_not_found') return 'gone';
    if (changed.reason === 'unopenable') return 'unopenable';
  }
  throw new DependencyError('a shop keeps changing: run it again');
}

function resealKeys(shop: Shop, { keys, deployment }: Resealing): Result<Shop, 'unopenable'> {
  const resealed: ShopKey[] = [];
  for (const key of shop.keys) {
    const sealed = resealShopKey(key, keys, { deployment, shopId: shop.shopId, keyId: key.keyId });
    if (!sealed.ok) return refusal('unopenable');
    resealed.push({ ...key, sealed: sealed.value });
  }
  return success({ ...shop, keys: resealed });
}

export interface SealingRing {
  readonly ring: RingVersionStore;
  readonly shops: ShopStore;
  readonly references: RingReferenceStore;
  readonly deployment: string;
}

/** How the ring that seals shop keys, security tokens and sessions is rotated. */
export const sealingRotation = ({ ring, shops, references, deployment }: SealingRing): RingRotation => ({
  ring,
  referenced: () => ringReferences(references),
  keptSeconds: limits.ringKeyKeptSeconds,
  settledSeconds: limits.ringSettledSeconds,
  reseal: async (current, { hasTime, letReadersRefresh }) => {
    const referenced = await ringReferences(references);
    if (referenced === undefined || [...referenced].some((id) => id !== current.sealWith)) await letReadersRefresh();
    const keys = deriveSealingKeys(current, SHOP_KEY_PURPOSE, deployment);
    return resealShops({ shops, references, deployment, keys, hasTime });
  },
});
