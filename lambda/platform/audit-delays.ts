import type { FunctionName } from '#contract/functions.ts';
import { type LogFields, log } from './log.ts';
import { DecisionCounters } from './metrics.ts';

/** Counts, and logs, that an entry could not be copied to the audit trail yet. */
export function auditDelays(functionName: FunctionName): (fields: Omit<LogFields, 'event'>) => void {
  const counters = new DecisionCounters(functionName);
  return (fields) => {
    counters.count('audit_delayed');
    log('error', { event: 'audit_delayed', ...fields });
  };
}
