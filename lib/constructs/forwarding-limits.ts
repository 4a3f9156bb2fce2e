import { type FunctionName, forwardingSeconds } from '../../lambda/contract/functions.ts';
import type { ForwardingOptions, ReservedConcurrency } from '../stage-config/forwarding.ts';
import type { HandlerFunctionProps } from './handler-function.ts';

/** By the functions that forward: under which name a stage reserves executions for each. */
const FORWARDING: ReadonlyMap<FunctionName, keyof ReservedConcurrency> = new Map([
  ['widget-endpoint', 'widget'],
  ['analytics-endpoint', 'analytics'],
  ['data-router-endpoint', 'dataRouter'],
]);

/** What bounds a function that waits for an upstream: its time, and its share of the account's executions. Nothing for any other. */
export function forwardingLimits(
  functionName: FunctionName,
  { upstreamTimeoutSeconds, reservedConcurrency }: ForwardingOptions,
): Pick<HandlerFunctionProps, 'timeoutSeconds' | 'reservedConcurrentExecutions'> {
  const name = FORWARDING.get(functionName);
  if (name === undefined) return {};
  return {
    timeoutSeconds: forwardingSeconds(upstreamTimeoutSeconds),
    reservedConcurrentExecutions: reservedConcurrency?.[name],
  };
}
