import type { Properties } from './stacks.ts';

/** One value that was written to a metric. */
export interface Sample {
  /** As `keyOf` of `stateOf` names it. */
  readonly metric: string;
  /** 0: within the last minute. */
  readonly minutesAgo: number;
  readonly value: number;
}

/** `unchanged`: the alarm stays in the state that it was in. */
export type AlarmState = 'ALARM' | 'OK' | 'INSUFFICIENT_DATA' | 'unchanged';

type Value = number | undefined;
type Values = ReadonlyMap<string, Value>;

/**
 * The state that CloudWatch puts an alarm into, given everything that was written to its metrics: statistics by period, metric math, missing
 * data, datapoints to alarm. Knows the part of metric math that is in use; throws on anything else. `keyOf` names a metric.
 */
export function stateOf(
  alarm: Properties,
  samples: readonly Sample[],
  keyOf: (metric: Properties) => string,
): AlarmState {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData = 'missing' } = alarm;
  const ages = Array.from({ length: EvaluationPeriods }, (_, at) => at);
  const datapoints = ages.map((age) => datapointOf(alarm, samples, age, keyOf));
  const breaches = (value: Value): boolean => value !== undefined && isBreaching(alarm, value);
  const missing = datapoints.filter((value) => value === undefined).length;
  const breaching = datapoints.filter(breaches).length + (TreatMissingData === 'breaching' ? missing : 0);
  if (breaching >= DatapointsToAlarm) return 'ALARM';
  if (missing === 0 || TreatMissingData === 'notBreaching' || TreatMissingData === 'breaching') return 'OK';
  return TreatMissingData === 'ignore' ? 'unchanged' : 'INSUFFICIENT_DATA';
}

function isBreaching({ ComparisonOperator, Threshold }: Properties, value: number): boolean {
  switch (ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= Threshold;
    case 'GreaterThanThreshold':
      return value > Threshold;
    case 'LessThanThreshold':
      return value < Threshold;
    default:
      throw new Error(`unknown comparison ${ComparisonOperator}`);
  }
}

/** The value of an alarm's metric or expression, `age` periods ago. */
function datapointOf(
  alarm: Properties,
  samples: readonly Sample[],
  age: number,
  keyOf: (metric: Properties) => string,
): Value {
  const statistic = ({ Period, Stat }: Properties, metric: Properties): Value =>
    statisticOf(
      Stat,
      samples.filter(
        (sample) => sample.metric === keyOf(metric) && Math.floor((sample.minutesAgo * 60) / Period) === age,
      ),
    );
  if (alarm.MetricName !== undefined) return statistic({ Period: alarm.Period, Stat: alarm.Statistic }, alarm);
  const metrics = alarm.Metrics as Properties[];
  const values = new Map(
    metrics.flatMap(({ Id, MetricStat }) =>
      MetricStat === undefined ? [] : [[Id as string, statistic(MetricStat, MetricStat.Metric)] as const],
    ),
  );
  const [returned, ...others] = metrics.filter(({ ReturnData }) => ReturnData !== false);
  if (returned === undefined || others.length > 0) throw new Error('an alarm looks at exactly one series');
  return returned.Expression === undefined
    ? values.get(returned.Id)
    : new Expression(returned.Expression, values).value();
}

function statisticOf(statistic: string, samples: readonly Sample[]): Value {
  const values = samples.map(({ value }) => value);
  if (values.length === 0) return undefined;
  switch (statistic) {
    case 'Sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'Maximum':
      return Math.max(...values);
    case 'SampleCount':
      return values.length;
    default:
      throw new Error(`unknown statistic ${statistic}`);
  }
}

type Operator = readonly [symbol: string, apply: (left: number, right: number) => number];

/** By how tightly they bind, loosest first. */
const OPERATORS: readonly (readonly Operator[])[] = [
  [
    ['>=', (left, right) => Number(left >= right)],
    ['>', (left, right) => Number(left > right)],
  ],
  [['+', (left, right) => left + right]],
  [
    ['*', (left, right) => left * right],
    ['/', (left, right) => left / right],
  ],
];

/** Metric math at one moment. A value that is missing makes everything missing that is computed from it, but for FILL. */
class Expression {
  readonly #tokens: string[];
  readonly #values: Values;

  constructor(text: string, values: Values) {
    this.#tokens = text.match(/\d+(?:\.\d+)?|\w+|>=|\S/g) ?? [];
    this.#values = values;
  }

  value(): Value {
    const value = this.#operation(0);
    if (this.#tokens.length > 0) throw new Error(`not understood: ${this.#tokens.join(' ')}`);
    return value;
  }

  #operation(level: number): Value {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.#operand();
    let left = this.#operation(level + 1);
    for (;;) {
      const operator = operators.find(([symbol]) => symbol === this.#tokens[0]);
      if (operator === undefined) return left;
      this.#tokens.shift();
      const right = this.#operation(level + 1);
      left = left === undefined || right === undefined ? undefined : operator[1](left, right);
    }
  }

  #operand(): Value {
    const token = this.#tokens.shift() ?? '';
    if (token === '(') return this.#list()[0];
    if (/^\d/.test(token)) return Number(token);
    if (this.#values.has(token)) return this.#values.get(token);
    if (this.#tokens.shift() !== '(') throw new Error(`unknown series ${token}`);
    const [first, second, third] = this.#list();
    if (token === 'FILL') return first ?? second;
    if (token === 'IF') return first === undefined ? undefined : first !== 0 ? second : third;
    throw new Error(`unknown function ${token}`);
  }

  /** The part between a parenthesis that has been read and its end. */
  #list(): Value[] {
    const values: Value[] = [];
    for (let next: string | undefined = ','; next === ','; next = this.#tokens.shift()) {
      values.push(this.#operation(0));
      if (this.#tokens[0] !== ',' && this.#tokens[0] !== ')') throw new Error(`not understood: ${this.#tokens[0]}`);
    }
    return values;
  }
}
