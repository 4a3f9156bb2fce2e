import { DependencyError } from '../platform/stored.ts';
import type { AuditEntry, AuditTrail } from './entry.ts';

/** Keeps entries that no record of their own holds until they are in the trail. Throws `DependencyError` when the store fails. */
export interface KeptEntries {
  keep(entry: AuditEntry): Promise<void>;
}

/** Where an entry goes: into the trail, or to the kept ones while the trail fails. */
export interface EntryPlaces {
  readonly trail: AuditTrail;
  readonly kept: KeptEntries;
}

/**
 * Files what is about to happen. A trail that fails holds nothing back: the entry is kept instead, and copied later. Throws `DependencyError` when
 * neither takes it; then it must not happen.
 */
export async function fileOrKeep(entry: AuditEntry, { trail, kept }: EntryPlaces, onDelay: () => void): Promise<void> {
  try {
    await trail.append([entry]);
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    await kept.keep(entry);
    onDelay();
  }
}
