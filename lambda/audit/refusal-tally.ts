import { DEPLOYMENT_SUBJECT, REFUSED_PREFIX } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { type AuditEntry, type AuditTrail, newEntryId } from './entry.ts';
import { shownOrigin } from './refused-origin.ts';

export interface RefusedCall {
  /** Absent: no shop of ours. */
  readonly shopId?: string | undefined;
  /** A more exact reason than the caller gets. */
  readonly code: string;
  readonly requestId: string;
  /** Every Origin that was sent, where it was refused and what came with it had proved valid. */
  readonly origins?: readonly string[] | undefined;
}

/** What was refused since the last write. */
interface Bucket {
  readonly subject: string;
  readonly code: string;
  count: number;
  requestIds: string[];
  /** The origin of each of these, where calls were refused for it. */
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

/** A caller gets one answer for an origin that is not allowed and for one that is required and was not sent; the trail tells them apart. */
const filedAs = ({ code, origins }: RefusedCall): string =>
  code === 'origin_not_allowed' && origins?.length === 0 ? 'origin_missing' : code;

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
    if (isFirst) due.push(withCall({ ...bucket, count: 1, requestIds: [] }, refused));
    else if (bucket.requestIds.length < limits.auditRequestIdsPerEntry) withCall(bucket, refused);
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
