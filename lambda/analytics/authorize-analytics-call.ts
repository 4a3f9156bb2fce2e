import type { AnalyticsCredentialKind } from '#contract/context.ts';
import { headers } from '#contract/headers.ts';
import { serverKeyIn } from '../crypto/api-key.ts';
import { bearerOf } from '../crypto/bearer.ts';
import { decideByRecords, type RecordReading } from '../platform/record-cache.ts';
import type { PresentedKeys } from '../platform/server-call.ts';
import { findServerByKey, findServiceKey, type ServiceKeyLookup } from '../service-keys/authenticate-service-key.ts';
import { allowsDevPage } from '../service-keys/key-pages.ts';
import { isForApp, type ServiceKey } from '../service-keys/service-key.ts';
import { openCredential } from './security-sealing.ts';
import { hasExpired, isSubjectId, type SecuritySubject } from './security-token.ts';
import {
  type AnalyticsSessions,
  type SessionMode,
  type SessionUse,
  useOpenedSession,
  useSessionByRecords,
} from './sessions.ts';

/** The caller of an `unauthorized` gets no reason; the other refusals are returned only after a credential proved valid. */
export type AnalyticsDecision =
  | AnalyticsIdentity
  /** The reason is for the audit trail alone. */
  | { readonly outcome: 'unauthorized'; readonly reason: AnalyticsReason; readonly origins?: readonly string[] }
  /** The key is valid, but the ids that its caller sends with it are not: an input error, not a missing right. */
  | IdsRefused
  /** The key that was sent, or that created the token or session. */
  | { readonly outcome: 'wrong_app' | 'api_key_in_browser'; readonly keyId: string }
  | { readonly outcome: 'origin_not_allowed'; readonly keyId: string; readonly origins: readonly string[] };

export interface IdsRefused {
  readonly outcome: 'dev_ids_missing' | 'ids_malformed';
  readonly keyId: string;
  /** The header to correct. */
  readonly header: string;
}

/** The identity for which a call is allowed. */
export interface AnalyticsIdentity extends Partial<SecuritySubject> {
  readonly outcome: 'allowed';
  readonly kind: AnalyticsCredentialKind;
  readonly keyId: string;
  /** Unix seconds; absent: no known end. */
  readonly expiresAt?: number;
  /** The renewed session, if this call renewed it, and how it is sent. */
  readonly renewed?: string;
  readonly renewedAs?: SessionMode;
}

/** Why a credential was not accepted. */
export type AnalyticsReason =
  | 'credential_missing'
  | 'credential_malformed'
  | 'token_expired'
  | 'token_revoked'
  | 'no_session'
  | 'invalid_api_key'
  | 'dev_keys_disabled'
  | 'dev_page_not_allowed';

/** The key and identity that a refusal is recorded under. */
export const whyDenied = (decision: Exclude<AnalyticsDecision, AnalyticsIdentity>): string =>
  'reason' in decision ? decision.reason : decision.outcome;

const unauthorizedFor = (reason: AnalyticsReason): AnalyticsDecision => ({ outcome: 'unauthorized', reason });

/** A call with a key, and the ids that the caller sends with it, every value as it was sent. */
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

/** A server's own call. It may state an identity; with a key for certain apps, it must state one of those apps. */
async function authorizeByKey(
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

/** A developer's call from a page under development (contract §5.4): it must state a user and an app. */
async function authorizeByDevKey(
  call: KeyCall,
  lookup: ServiceKeyLookup,
  devKeys: boolean,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AnalyticsDecision> {
  if (!devKeys) return unauthorizedFor('dev_keys_disabled');
  const found = await findServiceKey(call.apiKeys, 'dev', lookup, nowSeconds, reading);
  if (!found.ok) return unauthorizedFor(found.reason);
  if (!allowsDevPage(found.value, call.origins))
    return { outcome: 'unauthorized', reason: 'dev_page_not_allowed', origins: call.origins };
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

/** The first id that has two values or an invalid form. */
const findMalformed = (stated: StatedIds): keyof StatedIds | undefined =>
  (['userId', 'appId', 'clientId'] as const).find(
    (name) => stated[name].length > 0 && !(new Set(stated[name]).size === 1 && isSubjectId(stated[name][0] as string)),
  );

const idsOf = (stated: StatedIds): Ids =>
  Object.fromEntries(Object.entries(stated).flatMap(([name, [value]]) => (value === undefined ? [] : [[name, value]])));

/** The parts of an analytics call that decide about it, every header value as it was sent. */
export interface AnalyticsCall extends KeyCall {
  readonly authorizations: readonly string[];
  readonly sessionCookies: readonly string[];
  /** Whether the header is present that a page of another site cannot send without a preflight. */
  readonly hasRequestedWith: boolean;
}

export interface AnalyticsAuthorization extends AnalyticsSessions {
  readonly lookup: ServiceKeyLookup;
  /** Whether dev keys are enabled in this stage. */
  readonly devKeys: boolean;
}

/**
 * Decides on one analytics call (contract §5.2). Exactly one credential decides, the first of: Authorization, X-API-Key, session cookie. If
 * it is present but not valid, the call is refused: no other credential replaces it. Throws `DependencyError` when that cannot be
 * determined.
 */
export const authorizeAnalyticsCall = (
  call: AnalyticsCall,
  authorization: AnalyticsAuthorization,
  nowSeconds: number,
): Promise<AnalyticsDecision> =>
  decideByRecords((reading) => authorizeByRecords(call, authorization, nowSeconds, reading), {
    refuses: ({ outcome }) => outcome !== 'allowed',
    areFinal: true,
  });

async function authorizeByRecords(
  call: AnalyticsCall,
  authorization: AnalyticsAuthorization,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AnalyticsDecision> {
  const decided = await decide(call, authorization, nowSeconds, reading);
  if (decided.outcome !== 'allowed') return decided;
  // If the caller states an app, it must be one that the credential is for.
  const isForeign = call.stated.appId.some((appId) => appId !== decided.appId);
  return isForeign ? { outcome: 'wrong_app', keyId: decided.keyId } : decided;
}

async function decide(
  call: AnalyticsCall,
  { lookup, devKeys, ...sessions }: AnalyticsAuthorization,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AnalyticsDecision> {
  if (call.authorizations.length > 0) return authorizeByBearer(call, sessions, nowSeconds, reading);
  if (call.apiKeys[0]?.startsWith('dev_') === true)
    return authorizeByDevKey(call, lookup, devKeys, nowSeconds, reading);
  if (call.apiKeys.length > 0) return authorizeByKey(call, lookup, nowSeconds, reading);
  const { sessionCookies, hasRequestedWith, origins } = call;
  const [text] = sessionCookies;
  if (text === undefined) return unauthorizedFor('credential_missing');
  // Two cookies of this name are treated as none: another party set one of them.
  if (sessionCookies.length !== 1 || !hasRequestedWith) return unauthorizedFor('credential_malformed');
  const presented = { mode: 'cookie', text, origins } as const;
  return decisionOf(await useSessionByRecords(presented, sessions, nowSeconds, reading), 'cookie');
}

async function authorizeByBearer(
  { authorizations, origins, fromBrowser }: AnalyticsCall,
  sessions: AnalyticsSessions,
  nowSeconds: number,
  reading: RecordReading,
): Promise<AnalyticsDecision> {
  // Servers send this header, too. A server that sends its key as a token has not leaked it.
  const leaked = fromBrowser ? serverKeyIn(authorizations) : undefined;
  if (leaked !== undefined) return { outcome: 'api_key_in_browser', keyId: leaked.keyId };
  const text = bearerOf(authorizations);
  if (text === undefined) return unauthorizedFor('credential_malformed');
  const opened = await openCredential(text, ['security-token', 'session-token'], sessions.sealing);
  if (opened === undefined) return unauthorizedFor('credential_malformed');
  if (opened.kind === 'session-token') {
    const used = await useOpenedSession(opened.content, { mode: 'token', origins }, sessions, nowSeconds, reading);
    return decisionOf(used, 'token');
  }
  const { issuedAt: _issuedAt, ...identity } = opened.content;
  if (hasExpired(identity, nowSeconds)) return unauthorizedFor('token_expired');
  const key = await sessions.revocations.keyOf(opened.content, reading);
  return key === undefined
    ? unauthorizedFor('token_revoked')
    : { outcome: 'allowed', kind: 'security-token', ...identity };
}

function decisionOf(used: SessionUse, mode: SessionMode): AnalyticsDecision {
  if (!used.ok)
    return used.reason === 'no_session'
      ? unauthorizedFor(used.reason)
      : { outcome: used.reason, keyId: used.keyId, origins: used.origins };
  const { session, renewed } = used.value;
  const { issuedAt: _issuedAt, sessionId: _sessionId, endsAt: _endsAt, ...identity } = session;
  return {
    outcome: 'allowed',
    kind: 'session',
    ...identity,
    ...(renewed !== undefined && { renewed, renewedAs: mode }),
  };
}
