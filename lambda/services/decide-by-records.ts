import type { RecordReading } from './record-cache.ts';

export const readingTo = (purpose: RecordReading['purpose']): RecordReading => ({
  purpose,
  ageMilliseconds: -1,
  usedStandIn: false,
});

export interface RefusalRules<Verdict> {
  readonly refuses: (verdict: Verdict) => boolean;
  /** Whether no change could turn a refusal by a record within its life into an allowed call. Default: no. */
  readonly areFinal?: boolean;
}

/**
 * Decides by cached records (contract §4.3). An allowed call may rest on a record past its life while the store fails. A refusal never does, nor
 * on one that was in memory already, since what a call presents may have been made after that was loaded: it is decided again by the records as
 * they are now. Rejects as loading them does.
 */
export async function decideByRecords<Verdict>(
  decide: (reading: RecordReading) => Promise<Verdict>,
  { refuses, areFinal = false }: RefusalRules<Verdict>,
): Promise<Verdict> {
  const reading = readingTo('decide');
  const verdict = await decide(reading);
  const mayBeOutdated = reading.usedStandIn || (!areFinal && reading.ageMilliseconds >= 0);
  return mayBeOutdated && refuses(verdict) ? decide(readingTo('refuse')) : verdict;
}
