import { isForApp, type ServiceKey } from '../core/service-key.ts';
import { isSubjectId } from '../core/subject-id.ts';
import { type AnalyticsDecision, unauthorizedFor } from './analytics-decision.ts';
import { findServerByKey, findServiceKey } from './authenticate-service-key.ts';
import { allowsDevPage } from './key-pages.ts';
import type { PresentedKeys } from './misplaced-key.ts';
import type { RecordReading } from './record-cache.ts';
import type { ServiceKeyLookup } from './service-key-lookup.ts';

/** A call with a key, and the ids that the caller states beside it, every value as it was sent. */
export interface KeyCall extends PresentedKeys {
  readonly origins: readonly string[];
  readonly stated: StatedIds;
}

export interface StatedIds {
  readonly userId: readonly string[];
  readonly appId: readonly string[];
  readonly clientId: readonly string[];
}

type Ids = { readonly userId?: string; readonly appId?: string; readonly clientId?: string };

/** A server's own call. It may say for whom it calls; a key for certain apps must say for which one. */
export async function authorizeByKey(
  call: KeyCall,
  lookup: ServiceKeyLookup,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AnalyticsDecision> {
  const authenticated = await findServerByKey(call, 'analytics', lookup, nowSeconds, reading);
  if (!authenticated.ok)
    return authenticated.reason === 'invalid_api_key'
      ? unauthorizedFor(authenticated.reason)
      : { outcome: authenticated.reason, keyId: authenticated.keyId };
  const ids = readIds(call.stated);
  return ids === undefined ? unauthorizedFor('ids_malformed') : forApp(authenticated.value, 'analytics-key', ids);
}

/** A developer's call from a page under development (contract §5.4): with a user and an app, or not at all. */
export async function authorizeByDevKey(
  call: KeyCall,
  lookup: ServiceKeyLookup,
  devKeys: boolean,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AnalyticsDecision> {
  if (!devKeys) return unauthorizedFor('dev_keys_disabled');
  const found = await findServiceKey(call.apiKeys, 'dev', lookup, nowSeconds, reading);
  if (!found.ok) return unauthorizedFor(found.reason);
  if (!allowsDevPage(found.value, call.origins)) return unauthorizedFor('dev_page_not_allowed');
  const ids = readIds(call.stated);
  if (ids?.userId === undefined || ids.appId === undefined) return unauthorizedFor('dev_ids_missing');
  await lookup.use.note(found.value.keyId, nowSeconds);
  return forApp(found.value, 'dev-key', ids);
}

function forApp(key: ServiceKey, kind: 'analytics-key' | 'dev-key', ids: Ids): AnalyticsDecision {
  const { keyId, appIds, credentialUntil: expiresAt } = key;
  const isForeign = ids.appId === undefined ? appIds !== undefined : !isForApp(key, ids.appId);
  if (isForeign) return { outcome: 'wrong_app', keyId };
  return { outcome: 'allowed', kind, keyId, ...ids, ...(expiresAt !== undefined && { expiresAt }) };
}

/** Each id that is stated, once; undefined when one is stated twice or has no such form. */
function readIds(stated: StatedIds): Ids | undefined {
  const entries = Object.entries(stated).filter(([, values]) => values.length > 0) as [string, readonly string[]][];
  const sound = entries.every(([, values]) => new Set(values).size === 1 && isSubjectId(values[0] as string));
  return sound ? Object.fromEntries(entries.map(([name, values]) => [name, values[0] as string])) : undefined;
}
