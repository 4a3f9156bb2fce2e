import type { Command, Report } from '../command.ts';
import { authorizationCost, type CostLine, estimate, totalOf } from '../cost/estimate.ts';
import { PRICED } from '../cost/prices.ts';
import { pricedResources } from '../cost/template.ts';
import { assumed, type Traffic } from '../cost/usage.ts';
import { wrongUsage } from '../failure.ts';
import type { Options } from '../options.ts';
import { readTemplates } from '../synthesized.ts';
import { table } from '../table.ts';

const MOST = 1e12;
const NOT_INCLUDED = [
  'data transfer',
  'your upstream, and waiting of the endpoint function beyond the assumed time',
  'refused calls, preflights, analytics and data router calls, administration and the audit trail',
  'the canary, traces, and copies in other regions',
  'storage of logs, alarms that send messages, support, taxes, free tiers and discounts',
];

function trafficOf(options: Options): Traffic {
  const calls = options.number('calls', 0, MOST);
  if (calls === undefined) throw wrongUsage('Specify the widget calls per month: --calls 1000000');
  return {
    calls,
    issues: options.number('issues', 0, MOST) ?? 0,
    logins: options.number('logins', 0, MOST) ?? 0,
    shops: options.number('shops', 1, MOST) ?? 10,
  };
}

function report(stage: string, traffic: Traffic, lines: readonly CostLine[]): Report {
  const total = totalOf(lines);
  const fixed = totalOf(lines.filter(({ isFixed }) => isFixed));
  const ofMillion = (sum: number): number | undefined =>
    traffic.calls === 0 ? undefined : (sum / traffic.calls) * 1e6;
  const perMillion = ofMillion(authorizationCost(traffic));
  const perMillionInAll = ofMillion(totalOf(lines.filter(({ item }) => item.startsWith('calls: '))));
  const rows = lines
    .filter(({ quantity }) => quantity > 0)
    .map(({ item, quantity, unit, unitPrice, sum }) => [
      item,
      `${inDigits(quantity)} ${unit}`,
      `$${unitPrice.toPrecision(3)}`,
      dollars(sum),
    ]);
  const text = [
    `Stage ${stage}, a month, list prices of ${PRICED.region} as of ${PRICED.date}`,
    '',
    table([
      ['ITEM', 'QUANTITY', 'EACH', 'SUM'],
      ...rows,
      ['total', '', '', dollars(total)],
      ['of it without traffic', '', '', dollars(fixed)],
    ]),
    '',
    ...(perMillion === undefined || perMillionInAll === undefined
      ? []
      : [
          `A million authorized calls: ${dollars(perMillion)} for gateway, authorizer and its reads,`,
          `${dollars(perMillionInAll)} with the endpoint, logs and counters.`,
        ]),
    `Assumed: ${assumed.millisecondsWarm} ms for a run, ${assumed.millisecondsReading} ms when it reads, ${assumed.endpointMilliseconds} ms at the endpoint; even traffic.`,
    `Not included: ${NOT_INCLUDED.join('; ')}.`,
  ].join('\n');
  const json = {
    ok: true,
    stage,
    pricesOf: PRICED,
    traffic,
    lines,
    total,
    fixed,
    perMillion,
    perMillionInAll,
    assumed,
    notIncluded: NOT_INCLUDED,
  };
  return { json, text };
}

const dollars = (sum: number): string =>
  `$${sum.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
const inDigits = (quantity: number): string => quantity.toLocaleString('en-US', { maximumSignificantDigits: 6 });

export const cost: readonly Command[] = [
  {
    words: 'cost',
    operands: [],
    options: ['calls', 'issues', 'logins', 'shops', 'stage'],
    usage: '--calls N [--issues N] [--logins N] [--shops N] [--stage prod]',
    summary:
      "estimate the monthly bill from the stage's template, for a number of widget calls, widget and security tokens and shops (10)",
    async run({ options }) {
      const stage = options.text('stage') ?? 'prod';
      const traffic = trafficOf(options);
      return report(stage, traffic, estimate(pricedResources(readTemplates(stage)), traffic));
    },
  },
];
