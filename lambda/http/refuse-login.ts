import type { APIGatewayProxyResult } from 'aws-lambda';
import { log } from './log.ts';
import { refuse } from './responses.ts';

type LoginRefusal =
  | { readonly reason: 'login_failed' }
  | { readonly reason: 'not_in_admin_group'; readonly user: { readonly userName: string; readonly arn: string } };

/** One refusal for whatever was not proven. Who is proven but no member learns the line that makes them one. */
export function refuseLogin(refusal: LoginRefusal, addMember: string, requestId: string): APIGatewayProxyResult {
  log('warn', {
    event: 'login_refused',
    requestId,
    action: refusal.reason,
    ...(refusal.reason === 'not_in_admin_group' && { actor: refusal.user.arn }),
  });
  if (refusal.reason === 'login_failed') return refuse('login_failed', requestId);
  return refuse('not_in_admin_group', requestId, `Run: ${addMember} ${refusal.user.userName}`);
}
