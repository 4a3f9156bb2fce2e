import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName, GateFunctionName } from '../../lambda/contract/functions.ts';
import { limits } from '../../lambda/contract/limits.ts';
import type { GateMetrics } from './gate-metrics.ts';

/** One alarm: the name, which is also its heading `Alarm: <name>` in docs/alarms.md, what it looks at, and why. */
export interface AlarmRow {
  readonly name: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Default: at the threshold or above. */
  readonly comparison?: ComparisonOperator;
  /** How many of how many periods. Default: one. */
  readonly of?: readonly [number, number];
  /** What it means when there is no value. */
  readonly missing: TreatMissingData;
  readonly why: string;
}

const AUTHORIZERS = [
  'widget-authorizer',
  'analytics-authorizer',
  'data-router-authorizer',
  'admin-authorizer',
] as const satisfies readonly FunctionName[];
/** Behind the routes without an authorizer, and the admin API. */
const DOORS = [
  'token-issuer',
  'token-inspector',
  'security-token-issuer',
  'temp-token-issuer',
  'session-exchange',
  'cors-preflight',
  'admin-login',
  'admin-api',
] as const satisfies readonly FunctionName[];
const ENDPOINTS = ['widget-endpoint', 'analytics-endpoint', 'data-router-endpoint'] as const;
/** Those that look at keys of servers. */
const KEY_READERS = [
  'token-issuer',
  'token-inspector',
  'security-token-issuer',
  'temp-token-issuer',
  'analytics-authorizer',
  'data-router-authorizer',
] as const satisfies readonly FunctionName[];
/** What every widget or analytics call goes through. */
const HOT_PATH: readonly GateFunctionName[] = [...AUTHORIZERS, ...ENDPOINTS, 'token-issuer', 'security-token-issuer'];

const { IGNORE, BREACHING, NOT_BREACHING } = TreatMissingData;
const [minute, fiveMinutes, quarter] = [1, 5, 15].map((minutes) => Duration.minutes(minutes)) as [
  Duration,
  Duration,
  Duration,
];
/** How much later than planned a rotation may be. */
const RING_GRACE_DAYS = 14;

/**
 * Every alarm. None counts Lambda's errors of an authorizer: each 401 is one, because an authorizer says "unauthorized" by failing. A counter
 * is written only when something happened, so its silence is good news; what runs by the calendar must not be silent.
 */
export const alarmTable = (metrics: GateMetrics, hasCanary: boolean): readonly AlarmRow[] => [
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
    metric: metrics.sum(DOORS, ['service_unavailable'], minute),
    threshold: 3,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'Tokens can not be issued, or administrators not served: a store, STS or IAM does not answer.',
  },
  {
    name: 'authorizer failures',
    metric: metrics.sum(AUTHORIZERS, ['service_unavailable'], minute),
    threshold: 3,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'Authorizers can not decide, so good calls get 503.',
  },
  {
    name: 'upstream failures',
    metric: metrics.sum(ENDPOINTS, ['upstream_failed'], minute),
    threshold: 5,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'The API behind the gate gives no usable answer.',
  },
  {
    name: 'corrupt item',
    metric: metrics.own('widget-authorizer', 'corrupt_record').with({ period: fiveMinutes }),
    threshold: 1,
    missing: NOT_BREACHING,
    why: 'The record of a shop can not be read; that shop gets 503.',
  },
  {
    name: 'deny spike',
    metric: denyShare(metrics),
    threshold: 50,
    of: [2, 3],
    missing: NOT_BREACHING,
    why: 'More than half of 100 or more calls in five minutes are refused.',
  },
  {
    name: 'server key in a browser',
    metric: metrics.sum(KEY_READERS, ['api_key_in_browser'], fiveMinutes),
    threshold: 1,
    missing: NOT_BREACHING,
    why: 'A browser sent a key that belongs on a server: whoever opens that page can read it.',
  },
  {
    name: 'admin login failures',
    metric: metrics.sum(['admin-login'], ['login_failed', 'not_in_admin_group'], quarter),
    threshold: 10,
    missing: NOT_BREACHING,
    why: 'Somebody tries to log in as an administrator, again and again in vain.',
  },
  {
    name: 'calls throttled',
    metric: metrics.throttledCalls().with({ period: minute }),
    threshold: 10,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'The gateway turns calls away with 429.',
  },
  {
    name: 'functions throttled',
    metric: metrics.lambdaThrottles(HOT_PATH, minute),
    threshold: 1,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'Lambda has no room to run the gate: the account’s concurrency is used up.',
  },
  {
    name: 'tables throttled',
    metric: metrics.tableThrottles(minute),
    threshold: 1,
    of: [3, 5],
    missing: NOT_BREACHING,
    why: 'DynamoDB turns reads or writes of the gate away.',
  },
  {
    name: 'ring age',
    metric: metrics.own('ring-age', 'ring_age_days', Stats.MAXIMUM).with({ period: Duration.days(1) }),
    threshold: limits.ringRotationDays + RING_GRACE_DAYS,
    // A new deployment has no value for its first six hours, which is no reason to wake somebody.
    missing: IGNORE,
    why: 'The yearly rotation of the sealing ring did not take place.',
  },
  {
    name: 'rotation failed',
    metric: metrics.lambda('ring-rotation', 'Errors', Stats.SUM).with({ period: fiveMinutes }),
    threshold: 1,
    missing: NOT_BREACHING,
    why: 'A step of the ring rotation failed; Secrets Manager repeats it.',
  },
  ...(hasCanary ? canaryRows(metrics) : []),
];

const canaryRows = (metrics: GateMetrics): readonly AlarmRow[] => [
  {
    name: 'canary failing',
    metric: metrics.own('canary', 'smoke_failed').with({ period: fiveMinutes }),
    threshold: 1,
    of: [2, 3],
    missing: NOT_BREACHING,
    why: 'The smoke check fails: the gate refuses what it should allow, or worse, the other way round.',
  },
  {
    name: 'canary silent',
    metric: metrics.own('canary', 'smoke_passed', Stats.SAMPLE_COUNT).with({ period: quarter }),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    missing: BREACHING,
    why: 'The canary did not run for a quarter of an hour.',
  },
];

/** Refused calls in per cent of all, or 0 where there are too few to tell. */
function denyShare(metrics: GateMetrics): IMetric {
  const counted = (name: 'widget' | 'analytics', allowed: 'allowed' | 'analytics_allowed') => {
    const service = `${name}-authorizer` as const;
    return [
      metrics.own(service, 'unauthorized'),
      metrics.own(service, 'origin_not_allowed'),
      metrics.own(service, allowed),
    ];
  };
  const all = [...counted('widget', 'allowed'), ...counted('analytics', 'analytics_allowed')];
  const usingMetrics = Object.fromEntries(all.map((metric, at) => [`m${at}`, metric]));
  const sum = (...at: number[]): string => `(${at.map((one) => `FILL(m${one}, 0)`).join(' + ')})`;
  const [refused, total] = [sum(0, 1, 3, 4), sum(0, 1, 2, 3, 4, 5)];
  const expression = `IF(${refused} >= 100, 100 * ${refused} / ${total}, 0)`;
  return new MathExpression({ expression, usingMetrics, period: fiveMinutes, label: 'refused, per cent' });
}
