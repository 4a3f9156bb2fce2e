import { functions } from '#contract/functions.ts';
import { type AlarmState, type Sample, stateOf } from '../support/alarm-state.ts';
import { type Properties, resourcesOf, synthesizeStage } from '../support/stacks.ts';

const stage = synthesizeStage('prod', {
  production: true,
  canaryShopId: 'shop_canary',
  canaryOrigin: 'https://canary.example.com',
});
const alarms = resourcesOf(stage.operations, 'AWS::CloudWatch::Alarm');
const api = stage.api.toJSON();
const tables = stage.data.toJSON();

/** `5xx` of `docs/alarms.md#alarm-5xx` */
const nameOf = ({ AlarmDescription }: Properties): string =>
  AlarmDescription.split('#alarm-')[1].replaceAll('-', ' ') as string;
const alarmOf = (name: string): Properties => {
  const found = alarms.find(([, alarm]) => nameOf(alarm) === name)?.[1];
  if (found === undefined) throw new Error(`there is no alarm ${name}`);
  return found;
};

/** A metric by its function, table or API, and its name. */
function keyOf({ Namespace, MetricName, Dimensions }: Properties): string {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }: Properties) => [Name, Value]));
  switch (Namespace) {
    case 'WidgetGate':
      return `${dimensions.service ?? dimensions.stage} ${MetricName}`;
    case 'AWS/ApiGateway':
      return `api ${MetricName}`;
    case 'AWS/Lambda':
      return `${functionNameOf(dimensions.FunctionName)} ${MetricName}`;
    case 'AWS/DynamoDB':
      return [tableNameOf(dimensions.TableName), dimensions.GlobalSecondaryIndexName ?? [], MetricName]
        .flat()
        .join(' ');
    default:
      throw new Error(`nobody writes to ${Namespace}`);
  }
}

/** What the operations stack takes from another one, as that one has published it. */
const publishedBy = ({ Outputs }: Properties, value: Properties): string =>
  Outputs[value['Fn::GetStackOutput']?.OutputName]?.Value.Ref;

function functionNameOf(value: Properties): string {
  const own = value.Ref !== undefined;
  const resources = own ? stage.operations.findResources('AWS::Lambda::Function') : api.Resources;
  const { Description } = resources[own ? value.Ref : publishedBy(api, value)].Properties;
  return Object.entries(functions).find(([, { summary }]) => summary === Description)?.[0] ?? Description;
}

const tableNameOf = (value: Properties): string =>
  publishedBy(tables, value)
    .replace(/Table[0-9A-F]{8}$/, '')
    .toLowerCase();

interface Expected {
  /** Every metric, each of which alone raises the alarm. */
  readonly metrics: readonly string[];
  /** Value in a period from which on it counts. */
  readonly from: number;
  readonly minutes: number;
  /** So many of so many periods. */
  readonly of: readonly [number, number];
  /** The state where nothing was written. */
  readonly silent: AlarmState;
}

const each = (names: string, ...metrics: string[]): string[] =>
  names.split(' ').flatMap((name) => metrics.map((metric) => `${name} ${metric}`));
const threeOfFive = { minutes: 1, of: [3, 5] as const, silent: 'OK' as const };
const once = { minutes: 5, of: [1, 1] as const, silent: 'OK' as const };

/** What docs/alarms.md says of each, in numbers. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  '5xx': { metrics: ['api 5XXError'], from: 5, ...threeOfFive },
  '503': {
    metrics: [
      ...each('token-issuer token-inspector security-token-issuer temp-token-issuer', 'service_unavailable'),
      ...each('session-exchange cors-preflight jwks admin-login admin-api', 'service_unavailable'),
    ],
    from: 3,
    ...threeOfFive,
  },
  'authorizer failures': {
    metrics: each(
      'widget-authorizer analytics-authorizer data-router-authorizer admin-authorizer',
      'service_unavailable',
    ),
    from: 3,
    ...threeOfFive,
  },
  'upstream failures': {
    metrics: each(
      'widget-endpoint analytics-endpoint data-router-endpoint',
      'upstream_failed',
      'upstream_unavailable',
      'service_unavailable',
    ),
    from: 5,
    ...threeOfFive,
  },
  'corrupt item': { metrics: ['widget-authorizer corrupt_record'], from: 1, ...once },
  'server key in a browser': {
    metrics: [
      ...each('token-issuer token-inspector security-token-issuer temp-token-issuer', 'api_key_in_browser'),
      ...each('analytics-authorizer data-router-authorizer widget-authorizer session-exchange', 'api_key_in_browser'),
    ],
    from: 1,
    ...once,
  },
  'admin login failures': {
    metrics: each('admin-login', 'login_failed', 'not_in_admin_group', 'too_many_requests'),
    from: 10,
    ...once,
    minutes: 15,
  },
  'calls throttled': { metrics: ['prod throttled_calls'], from: 10, ...threeOfFive },
  'functions throttled': {
    metrics: [
      ...each('widget-authorizer analytics-authorizer data-router-authorizer admin-authorizer', 'Throttles'),
      ...each('widget-endpoint analytics-endpoint data-router-endpoint', 'Throttles'),
      ...each('token-issuer security-token-issuer', 'Throttles'),
    ],
    from: 1,
    ...threeOfFive,
  },
  'tables throttled': {
    metrics: each('shops keys sessions audit', 'ReadThrottleEvents', 'WriteThrottleEvents'),
    from: 1,
    ...threeOfFive,
  },
  'indexes throttled': {
    metrics: [
      ...each('shops keys sessions', 'auditPending WriteThrottleEvents'),
      ...['keys serviceKeys WriteThrottleEvents', 'audit byDay WriteThrottleEvents'],
    ],
    from: 1,
    ...threeOfFive,
  },
  'audit delayed': { metrics: each('admin-api admin-login', 'audit_delayed'), from: 1, ...once, of: [2, 3] },
  'ring age': { metrics: ['ring-age ring_age_days'], from: 379, minutes: 1_440, of: [1, 1], silent: 'unchanged' },
  'signing key age': {
    metrics: ['ring-age signing_key_age_days'],
    from: 379,
    minutes: 1_440,
    of: [1, 1],
    silent: 'unchanged',
  },
  'rotation failed': { metrics: each('ring-rotation signing-key-rotation ring-age', 'Errors'), from: 1, ...once },
  'canary failing': { metrics: ['canary smoke_failed'], from: 1, ...once, of: [2, 3] },
};

/** A sample in each of `periods`, counted back from now, of `value` in each. */
const samplesIn = (metric: string, minutes: number, periods: readonly number[], value: number): Sample[] =>
  periods.map((period) => ({ metric, minutesAgo: (period + 1) * minutes - 1, value }));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('every alarm is described here, with all metrics that it looks at', () => {
  const metricsOf = ({ Metrics = [], ...alarm }: Properties): string[] =>
    alarm.MetricName === undefined
      ? Metrics.flatMap(({ MetricStat }: Properties) => (MetricStat === undefined ? [] : [keyOf(MetricStat.Metric)]))
      : [keyOf(alarm)];
  const described = new Map(Object.entries(EXPECTED).map(([name, { metrics }]) => [name, [...metrics].sort()]));
  described.set('canary silent', ['canary smoke_passed']);
  described.set('deny spike', [
    ...each('analytics-authorizer', 'analytics_allowed', 'origin_not_allowed', 'unauthorized'),
    ...each('widget-authorizer', 'allowed', 'origin_not_allowed', 'unauthorized'),
  ]);
  expect(new Map(alarms.map(([, alarm]) => [nameOf(alarm), metricsOf(alarm).sort()]))).toEqual(described);
});

describe.each(Object.entries(EXPECTED))('the alarm %s', (name, { metrics, from, minutes, of: [some, all], silent }) => {
  const state = (samples: readonly Sample[]): AlarmState => stateOf(alarmOf(name), samples, keyOf);

  test.each(metrics)('begins by %s alone, whatever the others do not say', (metric) => {
    expect(state(samplesIn(metric, minutes, upTo(some), from))).toBe('ALARM');
    expect(state(samplesIn(metric, minutes, upTo(all), from - 1))).toBe('OK');
  });

  test('takes so many periods of so many, and forgets older ones', () => {
    const [metric = ''] = metrics;
    const late = upTo(all).slice(-some);
    expect(state(samplesIn(metric, minutes, late, from))).toBe('ALARM');
    expect(state(samplesIn(metric, minutes, late.slice(1), from))).not.toBe('ALARM');
    expect(
      state(
        samplesIn(
          metric,
          minutes,
          late.map((period) => period + 1),
          from,
        ),
      ),
    ).not.toBe('ALARM');
  });

  test('adds up what is written within one period', () => {
    const [metric = ''] = metrics;
    const spread = upTo(some).flatMap((period) => [
      { metric, minutesAgo: period * minutes, value: from - 1 },
      { metric: metrics.at(-1) ?? '', minutesAgo: (period + 1) * minutes - 1, value: 1 },
    ]);
    expect(state(spread)).toBe(name.endsWith(' age') ? 'OK' : 'ALARM');
  });

  test('is silent about silence', () => {
    expect(state([])).toBe(silent);
    expect(state(samplesIn('another one', minutes, upTo(all), 1e6))).toBe(silent);
  });
});

describe('the alarm canary silent', () => {
  const state = (samples: readonly Sample[]): AlarmState => stateOf(alarmOf('canary silent'), samples, keyOf);

  test('begins when the canary has written nothing for a quarter of an hour', () => {
    expect(state([])).toBe('ALARM');
    expect(state(samplesIn('canary smoke_passed', 15, [1, 2, 3], 1))).toBe('ALARM');
    expect(state(samplesIn('canary smoke_failed', 1, [0], 1))).toBe('ALARM');
  });

  test.each([0, 1])('stays away while it writes, whether the check passed or not (%d)', (passed) => {
    expect(state([{ metric: 'canary smoke_passed', minutesAgo: 14, value: passed }])).toBe('OK');
  });
});

describe('the alarm deny spike', () => {
  const state = (counts: Readonly<Record<string, number>>, periods: readonly number[] = [0, 1]): AlarmState =>
    stateOf(
      alarmOf('deny spike'),
      Object.entries(counts).flatMap(([metric, value]) => samplesIn(metric, 5, periods, value)),
      keyOf,
    );
  const refused = each('widget-authorizer analytics-authorizer', 'unauthorized', 'origin_not_allowed');
  const allowed = ['widget-authorizer allowed', 'analytics-authorizer analytics_allowed'];

  test.each(refused)('begins when more than half of 100 calls are refused, all by %s', (metric) => {
    expect(state({ [metric]: 51, 'widget-authorizer allowed': 49 })).toBe('ALARM');
    expect(state({ [metric]: 100 })).toBe('ALARM');
  });

  test.each(allowed)('counts the calls that %s says were let through', (metric) => {
    expect(state({ 'widget-authorizer unauthorized': 50, [metric]: 50 })).toBe('OK');
    expect(state({ 'widget-authorizer unauthorized': 51, [metric]: 49 })).toBe('ALARM');
  });

  test('stays away from fewer than 100 calls, and from half of them', () => {
    expect(state({ 'widget-authorizer unauthorized': 99 })).toBe('OK');
    expect(state({ 'widget-authorizer unauthorized': 1_000, 'analytics-authorizer analytics_allowed': 1_000 })).toBe(
      'OK',
    );
  });

  test('adds up both authorizers and both refusals', () => {
    const counts = Object.fromEntries(refused.map((metric) => [metric, 15]));
    expect(state({ ...counts, 'widget-authorizer allowed': 40 })).toBe('ALARM');
    expect(state({ ...counts, 'widget-authorizer allowed': 39 })).toBe('OK');
  });

  test('takes two periods of five minutes within three', () => {
    const counts = { 'widget-authorizer unauthorized': 100 };
    expect(state(counts, [0, 2])).toBe('ALARM');
    expect(state(counts, [0])).toBe('OK');
    expect(state(counts, [2, 3])).toBe('OK');
    expect(state({})).toBe('OK');
  });
});

test('what is not understood of an alarm is an error, not a state', () => {
  const metric = { Namespace: 'WidgetGate', MetricName: 'allowed', Dimensions: [{ Name: 'service', Value: 'a' }] };
  const alarm = (Expression: string): Properties => ({
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    Metrics: [
      { Id: 'e1', Expression, ReturnData: true },
      { Id: 'm0', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
    ],
  });
  const sample = { metric: 'a allowed', minutesAgo: 0, value: 2 };
  expect(stateOf(alarm('m0 * (m0 + 1) / 2'), [sample], keyOf)).toBe('ALARM');
  expect(stateOf(alarm('m0'), [], keyOf)).toBe('INSUFFICIENT_DATA');
  for (const expression of ['m1', 'RATE(m0)', 'm0 m0', 'm0 - 1', '(m0', 'FILL(m0 0)', ''])
    expect(() => stateOf(alarm(expression), [sample], keyOf)).toThrow();
});
