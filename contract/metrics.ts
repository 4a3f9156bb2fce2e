import type { ErrorCode } from './errors.ts';

/** The CloudWatch namespace of every counter; its dimensions are the function (`service`) and the deployment, never a shop. */
export const METRICS_NAMESPACE = 'WidgetGate';

/** What is counted beside the refusals of the catalogue, each under its own name. */
export const outcomes = {
  allowed: 'a widget call was let through',
  issued: 'a widget token was issued',
  inspected: 'a widget token was explained to its shop',
  answered: 'an authorized widget call was answered, by the upstream or the built-in endpoint',
  security_token_issued: 'a security token was issued',
  temp_token_issued: 'a temp token was issued',
  session_handled: 'a session was begun, shown or ended',
  preflight_answered: 'a browser asked whether a page may call',
  analytics_allowed: 'an analytics call was let through',
  dev_key_used: 'a dev key let an analytics call through',
  analytics_answered: 'an authorized analytics call was answered, by the upstream or the built-in endpoint',
  data_router_allowed: 'a data router call was let through',
  data_router_answered: 'an authorized data router call was answered, by the upstream or the built-in endpoint',
  public_keys_shown: 'the public keys of assertions were fetched',
  challenged: 'an administrator began to log in',
  logged_in: 'an administrator logged in',
  admin_allowed: 'a call of the admin API was let through',
  administered: 'a call of the admin API was answered',
  audit_delayed: 'an audit entry could not be written to the trail; its record keeps it until it can',
  corrupt_record: 'a stored record could not be read; its shop alone got 503',
  smoke_passed: 'the canary found every step of the smoke check as it should be',
  smoke_failed: 'the canary found a step of the smoke check otherwise, or could not begin',
} as const satisfies Record<string, string>;

export type Outcome = keyof typeof outcomes;

/** What is measured rather than counted. */
export const gauges = {
  ring_age_days: 'days since the sealing ring was rotated, or made',
  signing_key_age_days: 'days since the signing keys were rotated, or made',
} as const satisfies Record<string, string>;

export type Gauge = keyof typeof gauges;

/** Calls that the gateway's throttles turned away, counted from its access log by stage: no function sees them. */
export const THROTTLED_CALLS = 'throttled_calls';

/** A counter is named by what happened. */
export type Decision = Outcome | ErrorCode;
