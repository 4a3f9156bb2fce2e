import type { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

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
