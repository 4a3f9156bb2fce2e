import type { ErrorCode } from './errors.ts';

/** The CloudWatch namespace of every counter; its dimensions are the function (`service`) and the deployment, never a shop. */
export const METRICS_NAMESPACE = 'WidgetGate';

/** What is counted in addition to the refusals of the catalog, each under its own name. */
export const outcomes = {
  allowed: 'a widget call was allowed',
  issued: 'a widget token was issued',
  inspected: 'a widget token was explained to its shop',
  answered: 'an authorized widget call was answered, by the upstream or the built-in endpoint',
  security_token_issued: 'a security token was issued',
  temp_token_issued: 'a temp token was issued',
  session_handled: 'a session was created, shown or ended',
  preflight_answered: 'a browser asked whether a page may call',
  analytics_allowed: 'an analytics call was allowed',
  dev_key_used: 'an analytics call with a dev key was allowed',
  analytics_answered: 'an authorized analytics call was answered, by the upstream or the built-in endpoint',
  data_router_allowed: 'a data router call was allowed',
  data_router_answered: 'an authorized data router call was answered, by the upstream or the built-in endpoint',
  public_keys_shown: 'the public keys of assertions were fetched',
  challenged: 'an administrator began to log in',
  logged_in: 'an administrator logged in',
  admin_allowed: 'a call of the admin API was allowed',
  administered: 'a call of the admin API was answered',
  audit_delayed: 'an audit entry could not be written to the trail yet; its record keeps it',
  corrupt_record: 'a stored record is corrupt; only calls for its shop got 503',
  smoke_passed: 'the smoke check of the canary passed',
  smoke_failed: 'the smoke check of the canary failed or could not start',
} as const satisfies Record<string, string>;

export type Outcome = keyof typeof outcomes;

/** What is measured rather than counted. */
export const gauges = {
  ring_age_days: 'days since the sealing ring was rotated or created',
  signing_key_age_days: 'days since the signing keys were rotated or created',
} as const satisfies Record<string, string>;

export type Gauge = keyof typeof gauges;

/**
 * Calls that the gateway's throttles refused, counted from its access log by stage, because no function receives them.
 */
export const THROTTLED_CALLS = 'throttled_calls';

/** A counter is named after the event that it counts. */
export type Decision = Outcome | ErrorCode;
