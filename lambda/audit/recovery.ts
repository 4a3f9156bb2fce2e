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

/** This many records are copied at a time, and after this many failures the trail itself is assumed to fail. */
const PARALLEL_RECORDS = 5;

/**
 * Copies the entries that wait in records into the audit trail. An entry is written with its change, in the record itself; it is copied
 * from there, and removed only afterwards. Both steps can be repeated, so a function that ends in between loses nothing.
 */
export class AuditRecovery {
  readonly #options: AuditRecoveryOptions;
  #recoveredAt = Number.NEGATIVE_INFINITY;

  constructor(options: AuditRecoveryOptions) {
    this.#options = options;
  }

  /** Copies the entries of one record. Throws `DependencyError` when the trail fails; then the record keeps them. */
  async copy(record: WaitingRecord): Promise<void> {
    const entries = waitingEntries(record);
    if (entries.length === 0) return;
    await this.#options.trail.append(entries.filter((entry) => mayHold(record, entry)));
    // They are in the trail. If the outbox cannot be emptied, its entries are copied again later, which changes nothing.
    await this.#options.outboxes.empty(record).catch(rethrowUnlessOutage);
  }

  /**
   * Copies the entries of all records; false when the time ran out before the end. A few records that fail do not stop the others, because
   * they may fail for a reason of their own. Throws `DependencyError` when a store fails.
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

  /** The same at most once a minute, for callers whose own write to the trail has just succeeded. */
  async recoverSometimes(): Promise<void> {
    if (Math.abs(this.#options.now() - this.#recoveredAt) < limits.auditRecoverySeconds * 1_000) return;
    await this.recover();
  }
}

/** Anyone can reach the function that stores log-ins, so it must not be able to add anything else to the trail. */
const mayHold = ({ kind }: WaitingRecord, { subject }: AuditEntry): boolean =>
  kind !== 'kept-login' || subject === LOGINS_SUBJECT;

function rethrowUnlessOutage(error: unknown): void {
  if (!(error instanceof DependencyError)) throw error;
}
