import type { AdminAction, AnswerOf, PathOf, RequestOf } from '#contract/admin-api.ts';
import { adminCall } from '#contract/admin-call.ts';
import { leave } from '../state/session.ts';
import { type Answer, callGate } from './call.ts';

/** Calls the admin API. If the session has ended, the console shows the login. */
export async function ask<A extends AdminAction>(
  action: A,
  request: PathOf<A> & RequestOf<A>,
  expectedVersion?: number,
): Promise<Answer<AnswerOf<A>>> {
  const answer = await askAsIs(action, request, expectedVersion);
  if (!answer.ok && answer.refusal.code === 'unauthorized') leave('ended');
  return answer;
}

/** The same, for calls that need no session. */
export const askAsIs = <A extends AdminAction>(
  action: A,
  request: PathOf<A> & RequestOf<A>,
  expectedVersion?: number,
): Promise<Answer<AnswerOf<A>>> => callGate(adminCall(action, request, expectedVersion));
