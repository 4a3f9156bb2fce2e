import type { AdminAction, AnswerOf, PathOf, RequestOf } from '#contract/admin-api.ts';
import { adminCall } from '#contract/admin-call.ts';
import { leave } from '../state/session.ts';
import { type Answer, callGate } from './call.ts';

/** Asks the admin API for something. Where the session turns out to be over, the console is left for the login. */
export async function ask<A extends AdminAction>(
  action: A,
  request: PathOf<A> & RequestOf<A>,
  expectedVersion?: number,
): Promise<Answer<AnswerOf<A>>> {
  const answer = await askAsIs(action, request, expectedVersion);
  if (!answer.ok && answer.refusal.code === 'unauthorized') leave('ended');
  return answer;
}

/** The same, where no session is no surprise. */
export const askAsIs = <A extends AdminAction>(
  action: A,
  request: PathOf<A> & RequestOf<A>,
  expectedVersion?: number,
): Promise<Answer<AnswerOf<A>>> => callGate(adminCall(action, request, expectedVersion));
