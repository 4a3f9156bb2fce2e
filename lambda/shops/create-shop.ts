import type { RegistrationNotes } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { withEntry } from '../audit/outbox.ts';
import { type AuditRecording, copyToTrail } from '../audit/recording.ts';
import { digestApiKey, generateApiKey, type KeyEnvironment } from '../crypto/api-key.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { digestOf } from '../crypto/secret-id.ts';
import { found } from '../platform/stored.ts';
import type { RingKeeper } from '../ring/ring-keeper.ts';
import { entryOfChange } from './change-shop.ts';
import { type OriginRefusal, originsOfShopUrl, readShopUrl } from './origin.ts';
import { checkMember, type Normalized, notesOn, registerOrigins } from './registration.ts';
import type { KeyStore, Shop, ShopStore } from './shop.ts';
import { generateShopId, shopIdFrom } from './shop-id.ts';
import { sealShopKey } from './shop-key-sealing.ts';

export interface NewShop {
  readonly name?: string;
  readonly url: string;
  /** Store only the URL's own origin, not its `www.` sibling. */
  readonly exact: boolean;
  readonly origins: readonly string[];
  /** Whether `origins` may include those that all apps of a kind share. */
  readonly app: boolean;
  readonly requireOrigin: boolean;
  /** A second request of the same administrator with the same token means the same shop: nothing is created twice. */
  readonly clientToken?: string;
}

export interface ShopCreation {
  readonly shopStore: ShopStore;
  readonly keyStore: KeyStore;
  readonly ring: RingKeeper;
  readonly deployment: string;
  readonly keyEnvironment: KeyEnvironment;
}

/** A created shop with its first API key. The key is returned only this once, not when the request is repeated. */
export interface CreatedShop {
  readonly shop: Shop;
  readonly apiKey?: string;
  readonly notes: RegistrationNotes;
}

type CreationRefusal = OriginRefusal | 'too_many_origins' | 'client_token_reused' | 'id_taken';

/**
 * Creates a shop. The key record is written first: if the shop record then fails, the remaining key belongs to no shop and opens nothing.
 * Throws `DependencyError` when a write fails.
 */
export async function createShop(
  request: NewShop,
  { shopStore, keyStore, ring, deployment, keyEnvironment }: ShopCreation,
  nowSeconds: number,
  recording?: AuditRecording,
): Promise<Result<CreatedShop, CreationRefusal>> {
  const registered = register(request, keyEnvironment === 'live');
  if (!registered.ok) return registered;
  const { url, origins, notes } = registered.value;
  const shopId = shopIdOf(request, deployment, recording);
  const requestSha256 = digestOfRequest(request, registered.value);
  const earlier = await earlierShop(request, { shopId, requestSha256, ...registered.value }, shopStore);
  if (earlier !== undefined) return earlier;
  const { keyId, text } = generateApiKey('sk', keyEnvironment);
  const sealed = sealShopKey(text, await ring.newestKeys(), { deployment, shopId, keyId });
  const shop: Shop = {
    shopId,
    version: 1,
    ...(request.name !== undefined && { name: request.name }),
    url,
    origins,
    requireOrigin: request.requireOrigin,
    disabled: false,
    issuingPaused: false,
    tokensNotBefore: 0,
    keys: [{ keyId, sealed, createdAt: nowSeconds }],
    createdAt: nowSeconds,
    ...(request.clientToken !== undefined && { requestSha256 }),
  };
  const record = { keyId, kind: 'sk', owner: shopId, sha256: digestApiKey(text), createdAt: nowSeconds } as const;
  const audited = recording && withEntry(undefined, entryOfChange(undefined, shop, recording));
  const recorded = { ...shop, ...audited };
  const created = (await keyStore.create(record)) && (await shopStore.create(recorded));
  // Another request with the same token was faster: both get its result.
  if (!created)
    return (
      (await earlierShop(request, { shopId, requestSha256, ...registered.value }, shopStore)) ?? refusal('id_taken')
    );
  if (recording) await copyToTrail({ kind: 'shop', id: shopId, ...audited }, recording);
  return success({ shop: recorded, apiKey: text, notes });
}

/** The addresses of a request in their stored form. */
interface Registered {
  readonly url: string;
  readonly origins: readonly string[];
  /** The origins in addition to the URL. */
  readonly more: readonly string[];
  readonly notes: RegistrationNotes;
}

interface Wanted extends Registered {
  readonly shopId: string;
  readonly requestSha256: string;
}

/** The shop that a client token created before; the same token for another request is refused. */
async function earlierShop(
  { clientToken, name, requireOrigin }: NewShop,
  { shopId, requestSha256, url, origins, notes }: Wanted,
  shopStore: ShopStore,
): Promise<Result<CreatedShop, 'client_token_reused'> | undefined> {
  const shop = clientToken === undefined ? undefined : found(await shopStore.read(shopId));
  if (shop === undefined) return undefined;
  // A record of an earlier release has no digest: its current values are the best available approximation of its request.
  const isSame =
    shop.requestSha256 === undefined
      ? describe(shop.name, shop.url, shop.requireOrigin, shop.origins) === describe(name, url, requireOrigin, origins)
      : shop.requestSha256 === requestSha256;
  return isSame ? success({ shop, notes }) : refusal('client_token_reused');
}

const describe = (name: string | undefined, url: string, requireOrigin: boolean, origins: readonly string[]): string =>
  JSON.stringify([name, url, requireOrigin, [...origins].sort()]);

/** All values of the request, in one spelling. */
const digestOfRequest = ({ name, exact, app, requireOrigin }: NewShop, { url, more }: Registered): string =>
  digestOf(JSON.stringify({ name, url, exact, app, requireOrigin, more: [...more].sort() }));

const shopIdOf = ({ clientToken }: NewShop, deployment: string, recording: AuditRecording | undefined): string =>
  clientToken === undefined
    ? generateShopId()
    : shopIdFrom(JSON.stringify([deployment, recording?.actor.userId, clientToken]));

function register(
  { url: given, exact, origins, app }: NewShop,
  production: boolean,
): Result<Registered, OriginRefusal | 'too_many_origins'> {
  const url = readShopUrl(given, { production });
  if (!url.ok) return refusal(url.reason, checkMember('url'));
  const more = registerOrigins('origins', origins, { production, app });
  if (!more.ok) return more;
  const all = [...new Set([...originsOfShopUrl(url.value, exact, { production }), ...more.value.origins])];
  if (all.length > limits.maxOriginsPerShop) return refusal('too_many_origins');
  const read: Normalized[] = [{ given, stored: url.value }, ...more.value.read];
  return success({ url: url.value, origins: all, more: more.value.origins, notes: notesOn(read, app) });
}
