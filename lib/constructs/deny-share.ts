import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { GateMetrics } from './gate-metrics.ts';

/** Below this number of calls, a share is not meaningful. */
const ENOUGH = 100;

/** Refused calls in percent of all, or 0 if there are too few calls. */
export function denyShare(metrics: GateMetrics): IMetric {
  const counted = (name: 'widget' | 'analytics', allowed: 'allowed' | 'analytics_allowed') => {
    const service = `${name}-authorizer` as const;
    return [
      metrics.own(service, 'unauthorized'),
      metrics.own(service, 'origin_not_allowed'),
      metrics.own(service, allowed),
    ];
  };
  const all = [...counted('widget', 'allowed'), ...counted('analytics', 'analytics_allowed')];
  const usingMetrics = Object.fromEntries(all.map((metric, at) => [`m${at}`, metric]));
  const sum = (...at: number[]): string => `(${at.map((one) => `FILL(m${one}, 0)`).join(' + ')})`;
  const [refused, total] = [sum(0, 1, 3, 4), sum(0, 1, 2, 3, 4, 5)];
  const expression = `IF(${total} >= ${ENOUGH}, 100 * ${refused} / ${total}, 0)`;
  return new MathExpression({ expression, usingMetrics, period: Duration.minutes(5), label: 'refused, per cent' });
}
