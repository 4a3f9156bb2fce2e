import { LOGINS_SUBJECT } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { type Actor, type AuditEntry, type AuditTrail, newEntryId } from '../audit/entry.ts';
import type { LoginCall, NotInGroup } from './session.ts';

/** Why a login failed: for the trail alone. The caller learns that it did, and no more. */
export type LoginFailure =
  | 'proof_malformed'
  | 'challenge_malformed'
  | 'challenge_expired'
  | 'challenge_used'
  | 'signature_refused'
  | 'not_a_user_of_this_account'
  | 'user_name_differs'
  | 'link_malformed'
  | 'link_unknown'
  | 'link_expired'
  | 'link_used'
  | 'link_session_over';

/** What a caller gets that proved nothing; `why` never reaches them. */
export interface FailedProof {
  readonly ok: false;
  readonly reason: 'login_failed';
  readonly why: LoginFailure;
}

export const failedProof = (why: LoginFailure): FailedProof => ({ ok: false, reason: 'login_failed', why });

export interface FailedLogin {
  /** The others are of calls in which no proof was looked at. */
  readonly code:
    | 'login_failed'
    | 'not_in_admin_group'
    | 'invalid_json'
    | 'invalid_request'
    | 'cross_site_request'
    | 'too_many_requests';
  readonly reason?: LoginFailure;
  /** Set for a link of someone who is no longer in the group. */
  readonly kind?: 'link';
  /** Only where AWS vouched for them. */
  readonly actor?: Actor;
  readonly requestId: string;
}

/** What the trail gets to know of a login that failed. */
const failedLogin = (refused: FailedProof | NotInGroup): Omit<FailedLogin, 'requestId'> =>
  refused.reason === 'login_failed'
    ? { code: refused.reason, reason: refused.why }
    : { code: refused.reason, actor: refused.user, ...(refused.kind !== undefined && { kind: refused.kind }) };

/** After a failure of the trail, it is left alone for so long, so that failed logins do not queue up behind it. */
const PAUSE_MILLISECONDS = 5_000;
/** So many entries wait for a trail that fails; beyond it the oldest go. */
const MAX_WAITING = 100;
/** So many sums are kept apart in a minute; beyond it no actor is named. */
const MAX_SUMS = 20;

/**
 * Brings failed logins into the audit trail. Some of each minute have an entry of their own, at once; the rest is summed up by reason and
 * actor and written in a later minute, so that a flood runs up few writes. Nothing here fails a call. What a container summed up last, or could
 * not write, is lost with it.
 */
export class LoginTrail {
  readonly #trail: AuditTrail;
  readonly #onFailure: (error: unknown) => void;
  #waiting: AuditEntry[] = [];
  readonly #sums = new Map<string, AuditEntry & { count: number; requestIds: string[] }>();
  #minute = -1;
  #written = 0;
  /** The codes of requests without a proof that have an entry of this minute. */
  readonly #unread = new Set<string>();
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(trail: AuditTrail, onFailure: (error: unknown) => void) {
    this.#trail = trail;
    this.#onFailure = onFailure;
  }

  /** It never rejects: a refusal stays one whatever happens to its trail. */
  note(failed: FailedLogin, nowMilliseconds: number): Promise<void> {
    this.#endMinute(nowMilliseconds);
    if (this.#hasOwnEntry(failed)) {
      this.#waiting.push({ ...entryOf(failed, nowMilliseconds), requestId: failed.requestId });
    } else this.#addToSum(failed, nowMilliseconds);
    return this.#write(nowMilliseconds);
  }

  /** Of requests in which no proof was looked at, only the first of a kind: they take no entry from those that tried one. */
  #hasOwnEntry({ code }: FailedLogin): boolean {
    if (code === 'login_failed' || code === 'not_in_admin_group') {
      this.#written += 1;
      return this.#written <= limits.loginFailuresPerMinute;
    }
    const isFirst = !this.#unread.has(code);
    this.#unread.add(code);
    return isFirst;
  }

  /** The same for a login as it was refused. */
  noteRefused(refused: FailedProof | NotInGroup, { requestId, nowMilliseconds }: LoginCall): Promise<void> {
    return this.note({ ...failedLogin(refused), requestId }, nowMilliseconds);
  }

  /** Writes what an earlier minute left. For calls that may be the only ones after it. */
  flush(nowMilliseconds: number): Promise<void> {
    this.#endMinute(nowMilliseconds);
    return this.#write(nowMilliseconds);
  }

  #endMinute(nowMilliseconds: number): void {
    const minute = Math.floor(nowMilliseconds / 60_000);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#written = 0;
    this.#unread.clear();
    this.#waiting.push(...this.#sums.values());
    this.#sums.clear();
  }

  #addToSum(failed: FailedLogin, at: number): void {
    const { actor: _actor, ...unnamed } = failed;
    const named = this.#sums.size < MAX_SUMS || this.#sums.has(nameOf(failed)) ? failed : unnamed;
    const name = nameOf(named);
    const sum = this.#sums.get(name) ?? { ...entryOf(named, at), count: 0, requestIds: [] };
    sum.count += 1;
    if (sum.requestIds.length < limits.auditRequestIdsPerEntry) sum.requestIds.push(failed.requestId);
    this.#sums.set(name, { ...sum, until: at });
  }

  async #write(nowMilliseconds: number): Promise<void> {
    if (this.#waiting.length === 0 || nowMilliseconds < this.#pausedUntil) return;
    const due = this.#waiting.slice(-MAX_WAITING);
    this.#waiting = [];
    try {
      await this.#trail.append(due);
      this.#pausedUntil = Number.NEGATIVE_INFINITY;
    } catch (error) {
      // Some may have got there; those stay as they are when they are written again.
      this.#waiting = [...due, ...this.#waiting];
      this.#pausedUntil = nowMilliseconds + PAUSE_MILLISECONDS;
      this.#onFailure(error);
    }
  }
}

const nameOf = ({ code, reason, actor }: FailedLogin): string => JSON.stringify([code, reason, actor?.userId]);

const entryOf = ({ code, reason, kind, actor }: FailedLogin, at: number): AuditEntry => ({
  id: newEntryId(),
  at,
  subject: LOGINS_SUBJECT,
  action: 'log-in',
  code,
  ...(actor !== undefined && { actor: { arn: actor.arn, userId: actor.userId } }),
  ...((reason ?? kind) !== undefined && {
    after: { ...(reason !== undefined && { reason }), ...(kind !== undefined && { kind }) },
  }),
});
