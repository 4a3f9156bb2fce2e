import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { FunctionName } from '../contract/functions.ts';
import { limits } from '../contract/limits.ts';
import type { Decision } from '../contract/metrics.ts';
import { metricsOf } from './measure.ts';

/**
 * Counts what a function decides, and writes the sums as one line of CloudWatch's embedded metric format, a minute apart at least: a line for
 * each call would cost more than the call. What a container counted after its last line is lost with it.
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
