import { LOGINS_SUBJECT } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { type Clock, DependencyError } from '../platform/stored.ts';
import type { AuditEntry, AuditTrail } from './entry.ts';
import { type AuditOutboxStore, type WaitingRecord, waitingEntries } from './outbox.ts';

export interface AuditRecoveryOptions {
  readonly trail: AuditTrail;
  readonly outboxes: AuditOutboxStore;
  readonly now: Clock;
}

/** So many records are copied at a time, and so many failures are the trail's own. */
const PARALLEL_RECORDS = 5;

/**
 * Brings the entries that wait in records into the audit trail. An entry is written with its change, in the record itself; from there it is
 * copied, and only then taken out. Both steps can be repeated, so a function that ends in between loses nothing.
 */
export class AuditRecovery {
  readonly #options: AuditRecoveryOptions;
  #recoveredAt = Number.NEGATIVE_INFINITY;

  constructor(options: AuditRecoveryOptions) {
    this.#options = options;
  }

  /** Copies what one record holds. Throws `DependencyError` when the trail fails; then the record keeps it. */
  async copy(record: WaitingRecord): Promise<void> {
    const entries = waitingEntries(record);
    if (entries.length === 0) return;
    await this.#options.trail.append(entries.filter((entry) => mayHold(record, entry)));
    // They are in the trail; an outbox that stays full is copied once more by the next who looks, which changes nothing.
    await this.#options.outboxes.empty(record).catch(rethrowUnlessOutage);
  }

  /**
   * Copies what all records hold; false when its time was up before the end. A few records that fail keep no other from being copied, because they
   * may fail for a reason of their own. Throws `DependencyError` when a store fails.
   */
  async recover(): Promise<boolean> {
    const startedAt = this.#options.now();
    this.#recoveredAt = startedAt;
    const failures: unknown[] = [];
    for await (const page of this.#options.outboxes.waiting()) {
      for (let at = 0; at < page.length; at += PARALLEL_RECORDS) {
        const copies = page.slice(at, at + PARALLEL_RECORDS).map((record) => this.copy(record));
        const failed = (await Promise.allSettled(copies)).filter((copied) => copied.status === 'rejected');
        failures.push(...failed.map(({ reason }) => reason));
        if (failures.length >= PARALLEL_RECORDS) throw failures[0];
        if (this.#options.now() - startedAt > limits.auditRecoveryMilliseconds) return false;
      }
    }
    if (failures.length > 0) throw failures[0];
    return true;
  }

  /** The same at most once a minute, for callers that have just seen that the trail answers. */
  async recoverSometimes(): Promise<void> {
    if (Math.abs(this.#options.now() - this.#recoveredAt) < limits.auditRecoverySeconds * 1_000) return;
    await this.recover();
  }
}

/** Strangers reach the function that keeps log-ins, so it must be able to bring nothing else into the trail. */
const mayHold = ({ kind }: WaitingRecord, { subject }: AuditEntry): boolean =>
  kind !== 'kept-login' || subject === LOGINS_SUBJECT;

function rethrowUnlessOutage(error: unknown): void {
  if (!(error instanceof DependencyError)) throw error;
}
