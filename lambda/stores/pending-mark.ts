import { type AuditedRecord, EMPTY_OUTBOX } from '../core/audit-outbox.ts';

/** One value of the index's partition for all, because there are few such records, and none for long. */
export const PENDING = 'pending';

/** What puts a record into the index of waiting ones, or nothing where all of its entries are in the trail: written beside `auditOutbox`. */
export const pendingMark = ({ auditOutbox }: AuditedRecord): { readonly auditPending?: string } =>
  auditOutbox === undefined || auditOutbox === EMPTY_OUTBOX ? {} : { auditPending: PENDING };
