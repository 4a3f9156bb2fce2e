import { serverKeyIn } from '../core/api-key.ts';
import { bearerOf } from '../core/bearer.ts';
import { hasExpired } from '../core/security-token.ts';
import { type AnalyticsDecision, unauthorizedFor } from './analytics-decision.ts';
import {
  type AnalyticsSessions,
  type SessionMode,
  type SessionUse,
  useOpenedSession,
  useSessionByRecords,
} from './analytics-sessions.ts';
import { authorizeByDevKey, authorizeByKey, type KeyCall } from './authorize-by-key.ts';
import { decideByRecords } from './decide-by-records.ts';
import type { RecordReading } from './record-cache.ts';
import { openCredential } from './security-sealing.ts';
import type { ServiceKeyLookup } from './service-key-lookup.ts';

/** What of an analytics call decides about it; every header value as it was sent. */
export interface AnalyticsCall extends KeyCall {
  readonly authorizations: readonly string[];
  readonly sessionCookies: readonly string[];
  /** Whether the header is there that no foreign page can send without asking first. */
  readonly hasRequestedWith: boolean;
}

export interface AnalyticsAuthorization extends AnalyticsSessions {
  readonly lookup: ServiceKeyLookup;
  /** Whether dev keys work in this stage. */
  readonly devKeys: boolean;
}

/**
 * Decides on one analytics call (contract §5.2). Exactly one credential decides, the first of: Authorization, X-API-Key, session cookie. One
 * that is there and not valid ends the matter: a stale cookie never stands in for a bad token, nor the other way round. Throws
 * `DependencyError` when it can't be told.
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
  // Whatever a caller says of the app must agree with what the credential is for.
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
  // Two cookies of the name are nobody's: one of them was put there by somebody else.
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
  // Servers send this header, too: one that mistakes its key for a token has leaked nothing.
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
    return used.reason === 'no_session' ? unauthorizedFor(used.reason) : { outcome: used.reason, keyId: used.keyId };
  const { session, renewed } = used.value;
  const { issuedAt: _issuedAt, sessionId: _sessionId, endsAt: _endsAt, ...identity } = session;
  return {
    outcome: 'allowed',
    kind: 'session',
    ...identity,
    ...(renewed !== undefined && { renewed, renewedAs: mode }),
  };
}
