import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { limits } from '#contract/limits.ts';
import type { AlarmRow } from './alarm-row.ts';
import { callAlarms } from './call-alarms.ts';
import { type GateMetrics, sumOf } from './gate-metrics.ts';

export interface Watched {
  readonly metrics: GateMetrics;
  readonly ringAge: IFunction;
  readonly hasCanary: boolean;
}

const { IGNORE, BREACHING, NOT_BREACHING } = TreatMissingData;
const fiveMinutes = Duration.minutes(5);
const quarter = Duration.minutes(15);
/** How late a rotation may be. */
const RING_GRACE_DAYS = 14;

/** Every alarm. */
export const alarmTable = ({ metrics, ringAge, hasCanary }: Watched): readonly AlarmRow[] => [
  ...callAlarms(metrics),
  {
    name: 'ring age',
    metric: metrics.own('ring-age', 'ring_age_days', Stats.MAXIMUM).with({ period: Duration.days(1) }),
    threshold: limits.ringRotationDays + RING_GRACE_DAYS,
    // A new deployment has no value for its first six hours, which must not raise an alarm.
    missing: IGNORE,
    why: 'The yearly rotation of the sealing ring did not take place.',
  },
  {
    name: 'signing key age',
    metric: metrics.own('ring-age', 'signing_key_age_days', Stats.MAXIMUM).with({ period: Duration.days(1) }),
    threshold: limits.ringRotationDays + RING_GRACE_DAYS,
    missing: IGNORE,
    why: 'The yearly rotation of the keys that sign assertions to upstreams did not take place.',
  },
  {
    name: 'rotation failed',
    metric: sumOf(
      [
        metrics.lambda('ring-rotation', 'Errors', Stats.SUM),
        metrics.lambda('signing-key-rotation', 'Errors', Stats.SUM),
        ringAge.metricErrors(),
      ],
      fiveMinutes,
    ),
    threshold: 1,
    missing: NOT_BREACHING,
    why: 'A step of the rotation of the ring or of the signing keys failed (Secrets Manager repeats it), or their ages could not be measured.',
  },
  ...(hasCanary ? canaryAlarms(metrics) : []),
];

/** Missing values of scheduled functions raise an alarm. */
const canaryAlarms = (metrics: GateMetrics): readonly AlarmRow[] => [
  {
    name: 'canary failing',
    metric: metrics.own('canary', 'smoke_failed').with({ period: fiveMinutes }),
    threshold: 1,
    of: [2, 3],
    missing: NOT_BREACHING,
    why: 'The smoke check fails: the gate refuses valid calls or allows invalid ones.',
  },
  {
    name: 'canary silent',
    metric: metrics.own('canary', 'smoke_passed', Stats.SAMPLE_COUNT).with({ period: quarter }),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    missing: BREACHING,
    why: 'The canary did not run for 15 minutes.',
  },
];
