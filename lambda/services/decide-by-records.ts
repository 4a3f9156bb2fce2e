import { limits } from '../contract/limits.ts';
import type { RecordReading } from './record-cache.ts';

/** For the first pass of a decision: records as they are in memory; stand-ins while the store is known to fail. */
export const readingToDecide = (): RecordReading => ({
  maxAgeMilliseconds: Number.POSITIVE_INFINITY,
  acceptsStandIns: true,
  ageMilliseconds: 0,
  usedStandIn: false,
});

/** For a refusal: records as the store has them now. */
export const readingToRefuse = (): RecordReading => ({
  maxAgeMilliseconds: limits.refusalRecordMilliseconds,
  acceptsStandIns: false,
  ageMilliseconds: 0,
  usedStandIn: false,
});

export interface RefusalRules<Verdict> {
  readonly refuses: (verdict: Verdict) => boolean;
  /**
   * An older record is loaded again before it refuses; infinite where no change could turn its refusal into an allowed call.
   * Default: `limits.refusalRecordMilliseconds`.
   */
  readonly maxAgeMilliseconds?: number;
}

/** For service keys and revocations: nothing that ended or was revoked comes back. */
export const REFUSALS_ARE_FINAL = { maxAgeMilliseconds: Number.POSITIVE_INFINITY };

/**
 * Decides by cached records (contract §4.3). An allowed call may rest on a stand-in while the store fails; a refusal never does, nor on a record
 * that was loaded over a second ago, since what a call presents may have been made after that: it is decided again by the records as they are
 * now. Rejects as loading them does.
 */
export async function decideByRecords<Verdict>(
  decide: (reading: RecordReading) => Promise<Verdict>,
  { refuses, maxAgeMilliseconds = limits.refusalRecordMilliseconds }: RefusalRules<Verdict>,
): Promise<Verdict> {
  const reading = readingToDecide();
  const verdict = await decide(reading);
  const mayBeOutdated = reading.usedStandIn || reading.ageMilliseconds >= maxAgeMilliseconds;
  return mayBeOutdated && refuses(verdict) ? decide(readingToRefuse()) : verdict;
}
