import { DEPLOYMENT_SUBJECT, REFUSED_PREFIX } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { type AuditEntry, type AuditTrail, newEntryId } from './entry.ts';

export interface RefusedCall {
  /** Absent: no shop of ours. */
  readonly shopId?: string | undefined;
  /** A more exact reason than the caller gets. */
  readonly code: string;
  readonly requestId: string;
}

/** What was refused since the last write. */
interface Bucket {
  readonly subject: string;
  readonly code: string;
  count: number;
  requestIds: string[];
}

/**
 * Brings refused calls into the audit trail, summed up by shop, code and minute, so that a flood runs up no writes: the first refusal of a
 * shop and code in a minute is written at once, the rest of that minute with the first refusal after it. What a container summed up after
 * its last write is lost with it.
 */
export class RefusalTally {
  readonly #trail: AuditTrail;
  readonly #onFailure: (error: unknown) => void;
  readonly #buckets = new Map<string, Bucket>();
  #minute = -1;

  constructor(trail: AuditTrail, onFailure: (error: unknown) => void) {
    this.#trail = trail;
    this.#onFailure = onFailure;
  }

  /** A promise where there is something to write; it never rejects, for a refusal stays one whatever happens to its trail. */
  note(refused: RefusedCall, nowMilliseconds: number): Promise<void> | undefined {
    const due = this.#endMinute(Math.floor(nowMilliseconds / 60_000));
    const bucket = this.#bucketOf(refused);
    const isFirst = bucket.count < 0;
    bucket.count += 1;
    if (isFirst) due.push({ ...bucket, count: 1, requestIds: [refused.requestId] });
    else if (bucket.requestIds.length < limits.auditRequestIdsPerEntry) bucket.requestIds.push(refused.requestId);
    return due.length === 0 ? undefined : this.#write(due, nowMilliseconds);
  }

  /** What an earlier minute has left to write. */
  #endMinute(minute: number): Bucket[] {
    if (minute === this.#minute) return [];
    this.#minute = minute;
    const due = [...this.#buckets.values()].filter(({ count }) => count > 0);
    this.#buckets.clear();
    return due;
  }

  /** Beyond so many shops in a minute, refusals are summed up for all together. A new bucket counts from -1: its first is written apart. */
  #bucketOf({ shopId, code }: RefusedCall): Bucket {
    const own = `${REFUSED_PREFIX}${shopId ?? DEPLOYMENT_SUBJECT}`;
    const isFull = this.#buckets.size >= limits.auditSubjectsPerMinute;
    const subject = isFull && !this.#buckets.has(`${own} ${code}`) ? REFUSED_PREFIX + DEPLOYMENT_SUBJECT : own;
    const key = `${subject} ${code}`;
    const bucket = this.#buckets.get(key) ?? { subject, code, count: -1, requestIds: [] };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  async #write(due: readonly Bucket[], at: number): Promise<void> {
    const action = 'refuse-calls';
    try {
      await this.#trail.append(due.map((bucket): AuditEntry => ({ id: newEntryId(), at, action, ...bucket })));
    } catch (error) {
      this.#onFailure(error);
    }
  }
}
