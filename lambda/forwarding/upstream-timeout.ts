import { environment } from '../contract/environment.ts';
import { limits } from '../contract/limits.ts';

/**
 * How long a call may wait for its upstream, from the variable that the stage sets. Throws for a value that no stage can have, which fails
 * INIT and so never serves a call.
 */
export function upstreamTimeoutMilliseconds(text: string | undefined): number {
  if (text === undefined) return limits.upstreamTimeoutMilliseconds;
  const milliseconds = Number(text) * 1_000;
  if (text !== '' && milliseconds > 0 && milliseconds <= limits.maxUpstreamTimeoutMilliseconds) return milliseconds;
  throw new Error(
    `${environment.upstreamTimeoutSeconds} must be a number of seconds above 0 and up to ${limits.maxUpstreamTimeoutMilliseconds / 1_000}`,
  );
}
