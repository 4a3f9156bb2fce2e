import type { UpstreamFailure } from '#contract/forwarding.ts';

/** The only members that a log line can have; there is no member for anything that could contain a credential. */
export interface LogFields {
  readonly event:
    | 'request_failed'
    | 'api_key_in_browser'
    | 'corrupt_record'
    | 'dev_key_used'
    | 'key_use_not_noted'
    | 'ring_rotation'
    | 'signing_key_rotation'
    | 'login_refused'
    | 'address_limited'
    | 'call_not_counted'
    | 'audit_delayed'
    | 'upstream_failed'
    | 'upstream_circuit_opened'
    | 'upstream_circuit_closed'
    | 'stream_limit_reached'
    | 'smoke_failed';
  readonly requestId?: string;
  readonly shopId?: string;
  readonly keyId?: string;
  /** The administrator's action, the step of a rotation, or the failed step of a smoke check. */
  readonly action?: string;
  /** ARN of the administrator. */
  readonly actor?: string;
  /** The number of records that were changed. */
  readonly count?: number;
  /** Why a call of the upstream failed. */
  readonly reason?: UpstreamFailure;
  /** The class of an error; never its message, which may quote input. */
  readonly errorName?: string;
  readonly causeName?: string;
}

/**
 * Writes one JSON line, with the two members from which Lambda determines its time and level. A warm allowed call
 * writes none, because a line costs more than the decision.
 */
export function log(level: 'info' | 'warn' | 'error', fields: LogFields): void {
  const { event, requestId, shopId, keyId, action, actor, count, reason, errorName, causeName } = fields;
  const entry = {
    timestamp: new Date().toISOString(),
    level: level.toUpperCase(),
    event,
    requestId,
    shopId,
    keyId,
    action,
    actor,
    count,
    reason,
    errorName,
    causeName,
  };
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}

/** The names of an error and of what caused it. */
export function errorNames(error: unknown): Pick<LogFields, 'errorName' | 'causeName'> {
  const nameOf = (value: unknown): string => (value instanceof Error ? value.name : typeof value);
  const cause = error instanceof Error ? error.cause : undefined;
  return { errorName: nameOf(error), ...(cause !== undefined && { causeName: nameOf(cause) }) };
}

/** For a change or a refusal whose entry did not reach the trail. */
export const logAuditDelay = (error: unknown): void => log('error', { event: 'audit_delayed', ...errorNames(error) });

/** For a service key whose use could not be recorded. */
export const logKeyUseFailure = (error: unknown): void =>
  log('error', { event: 'key_use_not_noted', ...errorNames(error) });

/** For a login whose call could not be counted for its address. */
export const logCountFailure = (error: unknown): void =>
  log('error', { event: 'call_not_counted', ...errorNames(error) });
