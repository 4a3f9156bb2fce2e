import { httpHandler } from '../platform/chain.ts';
import { pagePolicy } from './compose.ts';
import { preflightAnswer, preflightOrigin } from './preflight.ts';

const policy = pagePolicy();

/**
 * OPTIONS of the routes that accept the session cookie. Pages of analytics keys may call with credentials; all others
 * may call without them, or not at all.
 */
export const handler = httpHandler(
  async (event) => {
    const origin = preflightOrigin(event);
    const allowed = origin !== undefined && (await policy.allows(origin));
    return preflightAnswer(event, allowed ? origin : undefined);
  },
  { functionName: 'cors-preflight', outcome: 'preflight_answered' },
);
