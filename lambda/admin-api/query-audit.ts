import { DEPLOYMENT_SUBJECT } from '#contract/audit.ts';
import type { AuditPage, AuditQuery, AuditStore } from '../audit/entry.ts';
import type { AuditRecovery } from '../audit/recovery.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { DependencyError } from '../platform/stored.ts';
import type { ServiceKeyStore } from '../service-keys/service-key.ts';
import type { ShopStore } from '../shops/shop.ts';

export type AuditQuestion = Partial<Omit<AuditQuery, 'action' | 'limit'>> & {
  readonly limit: number;
  /** The action that was performed. */
  readonly performed?: string;
};

export interface AuditSources {
  readonly trail: AuditStore;
  readonly recovery: AuditRecovery;
  readonly shopStore: Pick<ShopStore, 'read'>;
  readonly serviceKeys: Pick<ServiceKeyStore, 'list'>;
}

/** A page of the trail. */
export interface AuditAnswer extends AuditPage {
  /** Set when entries may be missing because they could not be copied to the trail yet. Their records keep them. */
  readonly incomplete?: true;
}

const DAY_MILLISECONDS = 86_400_000;
const DEFAULT_DAYS = 30;

/**
 * A page of the audit trail, newest first. Waiting entries of all records are copied first, so that the page is complete; if that fails,
 * the page says so. Throws `DependencyError` when the trail cannot be read.
 */
export async function queryAudit(
  { performed, from, to, ...question }: AuditQuestion,
  sources: AuditSources,
  nowMilliseconds: number,
  onDelay: () => void,
): Promise<Result<AuditAnswer, 'invalid_request'>> {
  const end = Math.min(to ?? nowMilliseconds, nowMilliseconds);
  const start = from ?? end - DEFAULT_DAYS * DAY_MILLISECONDS;
  if (start > end)
    return refusal('invalid_request', 'Query parameter "from" must be before "to" and not in the future.');
  const isWhole = question.cursor !== undefined || (await completeTrail(question.subject, sources, onDelay));
  const page = await sources.trail.query({
    ...question,
    ...(performed !== undefined && { action: performed }),
    from: start,
    to: end,
  });
  return page === undefined
    ? refusal(
        'invalid_request',
        'Query parameter "cursor" must be the cursor of the page before, with the same parameters.',
      )
    : success({ ...page, ...(!isWhole && { incomplete: true }) });
}

/** Copies all entries that wait in records, including those of the one subject that no index contains; returns whether that worked. */
export async function completeTrail(
  subject: string | undefined,
  { recovery, shopStore, serviceKeys }: Omit<AuditSources, 'trail'>,
  onDelay: () => void,
): Promise<boolean> {
  try {
    if (subject === DEPLOYMENT_SUBJECT) {
      for (const key of (await serviceKeys.list()).keys)
        await recovery.copy({ kind: 'service-key', id: key.keyId, ...key });
    } else if (subject !== undefined) {
      // Read from the record itself, because an index may be outdated.
      const stored = await shopStore.read(subject);
      if (stored.kind === 'found') await recovery.copy({ kind: 'shop', id: subject, ...stored.value });
    }
    return await recovery.recover();
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    onDelay();
    return false;
  }
}
