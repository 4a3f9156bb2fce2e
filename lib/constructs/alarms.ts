import { Alarm, ComparisonOperator, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmRow } from './alarm-row.ts';

export interface AlarmsProps {
  readonly rows: readonly AlarmRow[];
  /** Notified when an alarm begins and when it ends. */
  readonly action: IAlarmAction;
}

/** The address of each alarm's heading in docs/alarms.md, with GitHub's anchors. */
const runbookOf = (name: string): string => `docs/alarms.md#alarm-${name.replaceAll(' ', '-')}`;

/** One CloudWatch alarm for each row. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { rows, action }: AlarmsProps) {
    super(scope, id);
    this.alarms = rows.map((row) => {
      const [datapointsToAlarm, evaluationPeriods] = row.of ?? [1, 1];
      const alarm = new Alarm(this, idOf(row.name), {
        alarmDescription: `${row.why} What to do: ${runbookOf(row.name)}`,
        metric: row.metric,
        threshold: row.threshold,
        comparisonOperator: row.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        datapointsToAlarm,
        evaluationPeriods,
        treatMissingData: row.missing,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }
}

/** `deny spike` as `DenySpike`. */
const idOf = (name: string): string => name.replace(/(?:^| )(.)/g, (_all, first: string) => first.toUpperCase());
