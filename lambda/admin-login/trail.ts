import { LOGINS_SUBJECT } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { type Actor, type AuditEntry, type AuditTrail, newEntryId } from '../audit/entry.ts';
import type { LoginCall, NotInGroup } from './session.ts';

/** Why a login failed: for the trail alone. The caller gets only the failure, without a reason. */
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

/** The response to a caller that proved nothing; `why` is never sent. */
export interface FailedProof {
  readonly ok: false;
  readonly reason: 'login_failed';
  readonly why: LoginFailure;
}

export const failedProof = (why: LoginFailure): FailedProof => ({ ok: false, reason: 'login_failed', why });

export interface FailedLogin {
  /** The other failures are of calls in which no proof was checked. */
  readonly code:
    | 'login_failed'
    | 'not_in_admin_group'
    | 'invalid_json'
    | 'invalid_request'
    | 'cross_site_request'
    | 'too_many_requests';
  readonly reason?: LoginFailure;
  /** Set for a link of a user who is no longer in the group. */
  readonly kind?: 'link';
  /** Only if AWS confirmed them. */
  readonly actor?: Actor;
  readonly requestId: string;
}

/** What the trail records of a failed login. */
const failedLogin = (refused: FailedProof | NotInGroup): Omit<FailedLogin, 'requestId'> =>
  refused.reason === 'login_failed'
    ? { code: refused.reason, reason: refused.why }
    : { code: refused.reason, actor: refused.user, ...(refused.kind !== undefined && { kind: refused.kind }) };

/** Pause after a failure of the trail, so that failed logins do not queue up behind it. */
const PAUSE_MILLISECONDS = 5_000;
/** Most entries that wait for a failing trail; beyond it the oldest are dropped. */
const MAX_WAITING = 100;
/** Most separate sums in a minute; beyond it entries have no actor. */
const MAX_SUMS = 20;

/**
 * Writes failed logins to the audit trail. Some of each minute have their own entry, at once. The rest is summed up by reason and actor and
 * written in a later minute, so that a flood causes few writes. No failure here fails a call. Sums that a container has not written when it
 * ends are lost.
 */
export class LoginTrail {
  readonly #trail: AuditTrail;
  readonly #onFailure: (error: unknown) => void;
  #waiting: AuditEntry[] = [];
  readonly #sums = new Map<string, AuditEntry & { count: number; requestIds: string[] }>();
  #minute = -1;
  #written = 0;
  /** The codes of requests without a proof that already have an entry in this minute. */
  readonly #unread = new Set<string>();
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(trail: AuditTrail, onFailure: (error: unknown) => void) {
    this.#trail = trail;
    this.#onFailure = onFailure;
  }

  /** It never rejects: a refusal remains a refusal if its trail fails. */
  note(failed: FailedLogin, nowMilliseconds: number): Promise<void> {
    this.#endMinute(nowMilliseconds);
    if (this.#hasOwnEntry(failed)) {
      this.#waiting.push({ ...entryOf(failed, nowMilliseconds), requestId: failed.requestId });
    } else this.#addToSum(failed, nowMilliseconds);
    return this.#write(nowMilliseconds);
  }

  /** For requests in which no proof was checked, only the first of a kind: they must not use up the entries of requests with a proof. */
  #hasOwnEntry({ code }: FailedLogin): boolean {
    if (code === 'login_failed' || code === 'not_in_admin_group') {
      this.#written += 1;
      return this.#written <= limits.loginFailuresPerMinute;
    }
    const isFirst = !this.#unread.has(code);
    this.#unread.add(code);
    return isFirst;
  }

  /** The same for a refused login. */
  noteRefused(refused: FailedProof | NotInGroup, { requestId, nowMilliseconds }: LoginCall): Promise<void> {
    return this.note({ ...failedLogin(refused), requestId }, nowMilliseconds);
  }

  /** Writes the sums of an earlier minute. For calls that may be the only ones after it. */
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
      // Some may already be in the trail; writing them again does not change them.
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
