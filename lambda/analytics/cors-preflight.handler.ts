import { httpHandler } from '../platform/chain.ts';
import { pagePolicy } from './compose.ts';
import { preflightAnswer, preflightOrigin } from './preflight.ts';

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
