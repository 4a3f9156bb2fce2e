import { limits } from '../contract/limits.ts';
import { type Result, refusal, success } from '../core/result.ts';
import { digestOf, isSecretId, newSecretId } from '../core/secret-id.ts';
import { type AnalyticsSession, hasExpired, type TempToken } from '../core/security-token.ts';
import { DependencyError, type TempTokenStore } from '../ports.ts';
import { type AnalyticsSessions, type PresentedSession, SEALED_AS } from './analytics-sessions.ts';
import { decideByRecords } from './decide-by-records.ts';
import { allowsPage } from './key-pages.ts';
import type { RecordReading } from './record-cache.ts';
import { sealCredential } from './security-sealing.ts';

export interface Exchange extends AnalyticsSessions {
  readonly tempTokens: Pick<TempTokenStore, 'read' | 'useOnce'>;
}

/** Begins the session that a temp token stands for: once, however many try at the same time. Throws `DependencyError`. */
export const exchangeTempToken = (
  presented: PresentedSession,
  exchange: Exchange,
  nowSeconds: number,
): Promise<Exchanged> =>
  decideByRecords((reading) => exchangeByRecords(presented, exchange, nowSeconds, reading), {
    refuses: ({ ok }) => !ok,
    areFinal: true,
  });

type Exchanged = Result<
  { readonly text: string; readonly session: AnalyticsSession },
  'invalid_temp_token' | 'origin_not_allowed'
>;

async function exchangeByRecords(
  { text, mode, origins }: PresentedSession,
  { tempTokens, sealing, revocations }: Exchange,
  nowSeconds: number,
  reading: RecordReading,
): Promise<Exchanged> {
  const hash = isSecretId(text) ? digestOf(text) : undefined;
  const stored = hash === undefined ? undefined : await tempTokens.read(hash);
  if (stored?.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  if (hash === undefined || stored?.kind !== 'found' || hasExpired(stored.value, nowSeconds))
    return refusal('invalid_temp_token');
  const key = await revocations.keyOf(stored.value, reading);
  if (key === undefined) return refusal('invalid_temp_token');
  // Before it is used up: whoever sends it from elsewhere must not be able to take it from the page that it is for.
  if (!allowsPage(key, origins)) return refusal('origin_not_allowed');
  const session = sessionOf(stored.value, nowSeconds);
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
