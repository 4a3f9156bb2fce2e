import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { environment } from '../contract/environment.ts';
import type { FunctionName } from '../contract/functions.ts';
import { type Decision, type Gauge, METRICS_NAMESPACE } from '../contract/metrics.ts';

/** What writes a function's metrics, under the two dimensions that all have. */
export function metricsOf(functionName: FunctionName): Metrics {
  const deployment = process.env[environment.deployment];
  if (deployment === undefined) throw new Error(`the environment variable ${environment.deployment} is missing`);
  return new Metrics({
    namespace: METRICS_NAMESPACE,
    serviceName: functionName,
    defaultDimensions: { deployment },
  });
}

/** Writes what a function that runs by the calendar found, at once and zeros included: that there is no value tells that it did not run. */
export function writeMeasurement(
  functionName: FunctionName,
  values: Readonly<Partial<Record<Decision | Gauge, number>>>,
): void {
  const metrics = metricsOf(functionName);
  for (const [name, value] of Object.entries(values)) metrics.addMetric(name, MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}
