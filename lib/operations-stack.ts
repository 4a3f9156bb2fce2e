import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE, THROTTLED_CALLS } from '#contract/metrics.ts';
import { alarmTable } from './constructs/alarm-table.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { Alarms } from './constructs/alarms.ts';
import { Canary } from './constructs/canary.ts';
import { GateDashboard } from './constructs/dashboard.ts';
import { deploymentOf, GateMetrics, type WatchedStacks } from './constructs/gate-metrics.ts';
import { ScheduledFunction } from './constructs/scheduled-function.ts';

export type OperationsStackProps = StackProps & WatchedStacks;

/** The stack that watches the gate, which works without it: alarms, a dashboard, the ring's age, the canary. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { config, data, api } = props;
    const secretArns = { ringSecret: data.ring.secret.secretArn, signingSecret: data.signingKeys.secret.secretArn };
    const ofEach = {
      environment: { deployment: deploymentOf(config), ...secretArns },
      logRetention: config.logRetentionDays as RetentionDays,
      production: config.production,
      tracing: config.tracing,
    };

    new MetricFilter(this, 'ThrottledCalls', {
      logGroup: api.accessLog,
      filterPattern: FilterPattern.stringValue('$.errorType', '=', 'THROTTLED'),
      metricNamespace: METRICS_NAMESPACE,
      metricName: THROTTLED_CALLS,
      dimensions: { stage: '$.stage' },
    });

    const ringAge = new ScheduledFunction(this, 'RingAge', {
      ...ofEach,
      functionName: 'ring-age',
      every: Duration.hours(6),
      retryAttempts: 2,
    });
    ringAge.function.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['secretsmanager:DescribeSecret'], resources: Object.values(secretArns) }),
    );

    const { canaryShopId: shopId, canaryOrigin: origin } = config;
    if (shopId !== undefined) new Canary(this, 'Canary', { ...ofEach, shopId, origin, gateUrl: api.url });

    const { topic } = new AlarmTopic(this, 'AlarmTopic', { email: config.alarmEmail });
    const metrics = new GateMetrics(props);
    const { alarms } = new Alarms(this, 'Alarms', {
      rows: alarmTable({ metrics, ringAge: ringAge.function, hasCanary: shopId !== undefined }),
      action: new SnsAction(topic),
    });
    new GateDashboard(this, 'Dashboard', { config, metrics, alarms });
    new CfnOutput(this, 'AlarmTopicArn', {
      value: topic.topicArn,
      description: 'Subscribe to it to be notified of alarms',
    });
  }
}
