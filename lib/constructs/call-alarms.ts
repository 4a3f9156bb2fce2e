import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmRow } from './alarm-row.ts';
import { denyShare } from './deny-share.ts';
import type { GateMetrics } from './gate-metrics.ts';
import { AUTHORIZERS, DIRECT_HANDLERS, ENDPOINTS, HOT_PATH, KEY_READERS } from './watched-functions.ts';

const { NOT_BREACHING } = TreatMissingData;
const minute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);
const quarter = Duration.minutes(15);

/**
 * The alarms about calls. None counts Lambda's errors of an authorizer: each 401 is one, because an authorizer reports "unauthorized" by
 * failing. A counter is written only when the event occurred, so a missing value is good news.
 */
export const callAlarms = (metrics: GateMetrics): readonly AlarmRow[] => [
  {
    name: '5xx',
    metric: metrics.gateway('5XXError', Stats.SUM).with({ period: minute }),
    threshold: 5,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'Calls end with 5xx, minute after minute.',
  },
  {
    name: '503',
    metric: metrics.sum(DIRECT_HANDLERS, ['service_unavailable'], minute),
    threshold: 3,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'Tokens cannot be issued, administrators not served or public keys not fetched: a store, STS or IAM does not respond.',
  },
  {
    name: 'authorizer failures',
    metric: metrics.sum(AUTHORIZERS, ['service_unavailable'], minute),
    threshold: 3,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'Authorizers cannot decide, so valid calls get 503.',
  },
  {
    name: 'upstream failures',
    metric: metrics.sum(ENDPOINTS, ['upstream_failed', 'upstream_unavailable', 'service_unavailable'], minute),
    threshold: 5,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'The API behind the gate hangs or returns no usable response, or the functions that call it fail.',
  },
  {
    name: 'corrupt item',
    metric: metrics.own('widget-authorizer', 'corrupt_record').with({ period: fiveMinutes }),
    threshold: 1,
    missing: NOT_BREACHING,
    why: 'The record of a shop cannot be read; calls for that shop get 503.',
  },
  {
    name: 'deny spike',
    metric: denyShare(metrics),
    threshold: 50,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    of: [2, 3],
    missing: NOT_BREACHING,
    why: 'More than half of at least 100 calls in five minutes are refused.',
  },
  {
    name: 'server key in a browser',
    metric: metrics.sum(KEY_READERS, ['api_key_in_browser'], fiveMinutes),
    threshold: 1,
    missing: NOT_BREACHING,
    why: 'A browser sent a key that belongs on a server: anyone who opens that page can read it.',
  },
  {
    name: 'admin login failures',
    metric: metrics.sum(['admin-login'], ['login_failed', 'not_in_admin_group', 'too_many_requests'], quarter),
    threshold: 10,
    missing: NOT_BREACHING,
    why: 'Repeated failed or excessive administrator logins.',
  },
  {
    name: 'calls throttled',
    metric: metrics.throttledCalls().with({ period: minute }),
    threshold: 10,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'The gateway refuses calls with 429.',
  },
  {
    name: 'functions throttled',
    metric: metrics.lambdaThrottles(HOT_PATH, minute),
    threshold: 1,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: "Lambda cannot run the gate's functions: the account's concurrency is used up.",
  },
  {
    name: 'tables throttled',
    metric: metrics.tableThrottles(minute),
    threshold: 1,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'DynamoDB throttles reads or writes of the gate.',
  },
  {
    name: 'indexes throttled',
    metric: metrics.indexThrottles(minute),
    threshold: 1,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'DynamoDB throttles writes of the gate, because an index has no capacity for them.',
  },
  {
    name: 'audit delayed',
    metric: metrics.sum(['admin-api', 'admin-login'], ['audit_delayed'], fiveMinutes),
    threshold: 1,
    of: [2, 3],
    missing: NOT_BREACHING,
    why: 'Changes or log-ins were made, but their entries can not be written to the audit trail.',
  },
];
