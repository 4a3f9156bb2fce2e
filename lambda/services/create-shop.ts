import { limits } from '../contract/limits.ts';
import { digestApiKey, generateApiKey, type KeyEnvironment } from '../core/api-key.ts';
import { checkOrigin, type OriginRefusal, originsOfShopUrl } from '../core/origin.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { Shop } from '../core/shop.ts';
import { generateShopId, shopIdFrom } from '../core/shop-id.ts';
import { DependencyError, type KeyStore, type ShopStore } from '../ports.ts';
import { type AuditRecording, copyToTrail, entryOfChange } from './audit-recording.ts';
import type { RingKeeper } from './ring-keeper.ts';
import { sealShopKey } from './shop-key-sealing.ts';

export interface NewShop {
  readonly url: string;
  /** Store only the URL's own origin, not its `www.` sibling. */
  readonly exact: boolean;
  readonly origins: readonly string[];
  readonly requireOrigin: boolean;
  /** The same token again, from the same administrator, means the same shop: nothing is created twice. */
  readonly clientToken?: string;
}

export interface ShopCreation {
  readonly shopStore: ShopStore;
  readonly keyStore: KeyStore;
  readonly ring: RingKeeper;
  readonly deployment: string;
  readonly keyEnvironment: KeyEnvironment;
}

/** A created shop with its first API key, which is shown this once: when the request is repeated it is gone. */
export interface CreatedShop {
  readonly shop: Shop;
  readonly apiKey?: string;
}

/**
 * Creates a shop. The key record is written first: if the shop record then fails, what is left is a key of no shop, which opens nothing.
 * Throws `DependencyError` when a write fails.
 */
export async function createShop(
  request: NewShop,
  { shopStore, keyStore, ring, deployment, keyEnvironment }: ShopCreation,
  nowSeconds: number,
  recording?: AuditRecording,
): Promise<Result<CreatedShop, OriginRefusal | 'too_many_origins' | 'id_taken'>> {
  const origins = registerOrigins(request, keyEnvironment === 'live');
  if (!origins.ok) return origins;
  const shopId = shopIdOf(request, deployment, recording);
  const earlier = await earlierShop(request, shopId, shopStore);
  if (earlier !== undefined) return earlier;
  const { keyId, text } = generateApiKey('sk', keyEnvironment);
  const sealed = sealShopKey(text, await ring.newestKeys(), { deployment, shopId, keyId });
  const shop: Shop = {
    shopId,
    version: 1,
    url: request.url,
    origins: origins.value,
    requireOrigin: request.requireOrigin,
    disabled: false,
    issuingPaused: false,
    tokensNotBefore: 0,
    keys: [{ keyId, sealed, createdAt: nowSeconds }],
    createdAt: nowSeconds,
  };
  const record = { keyId, kind: 'sk', owner: shopId, sha256: digestApiKey(text), createdAt: nowSeconds } as const;
  const entry = recording && JSON.stringify(entryOfChange(undefined, shop, recording));
  const recorded = entry === undefined ? shop : { ...shop, lastAudit: entry };
  const created = (await keyStore.create(record)) && (await shopStore.create(recorded));
  // Somebody with the same token was faster: theirs is the answer to both.
  if (!created) return (await earlierShop(request, shopId, shopStore)) ?? refusal('id_taken');
  if (recording) await copyToTrail(entry, recording);
  return success({ shop: recorded, apiKey: text });
}

/** What a client token made before; the same token for something else is refused. */
async function earlierShop(
  { clientToken, url, requireOrigin, origins }: NewShop,
  shopId: string,
  shopStore: ShopStore,
): Promise<Result<CreatedShop, 'id_taken'> | undefined> {
  const stored = clientToken === undefined ? undefined : await shopStore.read(shopId);
  if (stored?.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  if (stored?.kind !== 'found') return undefined;
  const { value: shop } = stored;
  const isSame = shop.url === url && shop.requireOrigin === requireOrigin;
  return isSame && origins.every((origin) => shop.origins.includes(origin)) ? success({ shop }) : refusal('id_taken');
}

const shopIdOf = ({ clientToken }: NewShop, deployment: string, recording: AuditRecording | undefined): string =>
  clientToken === undefined
    ? generateShopId()
    : shopIdFrom(JSON.stringify([deployment, recording?.actor.userId, clientToken]));

function registerOrigins(request: NewShop, production: boolean): Result<string[], OriginRefusal | 'too_many_origins'> {
  const own = originsOfShopUrl(request.url, request.exact, { production });
  if (!own.ok) return own;
  const all = new Set(own.value);
  for (const origin of request.origins) {
    const checked = checkOrigin(origin, { production });
    if (!checked.ok) return checked;
    all.add(checked.value);
  }
  return all.size > limits.maxOriginsPerShop ? refusal('too_many_origins') : success([...all]);
}
