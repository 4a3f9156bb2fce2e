import type { APIGatewayProxyEvent } from 'aws-lambda';
import { limits } from '#contract/limits.ts';
import { type ApiKey, type KeyEnvironment, matchesDigest, parseApiKey } from '../crypto/api-key.ts';
import { refusal, success } from '../crypto/result.ts';
import { decideByRecords, RecordCache, type RecordReading } from '../platform/record-cache.ts';
import type { MultiValueHeaders } from '../platform/request.ts';
import { misplacedKey, type PresentedKeys, presentedKeys } from '../platform/server-call.ts';
import { type Clock, found, type Random, type Stored } from '../platform/stored.ts';
import { isCredential, type KeyRecord, type KeyStore, type Shop, type ShopStore } from './shop.ts';

export interface ShopKeyLookupOptions {
  readonly keyStore: KeyStore;
  readonly shopStore: ShopStore;
  readonly keyEnvironment: KeyEnvironment;
  readonly now: Clock;
  readonly random: Random;
}

/** Key and shop records for authenticating shops, cached as contract §8 states. */
export function createShopKeyLookup({
  keyStore,
  shopStore,
  keyEnvironment,
  now,
  random,
}: ShopKeyLookupOptions): ShopKeyLookup {
  const cacheOf = <Value>(load: (key: string) => Promise<Stored<Value>>): RecordCache<Stored<Value>> =>
    new RecordCache({
      load,
      freshSeconds: () => limits.shopCacheSeconds,
      staleSeconds: (stored) => (stored.kind === 'found' ? limits.shopStaleSeconds : 0),
      maxEntries: limits.shopCacheEntries,
      now,
      random,
    });
  return {
    keys: cacheOf((keyId) => keyStore.read(keyId)),
    shops: cacheOf((shopId) => shopStore.read(shopId)),
    keyEnvironment,
  };
}

export interface ShopKeyCall extends PresentedKeys {
  readonly shopIdInPath: string;
}

/** The parts of a request that authenticate a shop. */
export const shopKeyCall = ({ multiValueHeaders, pathParameters }: APIGatewayProxyEvent): ShopKeyCall => ({
  ...presentedKeys(multiValueHeaders as MultiValueHeaders, 'x-shop-api-key'),
  shopIdInPath: pathParameters?.shopId ?? '',
});

export interface ShopKeyLookup {
  readonly keys: RecordCache<Stored<KeyRecord>>;
  readonly shops: RecordCache<Stored<Shop>>;
  readonly keyEnvironment: KeyEnvironment;
}

export type ShopKeyRefusal =
  | { readonly ok: false; readonly reason: 'invalid_api_key' }
  /** The shop that owns the key. */
  | { readonly ok: false; readonly reason: 'wrong_shop'; readonly shopId: string }
  /** Names the leaked key, so that it can be rotated; with the shop if the key proved valid. */
  | { readonly ok: false; readonly reason: 'api_key_in_browser'; readonly shopId?: string; readonly keyId: string };

export type AuthenticatedShop =
  | { readonly ok: true; readonly value: { readonly shop: Shop; readonly apiKey: ApiKey } }
  | ShopKeyRefusal;

/** Authenticates a shop by its API key. Throws `DependencyError` when a record cannot be read or is corrupt. */
export const authenticateShopKey = (
  call: ShopKeyCall,
  lookup: ShopKeyLookup,
  nowSeconds: number,
): Promise<AuthenticatedShop> =>
  decideByRecords((reading) => findShopByKey(call, lookup, nowSeconds, reading), { refuses: ({ ok }) => !ok });

/**
 * The shop whose live key was sent, for a part of a decision based on records. An unknown shop in the path is never looked up: without a
 * live key the response is 401, with another shop's key 403, whether the shop exists or not.
 */
export async function findShopByKey(
  call: ShopKeyCall,
  lookup: ShopKeyLookup,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AuthenticatedShop> {
  const proven = await proveShopKey(call, lookup, nowSeconds, reading);
  if (proven.ok || proven.reason !== 'invalid_api_key') return proven;
  const misplaced = misplacedKey(call, { kind: 'sk', environment: lookup.keyEnvironment });
  return misplaced === undefined ? proven : { ok: false, reason: 'api_key_in_browser', keyId: misplaced.keyId };
}

async function proveShopKey(
  call: ShopKeyCall,
  lookup: ShopKeyLookup,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AuthenticatedShop> {
  const apiKey = readApiKey(call.apiKeys, lookup.keyEnvironment);
  if (apiKey === undefined) return refusal('invalid_api_key');
  const record = found(await lookup.keys.get(apiKey.keyId, reading));
  if (!matchesDigest(apiKey.text, record?.sha256) || record?.kind !== 'sk') return refusal('invalid_api_key');
  const shop = found(await lookup.shops.get(record.owner, reading));
  const life = shop?.keys.find((key) => key.keyId === apiKey.keyId);
  // Nobody can state a digest without the key, so a stranger cannot cause this: the key may have been made after the shop was loaded.
  if (life === undefined) reading.foundUnknown = true;
  if (shop === undefined || life === undefined || !isCredential(life, nowSeconds)) return refusal('invalid_api_key');
  const { shopId } = shop;
  if (call.fromBrowser) return { ok: false, reason: 'api_key_in_browser', shopId, keyId: apiKey.keyId };
  return shopId === call.shopIdInPath ? success({ shop, apiKey }) : { ok: false, reason: 'wrong_shop', shopId };
}

function readApiKey(values: readonly string[], environment: KeyEnvironment): ApiKey | undefined {
  const value = values[0];
  if (value === undefined || values.length !== 1) return undefined;
  const parsed = parseApiKey(value);
  return parsed.ok && parsed.value.kind === 'sk' && parsed.value.environment === environment ? parsed.value : undefined;
}
