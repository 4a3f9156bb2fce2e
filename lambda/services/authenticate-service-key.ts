import { matchesDigest, parseApiKey } from '../core/api-key.ts';
import { type Result, refusal, success } from '../core/result.ts';
import { type ServiceKey, type ServiceKeyPurpose, serviceKeyKinds } from '../core/service-key.ts';
import { isCredential } from '../core/shop.ts';
import { DependencyError } from '../ports.ts';
import { decideByRecords } from './decide-by-records.ts';
import { misplacedKey, type PresentedKeys } from './misplaced-key.ts';
import type { RecordReading } from './record-cache.ts';
import type { ServiceKeyLookup } from './service-key-lookup.ts';

export type ServiceKeyRefused =
  | { readonly ok: false; readonly reason: 'invalid_api_key' }
  /** Names what has leaked, for whoever must rotate it. */
  | { readonly ok: false; readonly reason: 'api_key_in_browser'; readonly keyId: string };

/**
 * The live key of this purpose that was sent, wherever it was sent from. Throws `DependencyError` when its record can't be read or is corrupt.
 * Shape, checksum and kind come first, so that a flood of junk costs no read.
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
  const stored = await keys.get(keyId, reading);
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  const key = stored.kind === 'found' ? stored.value : undefined;
  if (!matchesDigest(text, key?.sha256) || key?.purpose !== purpose) return refusal('invalid_api_key');
  return isCredential(key, nowSeconds) ? success(key) : refusal('invalid_api_key');
}

type AuthenticatedServer = { readonly ok: true; readonly value: ServiceKey } | ServiceKeyRefused;

/** Authenticates a server by its key. Throws `DependencyError` when its record can't be read or is corrupt. */
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

/** As `findServiceKey`, but a browser must never hold the key, and its use is noted. */
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
