import { randomBytes } from 'node:crypto';

/** The administrator of a change, by the ARN and the unique id that AWS confirmed. */
export interface Actor {
  readonly arn: string;
  readonly userId: string;
}

/** One line of the audit trail. It never contains a secret: keys are named by their short ids. */
export interface AuditEntry {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** A shop id; `deployment` for changes that concern no shop; `logins`; `log-outs`; `refused/` before one of the first two for refused calls. */
  readonly subject: string;
  readonly action: string;
  /** Absent: no administrator, as for refused widget calls. */
  readonly actor?: Actor;
  readonly requestId?: string;
  /** `done`, or the code of a refusal. */
  readonly code: string;
  /** The number of refusals of a minute, or of changes while the trail failed, that this line sums up. */
  readonly count?: number;
  /** Of some of these. */
  readonly requestIds?: readonly string[];
  /** Where calls were refused for their origin: that of each of these, in the same order; see `shownOrigin`. */
  readonly origins?: readonly string[];
  /** Time of the last of these, Unix milliseconds. */
  readonly until?: number;
  /** Set where `before` and `after` were dropped, because the trail failed for many changes. */
  readonly shortened?: true;
  /** The changed members, before and after. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

export const newEntryId = (): string => randomBytes(8).toString('hex');

/** The members that differ between two descriptions. */
export function changedMembers(
  before: object | undefined,
  after: object,
): Required<Pick<AuditEntry, 'after'>> & Pick<AuditEntry, 'before'> {
  const old = new Map(Object.entries(before ?? {}));
  const now = new Map(Object.entries(after));
  const names = [...new Set([...old.keys(), ...now.keys()])].filter(
    (name) => name !== 'version' && JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name)),
  );
  const pick = (from: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(names.filter((name) => from.has(name)).map((name) => [name, from.get(name)]));
  return { ...(before !== undefined && { before: pick(old) }), after: pick(now) };
}

/** Filters of the audit trail; all specified members must match. */
export interface AuditQuery {
  readonly subject?: string;
  /** ARN or name of a user. */
  readonly actor?: string;
  readonly action?: string;
  readonly code?: string;
  readonly requestId?: string;
  /** Unix milliseconds, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly cursor?: string;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** The cursor of the next page. A page may have fewer entries than requested, or none, although more follow. */
  readonly cursor?: string;
}

/** The append-only trail. Throws `DependencyError` when the store fails. */
export interface AuditTrail {
  /** An existing entry remains unchanged. */
  append(entries: readonly AuditEntry[]): Promise<void>;
}

/** The trail for its readers. Throws `DependencyError` when the store fails. */
export interface AuditStore extends AuditTrail {
  /** Undefined for a cursor that we did not write. */
  query(query: AuditQuery): Promise<AuditPage | undefined>;
}
