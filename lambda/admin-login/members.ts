import { limits } from '#contract/limits.ts';
import type { Clock } from '../platform/stored.ts';

export interface AdminGroup {
  /** The unique ids of all members, from every page. Throws `DependencyError`. */
  memberIds(): Promise<ReadonlySet<string>>;
}

interface Members {
  readonly ids: ReadonlySet<string>;
  /** Start of the read, Unix milliseconds. */
  readonly readAt: number;
}

/**
 * The members of the administrators' group. They are read at most every 30 seconds, by one call for all waiting requests. While IAM fails,
 * the last list is used for a minute; after that no login and no session is accepted.
 */
export class AdminMembers {
  readonly #group: AdminGroup;
  readonly #now: Clock;
  #members: Members | undefined;
  #reading: Promise<Members> | undefined;

  constructor(options: { readonly group: AdminGroup; readonly now: Clock }) {
    this.#group = options.group;
    this.#now = options.now;
  }

  /**
   * By unique id, because a name may be given to another user. A list from before `notBefore` (Unix milliseconds) is not used: one that is
   * older than a login could lack a user who was added just before it. Throws `DependencyError`.
   */
  async isMember(userId: string, notBefore: number): Promise<boolean> {
    const kept = this.#keptSince(notBefore, limits.adminGroupCacheSeconds);
    if (kept !== undefined) return kept.ids.has(userId);
    try {
      let read = await this.#readOnce();
      if (read.readAt < notBefore) read = await this.#readOnce();
      return read.ids.has(userId);
    } catch (error) {
      const stale = this.#keptSince(notBefore, limits.adminGroupStaleSeconds);
      // An earlier list may admit a user but never exclude one.
      if (stale?.ids.has(userId) === true) return true;
      throw error;
    }
  }

  #keptSince(notBefore: number, seconds: number): Members | undefined {
    const members = this.#members;
    const age = this.#now() - (members?.readAt ?? 0);
    return members !== undefined && members.readAt >= notBefore && age >= 0 && age < seconds * 1_000
      ? members
      : undefined;
  }

  #readOnce(): Promise<Members> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<Members> {
    const readAt = this.#now();
    this.#members = { ids: await this.#group.memberIds(), readAt };
    return this.#members;
  }
}
