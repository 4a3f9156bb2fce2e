import { DEPLOYMENT_SUBJECT, REFUSED_PREFIX } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { type AuditEntry, type AuditTrail, newEntryId } from './entry.ts';
import { shownOrigin } from './refused-origin.ts';

export interface RefusedCall {
  /** Absent: no existing shop. */
  readonly shopId?: string | undefined;
  /** A more exact reason than the caller gets. */
  readonly code: string;
  readonly requestId: string;
  /** Every Origin header that was sent, if it was refused and the credential had proved valid. */
  readonly origins?: readonly string[] | undefined;
}

/** The refusals since the last write. */
interface Bucket {
  readonly subject: string;
  readonly code: string;
  count: number;
  requestIds: string[];
  /** The origins of these calls, if they were refused for them. */
  origins?: string[];
}

function withCall(bucket: Bucket, { requestId, origins }: RefusedCall): Bucket {
  bucket.requestIds.push(requestId);
  if (origins !== undefined && bucket.code !== 'origin_missing') {
    bucket.origins ??= [];
    bucket.origins.push(shownOrigin(origins));
  }
  return bucket;
}

/**
 * A caller gets the same response for an origin that is not allowed and for a missing one that is required; the trail distinguishes them.
 */
const filedAs = ({ code, origins }: RefusedCall): string =>
  code === 'origin_not_allowed' && origins?.length === 0 ? 'origin_missing' : code;

/**
 * Writes refused calls to the audit trail, summed up by shop, code and minute, so that a flood causes few writes. The first refusal of a
 * shop and code in a minute is written at once, the rest of that minute with the first refusal after it. Sums that a container has not
 * written when it ends are lost.
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

  /** A promise if a write is needed; it never rejects, because a refusal remains a refusal if its trail fails. */
  note(refused: RefusedCall, nowMilliseconds: number): Promise<void> | undefined {
    const due = this.#endMinute(Math.floor(nowMilliseconds / 60_000));
    const bucket = this.#bucketOf(refused);
    const isFirst = bucket.count < 0;
    bucket.count += 1;
    if (isFirst) due.push(withCall({ ...bucket, count: 1, requestIds: [] }, refused));
    else if (bucket.requestIds.length < limits.auditRequestIdsPerEntry) withCall(bucket, refused);
    return due.length === 0 ? undefined : this.#write(due, nowMilliseconds);
  }

  /** The entries of an earlier minute that are not written yet. */
  #endMinute(minute: number): Bucket[] {
    if (minute === this.#minute) return [];
    this.#minute = minute;
    const due = [...this.#buckets.values()].filter(({ count }) => count > 0);
    this.#buckets.clear();
    return due;
  }

  /**
   * Beyond this number of shops in a minute, refusals of all further shops are summed up together. A new bucket counts from -1, because its
   * first refusal is written separately.
   */
  #bucketOf(refused: RefusedCall): Bucket {
    const { shopId } = refused;
    const code = filedAs(refused);
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
