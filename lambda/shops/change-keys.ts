import { digestApiKey, generateApiKey } from '../crypto/api-key.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { type ChangeOptions, type ChangeRefusal, changeShop } from './change-shop.ts';
import type { ShopCreation } from './create-shop.ts';
import { resetKeys, rotateKey } from './key-life.ts';
import type { Shop, ShopKey } from './shop.ts';
import { sealShopKey } from './shop-key-sealing.ts';

/** A shop with its new API key, which is shown only this once. */
export interface RenewedKey {
  readonly shop: Shop;
  readonly apiKey: string;
}

export interface Rotation {
  readonly overlapSeconds: number;
  readonly force: boolean;
}

type KeyChange<Reason extends string> = (shop: Shop, successor: ShopKey) => Result<Shop, Reason>;

/** Rotates a shop's key: creates a successor now and keeps the old key valid for the overlap. */
export const rotateShopKey = (
  shopId: string,
  rotation: Rotation,
  creation: ShopCreation,
  now: number,
  options?: ChangeOptions,
) => renewKey(shopId, (shop, successor) => rotateKey(shop, successor, now, rotation), creation, now, options);

/** Replaces a shop's keys at once. Everything that they signed becomes invalid. */
export const resetShopKeys = (shopId: string, creation: ShopCreation, now: number, options?: ChangeOptions) =>
  renewKey<never>(shopId, (shop, successor) => success(resetKeys(shop, successor, now)), creation, now, options);

/**
 * The key record is written before the shop record. If the second write fails or loses a race, the remaining key is not listed by its shop,
 * so it opens nothing.
 */
async function renewKey<Reason extends string>(
  shopId: string,
  change: KeyChange<Reason>,
  { shopStore, keyStore, ring, deployment, keyEnvironment }: ShopCreation,
  now: number,
  options: ChangeOptions | undefined,
): Promise<Result<RenewedKey, Reason | ChangeRefusal | 'id_taken'>> {
  const { keyId, text } = generateApiKey('sk', keyEnvironment);
  const changed = await changeShop<Reason | 'id_taken'>(
    shopStore,
    shopId,
    async (shop) => {
      const sealed = sealShopKey(text, await ring.newestKeys(), { deployment, shopId, keyId });
      const next = change(shop, { keyId, sealed, createdAt: now });
      if (!next.ok) return next;
      const record = { keyId, kind: 'sk', owner: shopId, sha256: digestApiKey(text), createdAt: now } as const;
      return (await keyStore.create(record)) ? next : refusal('id_taken');
    },
    options,
  );
  return changed.ok ? success({ shop: changed.value, apiKey: text }) : changed;
}
