import { limits } from '#contract/limits.ts';
import { type AuditEntry, newEntryId } from './entry.ts';

/** The entries of a record's own changes that wait for the audit trail. Both members are JSON. */
export interface AuditedRecord {
  /** The entry of the last change, as the release before this one reads it. */
  readonly lastAudit?: string | undefined;
  /** The entries that may not be in the trail yet, oldest first; absent in a record that an older release wrote. */
  readonly auditOutbox?: string | undefined;
}

/** An outbox that has been copied. */
export const EMPTY_OUTBOX = '[]';

/**
 * The entries of a record that may not be in the trail yet. For a record without an outbox: its last one. Text that no release of ours can
 * have written is skipped: it must not block a change of its record or the copying of other records.
 */
export function waitingEntries({ auditOutbox, lastAudit }: AuditedRecord): AuditEntry[] {
  const waiting = auditOutbox === undefined ? [parsed(lastAudit)] : parsed(auditOutbox);
  return Array.isArray(waiting) ? waiting.filter(isEntry) : [];
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return undefined;
  }
}

/** The members that the trail needs to file an entry: place and time. */
const isEntry = (value: unknown): value is AuditEntry => {
  const { id, at, subject, action, code } = Object(value) as Readonly<Record<string, unknown>>;
  const areTexts = [id, subject, action, code].every((text) => typeof text === 'string' && text !== '');
  return areTexts && typeof at === 'number' && !Number.isNaN(new Date(at).getTime());
};

/** The members of a record after another change. They are written together with the change, so that neither exists without the other. */
export function withEntry(
  before: AuditedRecord | undefined,
  entry: AuditEntry,
): { readonly lastAudit: string; readonly auditOutbox: string } {
  const entries = [...(before === undefined ? [] : waitingEntries(before)), entry];
  return { lastAudit: JSON.stringify(entry), auditOutbox: JSON.stringify(fitted(entries)) };
}

const bytesOf = (entries: readonly AuditEntry[]): number => Buffer.byteLength(JSON.stringify(entries));

/**
 * Keeps an outbox within the size of its record while the trail fails: first the oldest entries lose before and after, then entries of one
 * administrator and action are combined. Administrator, action and time are never dropped, and no change is blocked.
 */
function fitted(entries: AuditEntry[]): AuditEntry[] {
  let bytes = bytesOf(entries);
  for (let at = 0; at < entries.length - 1 && bytes > limits.maxAuditOutboxBytes; at += 1) {
    const entry = entries[at] as AuditEntry;
    const short = shortened(entry);
    bytes += bytesOf([short]) - bytesOf([entry]);
    entries[at] = short;
  }
  return bytes > limits.maxAuditOutboxBytes ? summed(entries) : entries;
}

const shortened = ({ before: _before, after: _after, ...entry }: AuditEntry): AuditEntry => ({
  ...entry,
  shortened: true,
});

/** A sum is a new entry with a new id: one of its parts may already be in the trail, and the sum must still be added. */
function summed(entries: readonly AuditEntry[]): AuditEntry[] {
  const last = entries.at(-1) as AuditEntry;
  const groups = new Map<string, AuditEntry[]>();
  for (const entry of entries.slice(0, -1)) {
    const key = JSON.stringify([entry.subject, entry.actor?.userId, entry.action]);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...[...groups.values()].map(sumOf), last];
}

function sumOf(entries: readonly AuditEntry[]): AuditEntry {
  const [first, ...others] = entries as [AuditEntry, ...AuditEntry[]];
  if (others.length === 0) return first;
  const { requestId: _one, ...common } = shortened(first);
  const requestIds = entries.flatMap((entry) => entry.requestIds ?? entry.requestId ?? []);
  return {
    ...common,
    id: newEntryId(),
    count: entries.reduce((sum, { count = 1 }) => sum + count, 0),
    until: Math.max(...entries.map(({ at, until = at }) => until)),
    requestIds: requestIds.slice(0, limits.auditRequestIdsPerEntry),
  };
}

/** A record, and the audit entries in it that may not be in the trail yet. */
export interface WaitingRecord extends AuditedRecord {
  readonly kind: 'shop' | 'service-key' | 'revocation' | 'kept-entry' | 'kept-login';
  /** A shop id, a key id, the kind and id of a revoked subject (`user/u-1`), or the id of a kept entry. */
  readonly id: string;
}

/** Each method throws `DependencyError` when the store fails. */
export interface AuditOutboxStore {
  /**
   * The records with such entries, page by page. A record that was changed a moment ago may be missing, or may be listed although it was
   * emptied.
   */
  waiting(): AsyncIterable<readonly WaitingRecord[]>;
  /** Removes the entries from a record that still has exactly these. */
  empty(record: WaitingRecord): Promise<void>;
}

/** One partition of the index for all records, because only few records wait, and only briefly. */
export const PENDING = 'pending';

/**
 * Adds a record to the index of waiting records; undefined if all of its entries are in the trail. It is written together with
 * `auditOutbox`.
 */
export const pendingMark = ({ auditOutbox }: AuditedRecord): { readonly auditPending?: string } =>
  auditOutbox === undefined || auditOutbox === EMPTY_OUTBOX ? {} : { auditPending: PENDING };
