import { pagePolicy } from '../composition/analytics.ts';
import { httpHandler } from '../http/chain.ts';
import { preflightAnswer, preflightOrigin } from '../http/preflight.ts';

const policy = pagePolicy();

/** OPTIONS of the routes that take the session cookie: with credentials for pages of analytics keys; without, or not at all, for all others. */
export const handler = httpHandler(
  async (event) => {
    const origin = preflightOrigin(event);
    const allowed = origin !== undefined && (await policy.allows(origin));
    return preflightAnswer(event, allowed ? origin : undefined);
  },
  { functionName: 'cors-preflight', outcome: 'preflight_answered' },
);
