import { readFileSync } from 'node:fs';

/** A process's resident memory in whole megabytes, as Linux reports it. */
export const residentMegabytes = (processId: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1] ?? 0) / 1_024);
