import { Duration } from 'aws-cdk-lib';
import { type LambdaIntegrationOptions, ResponseTransferMode } from 'aws-cdk-lib/aws-apigateway';
import { type FunctionName, forwardingSeconds } from '#contract/functions.ts';
import { limits } from '#contract/limits.ts';
import type { ForwardingOptions, ReservedConcurrency } from '../stage-config/forwarding.ts';
import type { HandlerFunctionProps } from './handler-function.ts';

/** By forwarding function: the name under which a stage reserves executions for it. */
const FORWARDING: ReadonlyMap<FunctionName, keyof ReservedConcurrency> = new Map([
  ['widget-endpoint', 'widget'],
  ['analytics-endpoint', 'analytics'],
  ['data-router-endpoint', 'dataRouter'],
]);

/**
 * The limits of a function that waits for an upstream: its time, and its share of the account's executions. Empty for
 * any other function.
 */
export function forwardingLimits(
  functionName: FunctionName,
  options: ForwardingOptions,
): Pick<HandlerFunctionProps, 'timeoutSeconds' | 'reservedConcurrentExecutions'> {
  const name = FORWARDING.get(functionName);
  if (name === undefined) return {};
  return {
    timeoutSeconds: functionSeconds(options),
    reservedConcurrentExecutions: options.reservedConcurrency?.[name],
  };
}

/**
 * How API Gateway receives the response of a forwarding function. Empty for any other function, and if the stage does
 * not stream.
 */
export function responseTransfer(functionName: FunctionName, options: ForwardingOptions): LambdaIntegrationOptions {
  if (!options.upstreamStreaming || !FORWARDING.has(functionName)) return {};
  return {
    responseTransferMode: ResponseTransferMode.STREAM,
    timeout: Duration.seconds(functionSeconds(options)),
  };
}

/** A stream may take longer than its upstream may be silent. */
const functionSeconds = ({
  upstreamTimeoutSeconds,
  upstreamStreaming,
  upstreamStreamingSeconds = limits.streamSeconds,
}: ForwardingOptions): number =>
  forwardingSeconds(upstreamStreaming ? upstreamStreamingSeconds : upstreamTimeoutSeconds);
