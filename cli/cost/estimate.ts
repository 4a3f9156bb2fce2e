import { functions } from '#contract/functions.ts';
import { limits } from '#contract/limits.ts';
import { type PriceName, priceOf, prices } from './prices.ts';
import type { PricedResources } from './template.ts';
import { assumed, containersFor, refreshes, type Traffic, type TrafficKind, type Usage, usage } from './usage.ts';

export interface CostLine {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  /** Dollars per unit, on average. */
  readonly unitPrice: number;
  /** Dollars. */
  readonly sum: number;
  readonly source: string;
  /** Whether it is charged without traffic, too. */
  readonly isFixed: boolean;
}

function line(item: string, name: PriceName, quantity: number, isFixed: boolean): CostLine {
  const { unit, tiers, source } = prices[name];
  const sum = priceOf(name, quantity);
  return { item, quantity, unit, unitPrice: quantity > 0 ? sum / quantity : tiers[0].dollars, sum, source, isFixed };
}

export const totalOf = (lines: readonly CostLine[]): number => lines.reduce((total, { sum }) => total + sum, 0);

const BYTES = 1e9;
const kinds = Object.keys(usage) as TrafficKind[];

/**
 * The cost of a month. Traffic is assumed to be even over the month: in bursts more calls find their data in memory, so they cost less.
 * Only refused calls and the items of `notIncluded` are not covered.
 */
export function estimate(resources: PricedResources, traffic: Traffic): CostLine[] {
  const { tables, keys, secrets, alarmMetrics, dashboards, webAcls, webAclRules } = resources;
  return [
    line('customer-managed keys', 'keys', keys, true),
    line('secrets', 'secrets', secrets, true),
    line('alarms, by metric', 'alarmMetrics', alarmMetrics, true),
    line('dashboards', 'dashboards', dashboards, true),
    line('web ACL', 'webAcls', webAcls, true),
    line('web ACL rules', 'webAclRules', webAclRules, true),
    line(
      `storage and recovery of ${tables} tables`,
      'tableStorage',
      (traffic.shops * assumed.bytesPerShop) / BYTES,
      true,
    ),
    ...kinds.flatMap((kind) => linesOf(kind, traffic, resources)),
  ];
}

/**
 * Gateway, authorizer and its reads for this many authorized calls: the cost of Widget Gate itself, without logs, counters and endpoint.
 */
export function authorizationCost(traffic: Traffic, of: Usage = usage.calls): number {
  const reads = staleReads(traffic.calls, traffic.shops, of);
  return totalOf([
    line('', 'restCalls', traffic.calls, false),
    line('', 'functionCalls', traffic.calls, false),
    line('', 'functionTime', gigabyteSeconds('widget-authorizer', traffic.calls, reads / of.readsWhenStale), false),
    ...dependencyLines('', traffic.calls, reads, of),
  ]);
}

function linesOf(kind: TrafficKind, traffic: Traffic, resources: PricedResources): CostLine[] {
  const { [kind]: count, shops } = traffic;
  const of = usage[kind];
  const reads = staleReads(count, shops, of);
  const runs = count * of.functions.length;
  const time = of.functions.reduce((sum, name) => sum + gigabyteSeconds(name, count, reads / of.readsWhenStale), 0);
  const logBytes =
    (resources.logsAccess ? count * assumed.accessLogBytes : 0) +
    (resources.logsPlatform ? runs * assumed.platformLogBytes : 0);
  const metrics = of.counters + (resources.countsByMethod ? assumed.metricsPerMethod : 0);
  return [
    line(`${kind}: gateway`, 'restCalls', count, false),
    line(`${kind}: web ACL`, 'webAclCalls', resources.webAcls > 0 ? count : 0, false),
    line(`${kind}: functions`, 'functionCalls', runs, false),
    line(`${kind}: function time`, 'functionTime', time, false),
    ...dependencyLines(`${kind}: `, count, reads, of),
    line(`${kind}: logs`, 'logs', logBytes / BYTES, false),
    line(`${kind}: metrics`, 'metrics', count > 0 ? metrics : 0, false),
  ];
}

function dependencyLines(prefix: string, count: number, reads: number, { readsRing }: Usage): CostLine[] {
  const ringReads = readsRing ? refreshes(count, containersFor(count), limits.ringCacheSeconds) : 0;
  // DynamoDB keeps its table key for five minutes per caller; each read of the secret requests its key.
  const keyCalls = refreshes(reads, 1, 300) + ringReads;
  return [
    line(`${prefix}table reads`, 'tableReads', reads, false),
    line(`${prefix}ring reads`, 'secretCalls', ringReads, false),
    line(`${prefix}key calls`, 'keyCalls', keyCalls, false),
  ];
}

const staleReads = (count: number, shops: number, { readsWhenStale }: Usage): number =>
  readsWhenStale * refreshes(count, containersFor(count) * Math.max(1, shops), limits.shopCacheSeconds);

function gigabyteSeconds(name: keyof typeof functions, runs: number, reading: number): number {
  const { millisecondsWarm, millisecondsReading, endpointMilliseconds } = assumed;
  const milliseconds =
    name === 'widget-endpoint'
      ? runs * endpointMilliseconds
      : runs * millisecondsWarm + reading * (millisecondsReading - millisecondsWarm);
  return (functions[name].memoryMegabytes / 1_024) * (milliseconds / 1_000);
}
