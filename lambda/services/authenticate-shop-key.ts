import { type ApiKey, type KeyEnvironment, matchesDigest, parseApiKey } from '../core/api-key.ts';
import { refusal, success } from '../core/result.ts';
import { isCredential, type Shop } from '../core/shop.ts';
import { DependencyError, type KeyRecord, type Stored } from '../ports.ts';
import { decideByRecords } from './decide-by-records.ts';
import { misplacedKey, type PresentedKeys } from './misplaced-key.ts';
import type { RecordCache, RecordReading } from './record-cache.ts';

export interface ShopKeyCall extends PresentedKeys {
  readonly shopIdInPath: string;
}

export interface ShopKeyLookup {
  readonly keys: RecordCache<Stored<KeyRecord>>;
  readonly shops: RecordCache<Stored<Shop>>;
  readonly keyEnvironment: KeyEnvironment;
}

export type ShopKeyRefusal =
  | { readonly ok: false; readonly reason: 'invalid_api_key' }
  /** The shop whose key it is. */
  | { readonly ok: false; readonly reason: 'wrong_shop'; readonly shopId: string }
  /** Names what has leaked, so that it can be rotated; with the shop if the key proved valid. */
  | { readonly ok: false; readonly reason: 'api_key_in_browser'; readonly shopId?: string; readonly keyId: string };

export type AuthenticatedShop =
  | { readonly ok: true; readonly value: { readonly shop: Shop; readonly apiKey: ApiKey } }
  | ShopKeyRefusal;

/** Authenticates a shop by its API key. Throws `DependencyError` when a record can't be read or is corrupt. */
export const authenticateShopKey = (
  call: ShopKeyCall,
  lookup: ShopKeyLookup,
  nowSeconds: number,
): Promise<AuthenticatedShop> =>
  decideByRecords((reading) => findShopByKey(call, lookup, nowSeconds, reading), { refuses: ({ ok }) => !ok });

/**
 * The shop whose live key was sent, for a part of a decision by records. An unknown shop in the path is never looked up: without a live key the
 * answer is 401, with another shop's key 403, whether it exists or not.
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

function found<Value>(stored: Stored<Value>): Value | undefined {
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  return stored.kind === 'found' ? stored.value : undefined;
}
