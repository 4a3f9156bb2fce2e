import { DEPLOYMENT_SUBJECT } from '../contract/audit.ts';
import { type Result, refusal, success } from '../core/result.ts';
import type { AuditPage, AuditQuery, AuditStore, ServiceKeyStore, ShopStore } from '../ports.ts';
import { entriesOf } from './audit-recording.ts';

export type AuditQuestion = Partial<Omit<AuditQuery, 'action' | 'limit'>> & {
  readonly limit: number;
  /** The action that was performed. */
  readonly performed?: string;
};

export interface AuditSources {
  readonly trail: AuditStore;
  readonly shopStore: ShopStore;
  readonly serviceKeys: ServiceKeyStore;
}

const DAY_MILLISECONDS = 86_400_000;
const DEFAULT_DAYS = 30;

/**
 * A page of the audit trail, newest first. The last change of a shop whose entry did not get there yet is copied there first, so that a look
 * at a shop's trail is always whole. Throws `DependencyError` when a store fails.
 */
export async function queryAudit(
  { performed, from, to, ...question }: AuditQuestion,
  { trail, shopStore, serviceKeys }: AuditSources,
  nowMilliseconds: number,
): Promise<Result<AuditPage, 'invalid_request'>> {
  const end = Math.min(to ?? nowMilliseconds, nowMilliseconds);
  const start = from ?? end - DEFAULT_DAYS * DAY_MILLISECONDS;
  if (start > end)
    return refusal('invalid_request', 'Query parameter "from" must be before "to", and not in the future.');
  if (question.subject !== undefined && question.cursor === undefined)
    await copyLast(question.subject, { trail, shopStore, serviceKeys });
  const page = await trail.query({
    ...question,
    ...(performed !== undefined && { action: performed }),
    from: start,
    to: end,
  });
  return page === undefined
    ? refusal('invalid_request', 'Query parameter "cursor" must be that of the page before, with the same parameters.')
    : success(page);
}

async function copyLast(subject: string, { trail, shopStore, serviceKeys }: AuditSources): Promise<void> {
  if (subject === DEPLOYMENT_SUBJECT) {
    for (const { lastAudit } of (await serviceKeys.list()).keys) await trail.append(entriesOf(lastAudit));
    return;
  }
  const stored = await shopStore.read(subject);
  if (stored.kind === 'found') await trail.append(entriesOf(stored.value.lastAudit));
}
