import { Duration } from 'aws-cdk-lib';
import { type LambdaIntegrationOptions, ResponseTransferMode } from 'aws-cdk-lib/aws-apigateway';
import { type FunctionName, forwardingSeconds } from '#contract/functions.ts';
import { limits } from '#contract/limits.ts';
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
  options: ForwardingOptions,
): Pick<HandlerFunctionProps, 'timeoutSeconds' | 'reservedConcurrentExecutions'> {
  const name = FORWARDING.get(functionName);
  if (name === undefined) return {};
  return {
    timeoutSeconds: functionSeconds(options),
    reservedConcurrentExecutions: options.reservedConcurrency?.[name],
  };
}

/** How API Gateway takes the response of a function that forwards. Nothing for any other, and where the stage does not stream. */
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
