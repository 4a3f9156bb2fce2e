import type { SealingKeys } from '../core/jwe.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { Shop, ShopKey } from '../core/shop.ts';
import { DependencyError, type RingReferenceStore, type RingReferences, type ShopStore } from '../ports.ts';
import { changeShop } from './change-shop.ts';
import { eachPage } from './ring-references.ts';
import { resealShopKey } from './shop-key-sealing.ts';

export interface Resealing {
  readonly shops: ShopStore;
  readonly references: RingReferenceStore;
  readonly keys: SealingKeys;
  readonly deployment: string;
  readonly hasTime: () => boolean;
}

type Outcome = 'resealed' | 'gone' | 'unopenable';

const PARALLEL_SHOPS = 16;
/** An administrator may change a shop between our read and our write; nobody does so this often. */
const ATTEMPTS = 5;

/** Seals every shop's keys with the newest ring key, sixteen shops at a time; those that are so already cost nothing but their page. */
export async function resealShops(
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
    if (!resealing.hasTime()) throw new DependencyError('the time is up before all is sealed anew: run it again');
    if ((await resealing.shops.read(shopId)).kind === 'corrupt') return 'unopenable';
    const changed = await changeShop(resealing.shops, shopId, (shop) => resealKeys(shop, resealing));
    if (changed.ok) return 'resealed';
    if (changed.reason === 'shop_not_found') return 'gone';
    if (changed.reason === 'unopenable') return 'unopenable';
  }
  throw new DependencyError('a shop changes all the time: run it again');
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
