import type { LoginLink, LoginLinkStore } from '#lambda/admin-login/links.ts';
import type { AdminSession, SessionStore } from '#lambda/admin-login/session.ts';
import type { AuditEntry, AuditPage, AuditStore } from '#lambda/audit/entry.ts';
import type { KeptEntries } from '#lambda/audit/kept-entries.ts';
import type { AuditOutboxStore, WaitingRecord } from '#lambda/audit/outbox.ts';
import { AuditRecovery } from '#lambda/audit/recovery.ts';
import { DependencyError, type Stored } from '#lambda/platform/stored.ts';

const down = (): never => {
  throw new DependencyError('the store is down');
};

export class MemorySessionStore implements SessionStore {
  readonly sessions = new Map<string, AdminSession>();
  /** When the mark of each used value may be deleted, by its hash. */
  readonly used = new Map<string, number>();
  failing = false;
  writes = 0;

  async useOnce(hash: string, expiresAt: number): Promise<boolean> {
    if (this.failing) down();
    const isFirst = !this.used.has(hash);
    if (isFirst) this.used.set(hash, expiresAt);
    return isFirst;
  }

  async create(session: AdminSession): Promise<void> {
    if (this.failing) down();
    this.writes += 1;
    this.sessions.set(session.sessionHash, session);
  }

  async read(sessionHash: string): Promise<Stored<AdminSession>> {
    if (this.failing) down();
    const value = this.sessions.get(sessionHash);
    return value === undefined ? { kind: 'absent' } : { kind: 'found', value };
  }

  async replace(session: AdminSession): Promise<void> {
    if (this.sessions.has(session.sessionHash)) await this.create(session);
  }

  async delete(sessionHash: string): Promise<void> {
    this.sessions.delete(sessionHash);
  }
}

export class MemoryLoginLinkStore implements LoginLinkStore {
  readonly links = new Map<string, LoginLink>();
  failing = false;

  async create(hash: string, link: LoginLink): Promise<void> {
    if (this.failing) down();
    this.links.set(hash, link);
  }

  async read(hash: string): Promise<Stored<LoginLink>> {
    if (this.failing) down();
    const value = this.links.get(hash);
    return value === undefined ? { kind: 'absent' } : { kind: 'found', value };
  }
}

export class MemoryAuditTrail implements AuditStore {
  entries: AuditEntry[] = [];
  failing = false;

  async append(entries: readonly AuditEntry[]): Promise<void> {
    // As the table's: without anything to write there is no call that could fail.
    if (this.failing && entries.length > 0) down();
    const known = new Set(this.entries.map(({ id }) => id));
    this.entries.push(...entries.filter(({ id }) => !known.has(id)));
  }

  async query(): Promise<AuditPage> {
    return { entries: this.entries.toReversed() };
  }
}

export class MemoryKeptEntries implements KeptEntries {
  readonly entries: AuditEntry[] = [];
  failing = false;

  async keep(entry: AuditEntry): Promise<void> {
    if (this.failing) down();
    this.entries.push(entry);
  }
}

/** Records that wait in an index, in pages of two. Those that were emptied stay in `records`, as an index may lag. */
export class MemoryOutboxes implements AuditOutboxStore {
  records: WaitingRecord[] = [];
  readonly emptied: WaitingRecord[] = [];
  failing = false;

  async *waiting(): AsyncIterable<readonly WaitingRecord[]> {
    if (this.failing) down();
    for (let at = 0; at < this.records.length; at += 2) yield this.records.slice(at, at + 2);
  }

  async empty(record: WaitingRecord): Promise<void> {
    if (this.failing) down();
    this.emptied.push(record);
  }
}

/** What copies entries to a trail, with no records but those that are named to it. */
export const recoveryOf = (trail: AuditStore, outboxes: AuditOutboxStore = new MemoryOutboxes()): AuditRecovery =>
  new AuditRecovery({ trail, outboxes, now: Date.now });
