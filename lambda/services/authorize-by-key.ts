import { headers } from '../contract/headers.ts';
import { isForApp, type ServiceKey } from '../core/service-key.ts';
import { isSubjectId } from '../core/subject-id.ts';
import { type AnalyticsDecision, type IdsRefused, unauthorizedFor } from './analytics-decision.ts';
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
  const { value: key } = authenticated;
  const malformed = findMalformed(call.stated);
  if (malformed !== undefined) return idsRefused('ids_malformed', key, malformed);
  return forApp(key, 'analytics-key', idsOf(call.stated));
}

/** A developer's call from a page under development (contract §5.4): it states a user and an app. */
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
  const missing = (['userId', 'appId'] as const).find((name) => call.stated[name].every((value) => value === ''));
  if (missing !== undefined) return idsRefused('dev_ids_missing', found.value, missing);
  const malformed = findMalformed(call.stated);
  if (malformed !== undefined) return idsRefused('ids_malformed', found.value, malformed);
  await lookup.use.note(found.value.keyId, nowSeconds);
  return forApp(found.value, 'dev-key', idsOf(call.stated));
}

const idsRefused = (outcome: IdsRefused['outcome'], { keyId }: ServiceKey, id: keyof StatedIds): IdsRefused => ({
  outcome,
  keyId,
  header: headers[id],
});

function forApp(key: ServiceKey, kind: 'analytics-key' | 'dev-key', ids: Ids): AnalyticsDecision {
  const { keyId, appIds, credentialUntil: expiresAt } = key;
  const isForeign = ids.appId === undefined ? appIds !== undefined : !isForApp(key, ids.appId);
  if (isForeign) return { outcome: 'wrong_app', keyId };
  return { outcome: 'allowed', kind, keyId, ...ids, ...(expiresAt !== undefined && { expiresAt }) };
}

/** The first id that is stated with two values, or has not the form of one. */
const findMalformed = (stated: StatedIds): keyof StatedIds | undefined =>
  (['userId', 'appId', 'clientId'] as const).find(
    (name) => stated[name].length > 0 && !(new Set(stated[name]).size === 1 && isSubjectId(stated[name][0] as string)),
  );

const idsOf = (stated: StatedIds): Ids =>
  Object.fromEntries(Object.entries(stated).flatMap(([name, [value]]) => (value === undefined ? [] : [[name, value]])));
