import { App, Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { corsPreflight } from '../../lib/constructs/cors.ts';
import { sumOf } from '../../lib/constructs/gate-metrics.ts';

test('a browser keeps a preflight for two hours, the longest that Chromium does', () => {
  expect(corsPreflight().maxAge?.toSeconds()).toBe(7_200);
});

test('a sum counts a metric without data as none, so that one silent function hides nothing', () => {
  const metrics = ['a', 'b', 'c'].map((metricName) => new Metric({ namespace: 'N', metricName }));
  const sum = sumOf(metrics, Duration.minutes(1)) as MathExpression;
  expect(sum).toBeInstanceOf(MathExpression);
  expect(sum.expression).toBe('FILL(m0, 0) + FILL(m1, 0) + FILL(m2, 0)');
  expect(Object.keys(sum.usingMetrics)).toEqual(['m0', 'm1', 'm2']);
  expect(sum.period.toSeconds()).toBe(60);
  expect(new Stack(new App(), 'S').resolve(sum.toMetricConfig().mathExpression?.expression)).toBe(sum.expression);
});
