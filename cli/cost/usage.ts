import type { FunctionName } from '#contract/functions.ts';

/** The traffic of a month. */
export interface Traffic {
  /** Widget calls that are allowed. */
  readonly calls: number;
  /** Widget tokens that are issued. */
  readonly issues: number;
  /** Security tokens that are issued. */
  readonly logins: number;
  /** Shops (or analytics keys) over which these are distributed. */
  readonly shops: number;
}

/** The resources that one request of a kind uses. */
export interface Usage {
  readonly functions: readonly FunctionName[];
  /**
   * Table reads when a container's copy of a shop or key has expired; otherwise there are none. Counted by the local
   * host.
   */
  readonly readsWhenStale: number;
  /** Whether its function keeps the ring in memory, and so reads it again from time to time. */
  readonly readsRing: boolean;
  /** Counters that its functions write. */
  readonly counters: number;
}

export type TrafficKind = Exclude<keyof Traffic, 'shops'>;

export const usage: Readonly<Record<TrafficKind, Usage>> = {
  calls: { functions: ['widget-authorizer', 'widget-endpoint'], readsWhenStale: 1, readsRing: true, counters: 2 },
  issues: { functions: ['token-issuer'], readsWhenStale: 2, readsRing: false, counters: 1 },
  logins: { functions: ['security-token-issuer'], readsWhenStale: 1, readsRing: true, counters: 1 },
};

/** Assumptions that only AWS can confirm: compare them with your own logs and bill. */
export const assumed = {
  /** Billed for one run of a function, its share of cold starts included. */
  millisecondsWarm: 2,
  /** The same when it reads a table. */
  millisecondsReading: 12,
  /** The endpoint waits for the upstream, which you operate. */
  endpointMilliseconds: 50,
  accessLogBytes: 450,
  /** The lines with which Lambda itself reports the start and the end of a run. */
  platformLogBytes: 600,
  /** Metrics that API Gateway writes for a method in use. */
  metricsPerMethod: 5,
  bytesPerShop: 4_096,
} as const;

const MONTH_SECONDS = 30 * 86_400;

/**
 * How many of these requests find their data expired, if it is kept for a given time in a given number of places: r ÷
 * (1 + r·T ÷ places).
 */
export const refreshes = (count: number, places: number, keptSeconds: number): number =>
  count / (1 + (count * keptSeconds) / (MONTH_SECONDS * places));

/** Containers that run at the same time: one for each request in progress. */
export const containersFor = (count: number): number =>
  Math.max(1, Math.ceil((count / MONTH_SECONDS) * (assumed.millisecondsReading / 1_000)));
