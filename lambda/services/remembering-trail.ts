import type { AuditEntry } from '../core/audit.ts';
import type { AuditPage, AuditQuery, AuditStore } from '../ports.ts';

const REMEMBERED = 1_000;

/** A trail that knows which entries it has just written, so that making sure of one costs no second call. */
export class RememberingTrail implements AuditStore {
  readonly #trail: AuditStore;
  readonly #written = new Set<string>();

  constructor(trail: AuditStore) {
    this.#trail = trail;
  }

  async append(entries: readonly AuditEntry[]): Promise<void> {
    const missing = entries.filter(({ id }) => !this.#written.has(id));
    if (missing.length === 0) return;
    await this.#trail.append(missing);
    if (this.#written.size > REMEMBERED) this.#written.clear();
    for (const { id } of missing) this.#written.add(id);
  }

  query(query: AuditQuery): Promise<AuditPage | undefined> {
    return this.#trail.query(query);
  }
}
