import { type Explanation, explanations } from '../contract/explanations.ts';
import type { AuditEntry } from '../core/audit.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { AuditStore } from '../ports.ts';

/** A refused call, explained. */
export interface ExplainedRequest extends Partial<Explanation> {
  readonly entry: AuditEntry;
}

const DAYS = 7;
const MAX_PAGES = 10;

/**
 * What became of a request that the trail knows by its id: every change does, and of refused calls the first ten of a shop, reason and
 * minute. Looks a week back. Throws `DependencyError` when the trail can't be read.
 */
export async function explainRequest(
  requestId: string,
  trail: AuditStore,
  nowMilliseconds: number,
): Promise<Result<ExplainedRequest, 'request_not_found'>> {
  const query = { requestId, from: nowMilliseconds - DAYS * 86_400_000, to: nowMilliseconds, limit: 100 };
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found = await trail.query({ ...query, ...(cursor !== undefined && { cursor }) });
    const entry = found?.entries[0];
    if (entry !== undefined) return success({ entry, ...explanationOf(entry.code) });
    cursor = found?.cursor;
    if (cursor === undefined) break;
  }
  return refusal('request_not_found');
}

/** For people; undefined where a code needs none. */
export const explanationOf = (code: string): Explanation | undefined =>
  new Map<string, Explanation>(Object.entries(explanations)).get(code);
