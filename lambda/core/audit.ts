import { randomBytes } from 'node:crypto';
import type { Shop, ShopKey } from './shop.ts';

/** Who did something: an administrator, by the ARN and the unique id that AWS vouched for. */
export interface Actor {
  readonly arn: string;
  readonly userId: string;
}

/** One line of the audit trail. It never holds a secret: keys stand in it by their short ids. */
export interface AuditEntry {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** A shop id; `deployment` for changes that concern no shop; `logins`; `refused/` before one of these for refused calls. */
  readonly subject: string;
  readonly action: string;
  /** Absent: nobody in person, as for refused widget calls. */
  readonly actor?: Actor;
  readonly requestId?: string;
  /** `done`, or the code of a refusal. */
  readonly code: string;
  /** How many refusals of a minute, or changes while the trail failed, this line sums up. */
  readonly count?: number;
  /** Of some of these. */
  readonly requestIds?: readonly string[];
  /** When the last of these happened, Unix milliseconds. */
  readonly until?: number;
  /** Set where `before` and `after` had to go, because the trail failed for many changes. */
  readonly shortened?: true;
  /** What changed, member by member, as it was and as it is. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

export const newEntryId = (): string => randomBytes(8).toString('hex');

/** What of a shop may be told: everything but its sealed keys and our own bookkeeping. */
export function describeShop({
  keys,
  lastAudit: _lastAudit,
  auditOutbox: _outbox,
  requestSha256: _request,
  ...shop
}: Shop): ShopView {
  return { ...shop, keys: keys.map(({ sealed: _sealed, ...key }) => key) };
}

export type ShopView = Omit<Shop, 'keys' | 'lastAudit' | 'auditOutbox' | 'requestSha256'> & {
  readonly keys: readonly Omit<ShopKey, 'sealed'>[];
};

/** The members in which two descriptions differ. */
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
