import { limits } from '#contract/limits.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { digestOf, isSecretId, newSecretId } from '../crypto/secret-id.ts';
import { decideByRecords, type RecordReading } from '../platform/record-cache.ts';
import { found } from '../platform/stored.ts';
import { allowsPage } from '../service-keys/key-pages.ts';
import type { Revocations } from './revocations.ts';
import { openCredential, type SecuritySealing, sealCredential } from './security-sealing.ts';
import { type AnalyticsSession, hasExpired, type TempToken, type TempTokenStore } from './security-token.ts';

export interface AnalyticsSessions {
  readonly sealing: SecuritySealing;
  readonly revocations: Revocations;
}

/** How a session is sent: in a cookie that scripts cannot read, or as a bearer value for browsers that block the cookie. */
export type SessionMode = 'cookie' | 'token';

/** A session as it was sent. */
export interface PresentedSession {
  readonly mode: SessionMode;
  readonly text: string;
  /** Every value of the Origin header. */
  readonly origins: readonly string[];
}

export type SessionRefused =
  | { readonly ok: false; readonly reason: 'no_session' }
  /** The key that the session was created with, and the refused origins. */
  | {
      readonly ok: false;
      readonly reason: 'origin_not_allowed';
      readonly keyId: string;
      readonly origins: readonly string[];
    };

/** A live session, and its renewed text if this use renewed it. */
export interface LiveSession {
  readonly session: AnalyticsSession;
  readonly renewed?: string;
}

export type SessionUse = { readonly ok: true; readonly value: LiveSession } | SessionRefused;

const SEALED_AS = { cookie: 'session-cookie', token: 'session-token' } as const;

/**
 * The live session of a call; a use shortly before its end renews it, up to its latest end. Source: contract §5.3. Throws `DependencyError`
 * when that cannot be determined. A cookie always needs an allowed Origin; a bearer value may be sent without one.
 */
export const useSession = (
  presented: PresentedSession,
  sessions: AnalyticsSessions,
  nowSeconds: number,
): Promise<SessionUse> =>
  decideByRecords((reading) => useSessionByRecords(presented, sessions, nowSeconds, reading), {
    refuses: ({ ok }) => !ok,
    areFinal: true,
  });

/** The same as a part of a decision based on records. */
export async function useSessionByRecords(
  { mode, text, origins }: PresentedSession,
  sessions: AnalyticsSessions,
  nowSeconds: number,
  reading: RecordReading,
): Promise<SessionUse> {
  const opened = await openCredential(text, [SEALED_AS[mode]], sessions.sealing);
  return opened === undefined
    ? refusal('no_session')
    : useOpenedSession(opened.content, { mode, origins }, sessions, nowSeconds, reading);
}

/** The same for a session that is already opened. */
export async function useOpenedSession(
  session: AnalyticsSession,
  { mode, origins }: Pick<PresentedSession, 'mode' | 'origins'>,
  { sealing, revocations }: AnalyticsSessions,
  nowSeconds: number,
  reading: RecordReading,
): Promise<SessionUse> {
  if (hasExpired(session, nowSeconds)) return refusal('no_session');
  const key = await revocations.keyOf(session, reading);
  if (key === undefined) return refusal('no_session');
  const without = mode === 'token' && origins.length === 0;
  if (!without && !allowsPage(key, origins))
    return { ok: false, reason: 'origin_not_allowed', keyId: key.keyId, origins };
  const renewed = renewedAt(session, nowSeconds);
  if (renewed === undefined) return success({ session });
  const text = await sealCredential(SEALED_AS[mode], renewed, sealing, nowSeconds);
  return success({ session: renewed, renewed: text });
}

function renewedAt(session: AnalyticsSession, nowSeconds: number): AnalyticsSession | undefined {
  const expiresAt = Math.min(nowSeconds + limits.sessionIdleSeconds, session.endsAt);
  const isDue = session.expiresAt - nowSeconds < limits.sessionRenewSeconds && expiresAt > session.expiresAt;
  return isDue ? { ...session, expiresAt } : undefined;
}

export interface Exchange extends AnalyticsSessions {
  readonly tempTokens: Pick<TempTokenStore, 'read' | 'useOnce'>;
}

/** Creates the session of a temp token: once, even if several requests try at the same time. Throws `DependencyError`. */
export const exchangeTempToken = (
  presented: PresentedSession,
  exchange: Exchange,
  nowSeconds: number,
): Promise<Exchanged> =>
  decideByRecords((reading) => exchangeByRecords(presented, exchange, nowSeconds, reading), {
    refuses: ({ ok }) => !ok,
    areFinal: true,
  });

type Exchanged =
  | Result<{ readonly text: string; readonly session: AnalyticsSession }, 'invalid_temp_token'>
  | { readonly ok: false; readonly reason: 'origin_not_allowed'; readonly origins: readonly string[] };

async function exchangeByRecords(
  { text, mode, origins }: PresentedSession,
  { tempTokens, sealing, revocations }: Exchange,
  nowSeconds: number,
  reading: RecordReading,
): Promise<Exchanged> {
  const hash = isSecretId(text) ? digestOf(text) : undefined;
  const token = hash === undefined ? undefined : found(await tempTokens.read(hash));
  if (hash === undefined || token === undefined || hasExpired(token, nowSeconds)) return refusal('invalid_temp_token');
  const key = await revocations.keyOf(token, reading);
  if (key === undefined) return refusal('invalid_temp_token');
  // Before it is used up: a caller that sends it from elsewhere must not be able to use up the token of the right page.
  if (!allowsPage(key, origins)) return { ok: false, reason: 'origin_not_allowed', origins };
  const session = sessionOf(token, nowSeconds);
  const sealed = await sealCredential(SEALED_AS[mode], session, sealing, nowSeconds);
  if (!(await tempTokens.useOnce(hash))) return refusal('invalid_temp_token');
  return success({ text: sealed, session });
}

const sessionOf = ({ sessionEndsAt: endsAt, ...token }: TempToken, nowSeconds: number): AnalyticsSession => ({
  ...token,
  sessionId: newSecretId(),
  expiresAt: Math.min(nowSeconds + limits.sessionIdleSeconds, endsAt),
  endsAt,
});
