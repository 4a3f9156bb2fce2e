import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { environment } from '#contract/environment.ts';
import type { FunctionName } from '#contract/functions.ts';
import { limits } from '#contract/limits.ts';
import { type Decision, type Gauge, METRICS_NAMESPACE } from '#contract/metrics.ts';

/** Writes a function's metrics, with the two dimensions that all have. */
function metricsOf(functionName: FunctionName): Metrics {
  const deployment = process.env[environment.deployment];
  if (deployment === undefined) throw new Error(`the environment variable ${environment.deployment} is missing`);
  return new Metrics({
    namespace: METRICS_NAMESPACE,
    serviceName: functionName,
    defaultDimensions: { deployment },
  });
}

/** Writes the results of a scheduled function at once, zeros included: a missing value shows that it did not run. */
export function writeMeasurement(
  functionName: FunctionName,
  values: Readonly<Partial<Record<Decision | Gauge, number>>>,
): void {
  const metrics = metricsOf(functionName);
  for (const [name, value] of Object.entries(values)) metrics.addMetric(name, MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}

/**
 * Counts a function's decisions, and writes the sums as one line of CloudWatch's embedded metric format at most once a minute: a line for
 * each call would cost more than the call. Counts of a container after its last line are lost with it.
 */
export class DecisionCounters {
  readonly #counts = new Map<Decision, number>();
  readonly #metrics: Metrics;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(functionName: FunctionName) {
    this.#metrics = metricsOf(functionName);
  }

  count(decision: Decision): void {
    this.#counts.set(decision, (this.#counts.get(decision) ?? 0) + 1);
    const now = Date.now();
    if (Math.abs(now - this.#writtenAt) >= limits.metricsIntervalSeconds * 1_000) this.#write(now);
  }

  #write(now: number): void {
    this.#writtenAt = now;
    for (const [decision, count] of this.#counts) this.#metrics.addMetric(decision, MetricUnit.Count, count);
    this.#counts.clear();
    this.#metrics.publishStoredMetrics();
  }
}
