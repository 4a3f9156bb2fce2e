import * as v from 'valibot';
import { limits } from '#contract/limits.ts';

/** Executions that are reserved for the forwarding functions, which is also the most that they run at once. */
export interface ReservedConcurrency {
  readonly widget?: number | undefined;
  readonly analytics?: number | undefined;
  readonly dataRouter?: number | undefined;
}

/** Limits on the effect of a stage's slow upstreams on the rest of the stage. */
export interface ForwardingOptions {
  /** How long a call waits for its upstream. Default 10. Maximum 25: API Gateway waits 29 s. */
  readonly upstreamTimeoutSeconds: number;
  /** Default: none, because an account with Lambda's starting limit cannot reserve any. */
  readonly reservedConcurrency: ReservedConcurrency | undefined;
  /**
   * Whether responses of upstreams are streamed to callers. Default: false; they are buffered, and no larger than
   * Lambda can return.
   */
  readonly upstreamStreaming: boolean;
  /** How long a streamed response may take. Default: 300. Only with `upstreamStreaming`. */
  readonly upstreamStreamingSeconds: number | undefined;
}

const EXECUTIONS = v.optional(
  v.pipe(
    v.number(),
    v.integer('must be a whole number of executions'),
    v.minValue(1, 'must be 1 or more: with 0 executions, Lambda would reject every call'),
    v.maxValue(100_000, 'must be 100,000 or less'),
  ),
);

const maxTimeoutSeconds = limits.maxUpstreamTimeoutMilliseconds / 1_000;
const STREAM_RANGE = `must be a whole number of seconds from ${limits.minStreamSeconds} to ${limits.maxStreamSeconds}: API Gateway ends a stream after 15 minutes`;
const TIMEOUT_RANGE = `must be a whole number of seconds from 1 to ${maxTimeoutSeconds}: API Gateway waits 29 s for a response`;

/**
 * The members of a stage about its upstreams' share of the stage.
 * @internal
 */
export const forwardingMembers = {
  upstreamTimeoutSeconds: v.optional(
    v.pipe(
      v.number(),
      v.integer(TIMEOUT_RANGE),
      v.minValue(1, TIMEOUT_RANGE),
      v.maxValue(maxTimeoutSeconds, TIMEOUT_RANGE),
    ),
    limits.upstreamTimeoutMilliseconds / 1_000,
  ),
  reservedConcurrency: v.optional(
    v.strictObject({ widget: EXECUTIONS, analytics: EXECUTIONS, dataRouter: EXECUTIONS }),
  ),
  upstreamStreaming: v.optional(v.boolean(), false),
  upstreamStreamingSeconds: v.optional(
    v.pipe(
      v.number(),
      v.integer(STREAM_RANGE),
      v.minValue(limits.minStreamSeconds, STREAM_RANGE),
      v.maxValue(limits.maxStreamSeconds, STREAM_RANGE),
    ),
  ),
};

/** The parts of a stage that `forwardingConflict` needs. */
export interface ForwardingStage {
  readonly reservedConcurrency: ReservedConcurrency | undefined;
  readonly upstreamStreaming: boolean;
  readonly upstreamStreamingSeconds: number | undefined;
  readonly upstreamUrl: string | undefined;
  readonly analyticsUpstreamUrl: string | undefined;
  readonly dataRouterUpstreamUrl: string | undefined;
}

const UPSTREAMS = {
  widget: 'upstreamUrl',
  analytics: 'analyticsUpstreamUrl',
  dataRouter: 'dataRouterUpstreamUrl',
} as const;

/**
 * A stream's time has no effect without streams. Executions reserved for a function that forwards nothing would only be
 * missing elsewhere.
 */
export function forwardingConflict(stage: ForwardingStage): readonly [member: string, problem: string] | undefined {
  if (stage.upstreamStreamingSeconds !== undefined && !stage.upstreamStreaming)
    return ['upstreamStreamingSeconds', 'the stage does not stream; set upstreamStreaming to true, or omit this'];
  const { reservedConcurrency = {} } = stage;
  for (const [name, upstream] of Object.entries(UPSTREAMS) as [keyof typeof UPSTREAMS, keyof ForwardingStage][]) {
    if (reservedConcurrency[name] !== undefined && stage[upstream] === undefined)
      return [
        `reservedConcurrency.${name}`,
        `the stage has no ${upstream}; set it, or omit reservedConcurrency.${name}`,
      ];
  }
  return undefined;
}
