import type { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** One alarm: the name, which is also its heading `Alarm: <name>` in docs/alarms.md, the metric, and the meaning. */
export interface AlarmRow {
  readonly name: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Default: at the threshold or above. */
  readonly comparison?: ComparisonOperator;
  /** How many of how many periods. Default: one. */
  readonly of?: readonly [number, number];
  /** How a missing value is treated. */
  readonly missing: TreatMissingData;
  readonly why: string;
}
