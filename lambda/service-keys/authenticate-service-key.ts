import { limits } from '#contract/limits.ts';
import { type KeyEnvironment, matchesDigest, parseApiKey } from '../crypto/api-key.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { decideByRecords, RecordCache, type RecordReading } from '../platform/record-cache.ts';
import { misplacedKey, type PresentedKeys } from '../platform/server-call.ts';
import { type Clock, found, type Random, type Stored } from '../platform/stored.ts';
import { isCredential } from '../shops/shop.ts';
import {
  type KeyUseStore,
  type ServiceKey,
  type ServiceKeyPurpose,
  type ServiceKeyStore,
  serviceKeyKinds,
} from './service-key.ts';

/** Records the use of service keys, once per hour and container, so that administrators see unused ones. */
export class KeyUse {
  readonly #store: Pick<KeyUseStore, 'note'>;
  readonly #onFailure: (error: unknown) => void;
  readonly #noted = new Map<string, number>();

  /** A failed record is reported to `onFailure`, and fails no call. */
  constructor(store: Pick<KeyUseStore, 'note'>, onFailure: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  /** Only for a key that proved valid: there are few of those, so this map is bounded. */
  async note(keyId: string, nowSeconds: number): Promise<void> {
    const usedAt = nowSeconds - (nowSeconds % limits.keyUseGrainSeconds);
    if (this.#noted.get(keyId) === usedAt) return;
    this.#noted.set(keyId, usedAt);
    await this.#store.note(keyId, usedAt).catch(this.#onFailure);
  }
}

/** Service keys by key id, and the record of their use. */
export interface ServiceKeyLookup {
  readonly keys: RecordCache<Stored<ServiceKey>>;
  readonly keyEnvironment: KeyEnvironment;
  readonly use: Pick<KeyUse, 'note'>;
}

export interface ServiceKeyCacheOptions {
  readonly store: Pick<ServiceKeyStore, 'read'>;
  readonly now: Clock;
  readonly random: Random;
}

/** Service keys cached like shops (contract §8): one read finds a key, and its end is effective within the published bound. */
export const createServiceKeyCache = ({
  store,
  now,
  random,
}: ServiceKeyCacheOptions): RecordCache<Stored<ServiceKey>> =>
  new RecordCache({
    load: (keyId) => store.read(keyId),
    freshSeconds: () => limits.shopCacheSeconds,
    staleSeconds: (stored) => (stored.kind === 'found' ? limits.shopStaleSeconds : 0),
    maxEntries: limits.shopCacheEntries,
    now,
    random,
  });

export type ServiceKeyRefused =
  | { readonly ok: false; readonly reason: 'invalid_api_key' }
  /** Names the leaked key, so that it can be rotated. */
  | { readonly ok: false; readonly reason: 'api_key_in_browser'; readonly keyId: string };

/**
 * The live key of this purpose that was sent, from any origin. Throws `DependencyError` when its record cannot be read or is corrupt.
 * Shape, checksum and kind are checked first, so that a flood of junk costs no read.
 */
export async function findServiceKey(
  apiKeys: readonly string[],
  purpose: ServiceKeyPurpose,
  { keys, keyEnvironment }: ServiceKeyLookup,
  nowSeconds: number,
  reading: RecordReading,
): Promise<Result<ServiceKey, 'invalid_api_key'>> {
  const [text = ''] = apiKeys;
  const parsed = parseApiKey(text);
  if (apiKeys.length !== 1 || !parsed.ok) return refusal('invalid_api_key');
  const { kind, environment, keyId } = parsed.value;
  if (kind !== serviceKeyKinds[purpose] || environment !== keyEnvironment) return refusal('invalid_api_key');
  const key = found(await keys.get(keyId, reading));
  if (!matchesDigest(text, key?.sha256) || key?.purpose !== purpose) return refusal('invalid_api_key');
  return isCredential(key, nowSeconds) ? success(key) : refusal('invalid_api_key');
}

type AuthenticatedServer = { readonly ok: true; readonly value: ServiceKey } | ServiceKeyRefused;

/** Authenticates a server by its key. Throws `DependencyError` when its record cannot be read or is corrupt. */
export const authenticateServiceKey = (
  call: PresentedKeys,
  purpose: ServiceKeyPurpose,
  lookup: ServiceKeyLookup,
  nowSeconds: number,
): Promise<AuthenticatedServer> =>
  decideByRecords((reading) => findServerByKey(call, purpose, lookup, nowSeconds, reading), {
    refuses: ({ ok }) => !ok,
    areFinal: true,
  });

/** Like `findServiceKey`, but refuses a key that a browser sends, and records its use. */
export async function findServerByKey(
  call: PresentedKeys,
  purpose: ServiceKeyPurpose,
  lookup: ServiceKeyLookup,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AuthenticatedServer> {
  const found = await findServiceKey(call.apiKeys, purpose, lookup, nowSeconds, reading);
  if (!found.ok) {
    const misplaced = misplacedKey(call, { kind: serviceKeyKinds[purpose], environment: lookup.keyEnvironment });
    return misplaced === undefined ? found : { ok: false, reason: 'api_key_in_browser', keyId: misplaced.keyId };
  }
  if (call.fromBrowser) return { ok: false, reason: 'api_key_in_browser', keyId: found.value.keyId };
  await lookup.use.note(found.value.keyId, nowSeconds);
  return found;
}
