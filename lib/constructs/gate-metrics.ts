import { Aws, Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName, GateFunctionName } from '#contract/functions.ts';
import { type Decision, type Gauge, METRICS_NAMESPACE, THROTTLED_CALLS } from '#contract/metrics.ts';
import { AUDIT_DAY_INDEX, AUDIT_PENDING_INDEX, SERVICE_KEY_INDEX } from '#contract/tables.ts';
import type { ApiStack } from '../api-stack.ts';
import type { DataStack } from '../data-stack.ts';
import type { StageConfig } from '../stage-config.ts';
import { DataTable } from './data-table.ts';

export interface WatchedStacks {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly api: ApiStack;
}

/** An alarm on an expression uses at most ten metrics (a CloudWatch limit). */
const MAX_METRICS = 10;

/** The value of CloudWatch's dimension `deployment`, which sealed values are also bound to. */
export const deploymentOf = ({ deploymentName, stage }: StageConfig): string =>
  `${deploymentName}:${Aws.ACCOUNT_ID}:${stage}`;

/**
 * Every watched metric: our own counters, and those of API Gateway, Lambda and DynamoDB. The period is specified where
 * a metric is used.
 */
export class GateMetrics {
  readonly #stacks: WatchedStacks;

  constructor(stacks: WatchedStacks) {
    this.#stacks = stacks;
  }

  /** One of our own, by the function that writes it. */
  own(service: FunctionName, name: Decision | Gauge, statistic: string = Stats.SUM): Metric {
    const dimensionsMap = { service, deployment: deploymentOf(this.#stacks.config) };
    return new Metric({ namespace: METRICS_NAMESPACE, metricName: name, dimensionsMap, statistic, label: name });
  }

  /** The sum of counters of several functions. */
  sum(services: readonly FunctionName[], names: readonly Decision[], period: Duration): IMetric {
    return sumOf(
      services.flatMap((service) => names.map((name) => this.own(service, name))),
      period,
    );
  }

  throttledCalls(): Metric {
    const dimensionsMap = { stage: this.#stacks.config.stage };
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: THROTTLED_CALLS,
      dimensionsMap,
      statistic: Stats.SUM,
    });
  }

  gateway(metricName: 'Count' | '4XXError' | '5XXError' | 'Latency' | 'IntegrationLatency', statistic: string): Metric {
    const { api, config } = this.#stacks;
    const dimensionsMap = { ApiName: api.api.restApiName, Stage: config.stage };
    return new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap, statistic, label: metricName });
  }

  lambda(name: GateFunctionName, metricName: 'Duration' | 'Errors' | 'Throttles', statistic: string): Metric {
    return this.#stacks.api.functions[name].metric(metricName, { statistic, label: name });
  }

  lambdaThrottles(names: readonly GateFunctionName[], period: Duration): IMetric {
    return sumOf(
      names.map((name) => this.lambda(name, 'Throttles', Stats.SUM)),
      period,
    );
  }

  /** Calls that a table itself throttled, for all four tables. */
  tableThrottles(period: Duration): IMetric {
    const both = ['ReadThrottleEvents', 'WriteThrottleEvents'];
    const ofTables = this.#tables().flatMap(([label, { table }]) =>
      both.map((name) => table.metric(name, { statistic: Stats.SUM, label })),
    );
    return sumOf(ofTables, period);
  }

  /** Writes for which an index had no capacity: they are counted only for the index. */
  indexThrottles(period: Duration): IMetric {
    const { shops, keys, sessions, audit } = this.#stacks.data;
    const indexes = [
      [keys, SERVICE_KEY_INDEX] as const,
      [audit, AUDIT_DAY_INDEX] as const,
      ...[shops, keys, sessions].map((table) => [table, AUDIT_PENDING_INDEX] as const),
    ];
    const ofIndexes = indexes.map(([{ table }, label]) => {
      const dimensionsMap = { TableName: table.tableName, GlobalSecondaryIndexName: label };
      return table.metric('WriteThrottleEvents', { dimensionsMap, statistic: Stats.SUM, label });
    });
    return sumOf(ofIndexes, period);
  }

  /** Failures of DynamoDB itself on the calls that decisions wait for. */
  tableErrors(): Metric[] {
    return this.#tables().map(([label, { table }]) =>
      table.metric('SystemErrors', {
        dimensionsMap: { TableName: table.tableName, Operation: 'GetItem' },
        statistic: 'Sum',
        label,
      }),
    );
  }

  /** Every table of the data stack, with its name there. */
  #tables(): [string, DataTable][] {
    return Object.entries(this.#stacks.data).filter(
      (member): member is [string, DataTable] => member[1] instanceof DataTable,
    );
  }
}

/** A counter that was not written counts as zero: otherwise one silent function would hide the values of the others. */
export function sumOf(metrics: readonly IMetric[], period: Duration = Duration.minutes(5)): IMetric {
  if (metrics.length > MAX_METRICS) throw new Error(`an alarm cannot sum up ${metrics.length} metrics`);
  const usingMetrics = Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric]));
  const expression = Object.keys(usingMetrics).map((id) => `FILL(${id}, 0)`);
  return new MathExpression({ expression: expression.join(' + '), usingMetrics, period, label: 'sum' });
}
