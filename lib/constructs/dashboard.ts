import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  type Metric,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ErrorCode } from '#contract/errors.ts';
import { functions, type GateFunctionName } from '#contract/functions.ts';
import { METRICS_NAMESPACE } from '#contract/metrics.ts';
import type { StageConfig } from '../stage-config.ts';
import { deploymentOf, type GateMetrics } from './gate-metrics.ts';

export interface GateDashboardProps {
  readonly config: StageConfig;
  readonly metrics: GateMetrics;
  readonly alarms: readonly Alarm[];
}

const AUTHORIZERS = Object.keys(functions).filter((name) => name.endsWith('-authorizer')) as GateFunctionName[];
const period = Duration.minutes(5);

/** One page: requests, decisions, durations, and whatever slows or fails them. */
export class GateDashboard extends Construct {
  constructor(scope: Construct, id: string, { config, metrics, alarms }: GateDashboardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', { widgets: rowsOf(config, metrics, alarms), periodOverride: PeriodOverride.AUTO });
  }
}

function rowsOf(config: StageConfig, metrics: GateMetrics, alarms: readonly Alarm[]): IWidget[][] {
  const gateway = metrics.gateway.bind(metrics);
  const own = metrics.own.bind(metrics);
  const lambda = metrics.lambda.bind(metrics);
  return [
    [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 })],
    [
      graph('Traffic', [gateway('Count', Stats.SUM), gateway('4XXError', Stats.SUM), gateway('5XXError', Stats.SUM)]),
      graph('Decisions', [
        own('widget-authorizer', 'allowed'),
        own('analytics-authorizer', 'analytics_allowed'),
        own('data-router-authorizer', 'data_router_allowed'),
        own('admin-authorizer', 'admin_allowed'),
        own('token-issuer', 'issued'),
        own('security-token-issuer', 'security_token_issued'),
      ]),
      graph('Refusals by code', [refusalsByCode(config)]),
    ],
    [
      graph(
        'Gateway latency',
        percentiles((statistic) => [labeled(gateway('Latency', statistic), statistic)]),
      ),
      graph(
        'Authorizer latency',
        percentiles((statistic) =>
          AUTHORIZERS.map((name) => labeled(lambda(name, 'Duration', statistic), `${name} ${statistic}`)),
        ),
      ),
    ],
    [
      graph('Throttles', [
        labeled(metrics.throttledCalls(), 'calls'),
        ...AUTHORIZERS.map((name) => lambda(name, 'Throttles', Stats.SUM)),
      ]),
      graph('Table errors', [...metrics.tableErrors(), metrics.tableThrottles(period)]),
      graph('Canary and ring', [
        own('canary', 'smoke_passed'),
        own('canary', 'smoke_failed'),
        own('ring-age', 'ring_age_days', Stats.MAXIMUM),
        own('ring-age', 'signing_key_age_days', Stats.MAXIMUM),
      ]),
    ],
  ];
}

/** The median and the slowest hundredth. */
const percentiles = (make: (statistic: string) => Metric[]): Metric[] => ['p50', 'p99'].flatMap(make);

const labeled = (metric: Metric, label: string): Metric => metric.with({ label });

const graph = (title: string, left: readonly IMetric[]): GraphWidget =>
  new GraphWidget({ title, left: [...left], width: 8, height: 7, period });

/**
 * The counters that say something about the gate or its clients; one that is not written yet costs nothing and shows
 * nothing.
 */
const SHOWN_CODES = [
  'unauthorized',
  'invalid_api_key',
  'invalid_temp_token',
  'no_session',
  'login_failed',
  'origin_not_allowed',
  'wrong_app',
  'wrong_shop',
  'shop_disabled',
  'issuing_paused',
  'api_key_in_browser',
  'upstream_failed',
  'upstream_unavailable',
  'service_unavailable',
] as const satisfies readonly ErrorCode[];

/** Of every function that has written one: found when the page is opened. */
function refusalsByCode(config: StageConfig): IMetric {
  const search = `{${METRICS_NAMESPACE},service,deployment} deployment="${deploymentOf(config)}" MetricName=(${SHOWN_CODES.map((code) => `"${code}"`).join(' OR ')})`;
  return new MathExpression({ expression: `SEARCH('${search}', 'Sum', ${period.toSeconds()})`, label: '', period });
}
