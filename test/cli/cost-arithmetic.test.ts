import fc from 'fast-check';
import { authorizationCost, type CostLine, estimate, totalOf } from '#cli/cost/estimate.ts';
import { PRICED, priceOf, prices } from '#cli/cost/prices.ts';
import { type PricedResources, pricedResources } from '#cli/cost/template.ts';
import type { Template } from '#cli/synthesized.ts';

const resources: PricedResources = {
  tables: 4,
  keys: 1,
  secrets: 1,
  alarmMetrics: 5,
  dashboards: 1,
  webAcls: 0,
  webAclRules: 0,
  logsAccess: true,
  countsByMethod: true,
  logsPlatform: true,
};
const none = { calls: 0, issues: 0, logins: 0, shops: 10 };
const lineOf = (lines: readonly CostLine[], item: string): CostLine => {
  const found = lines.find((line) => line.item === item);
  if (found === undefined) throw new Error(`there is no line ${item}`);
  return found;
};

test('a month without traffic costs what is there all the time and nothing else', () => {
  const lines = estimate(resources, none);
  // 1 key, 1 secret, 5 metrics of alarms, 1 dashboard, 10 shops of 4 KiB.
  const fixed = 1 + 0.4 + 0.5 + 3 + (10 * 4_096 * 0.45) / 1e9;
  expect(totalOf(lines)).toBeCloseTo(fixed, 10);
  expect(totalOf(lines.filter(({ isFixed }) => isFixed))).toBeCloseTo(fixed, 10);
});

/** By hand: 2,592,000 calls are one a second; ten shops in one container, kept 5 s, so 1 ÷ (1 + 5 ÷ 10) of them read. */
test.each<[string, number, number]>([
  ['calls: gateway', 2_592_000, 2.592 * 3.5],
  ['calls: functions', 5_184_000, 5.184 * 0.2],
  ['calls: table reads', 1_728_000, 1.728 * 0.125],
  // 0.25 GB × (2 ms for each, 10 ms more for those that read), and 0.25 GB × 50 ms at the endpoint.
  ['calls: function time', 0.25 * (2_592 * 2 + 1_728 * 10 + 2_592 * 50), 38_016 * 0.000_013_333_4],
  // Kept 300 s in one container: 1 ÷ 301 of them.
  ['calls: ring reads', 2_592_000 / 301, (2_592_000 / 301) * 0.000_005],
  ['calls: logs', (2_592_000 * (450 + 2 * 600)) / 1e9, 4.2768 * 0.5],
  ['calls: metrics', 7, 2.1],
])('%s of a call a second is as computed by hand', (item, quantity, sum) => {
  const found = lineOf(estimate(resources, { ...none, calls: 2_592_000 }), item);
  expect(found.quantity).toBeCloseTo(quantity, 3);
  expect(found.sum).toBeCloseTo(sum, 6);
});

test('a web ACL costs as such, by its rules and by each call that it looks at', () => {
  const traffic = { ...none, calls: 1_000_000 };
  const guarded = estimate({ ...resources, webAcls: 1, webAclRules: 1 }, traffic);
  expect(totalOf(guarded) - totalOf(estimate(resources, traffic))).toBeCloseTo(5 + 1 + 0.6, 10);
});

test("the gateway's price falls by steps", () => {
  expect(priceOf('restCalls', 333e6)).toBeCloseTo(1_165.5, 6);
  expect(priceOf('restCalls', 500e6)).toBeCloseTo(1_165.5 + 167 * 2.8, 6);
  expect(priceOf('restCalls', 2e9)).toBeCloseTo(1_165.5 + 667 * 2.8 + 1_000 * 2.38, 6);
});

test('more traffic never costs less, in all and line by line', () => {
  const amount = fc.integer({ min: 0, max: 10_000_000_000 });
  const traffic = fc.record({
    calls: amount,
    issues: amount,
    logins: amount,
    shops: fc.integer({ min: 1, max: 100_000 }),
  });
  const more = fc.record({ calls: amount, issues: amount, logins: amount, shops: fc.nat(100_000) });
  fc.assert(
    fc.property(traffic, more, (less, added) => {
      const greater = {
        calls: less.calls + added.calls,
        issues: less.issues + added.issues,
        logins: less.logins + added.logins,
        shops: less.shops + added.shops,
      };
      const [before, after] = [estimate(resources, less), estimate(resources, greater)];
      for (const [at, { sum }] of before.entries()) expect(after[at]?.sum).toBeGreaterThanOrEqual(sum * (1 - 1e-12));
      expect(authorizationCost(greater)).toBeGreaterThanOrEqual(authorizationCost(less) * (1 - 1e-12));
    }),
  );
});

test('no line is negative or no number, whatever the template holds', () => {
  for (const line of estimate({ ...resources, logsAccess: false, logsPlatform: false, countsByMethod: false }, none)) {
    expect(line.sum).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(line.unitPrice)).toBe(true);
  }
});

test('every price says where it is listed, and all say of when and where they are', () => {
  expect(PRICED.date).toMatch(/^20\d\d-\d\d-\d\d$/);
  for (const { source, tiers } of Object.values(prices)) {
    expect(source).toMatch(/pricing/);
    expect(tiers.at(-1)?.upTo).toBe(Number.POSITIVE_INFINITY);
  }
});

test('what has a price is read from the templates', () => {
  const data: Template = {
    Resources: {
      T: { Type: 'AWS::DynamoDB::GlobalTable' },
      K: { Type: 'AWS::KMS::Key' },
      S: { Type: 'AWS::SecretsManager::Secret' },
    },
  };
  const api: Template = {
    Resources: {
      A: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'x' } },
      E: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Metrics: [{ Expression: 'm0 + m1' }, { MetricStat: {} }, { MetricStat: {} }] },
      },
      W: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{}] } },
      F: { Type: 'AWS::Lambda::Function', Properties: { LoggingConfig: { SystemLogLevel: 'WARN' } } },
      G: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: { AccessLogSetting: {}, MethodSettings: [{ MetricsEnabled: true }] },
      },
    },
  };
  expect(pricedResources([data, api])).toEqual({
    tables: 1,
    keys: 1,
    secrets: 1,
    alarmMetrics: 3,
    dashboards: 0,
    webAcls: 1,
    webAclRules: 1,
    logsAccess: true,
    countsByMethod: true,
    logsPlatform: false,
  });
});
