import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { cookies } from '#contract/cookies.ts';
import { limits } from '#contract/limits.ts';
import type { PublicAnswerOf, PublicErrorOf } from '#contract/public-api.ts';
import { limitedByAddress, type OnLimited } from '../platform/address-limit.ts';
import { auditDelays } from '../platform/audit-delays.ts';
import { httpHandler } from '../platform/chain.ts';
import { setCookie } from '../platform/cookies.ts';
import { logAuditDelay, logCountFailure } from '../platform/log.ts';
import { refuse } from '../platform/responses.ts';
import { adminAnswer } from './answers.ts';
import { addMemberCommand, adminLogin } from './compose.ts';
import { login, loginByLink, startLogin } from './login.ts';
import { asksForChallenge, challengeAnswer, readLogin, refuseLogin } from './login-calls.ts';
import { isSameSite } from './same-site.ts';

const { failures, ...admin } = adminLogin(logCountFailure, logAuditDelay, auditDelays('admin-login'));
const addMember = addMemberCommand();

const noteLimited: OnLimited = (requestId) => failures.note({ code: 'too_many_requests', requestId }, Date.now());

type UnreadCode = 'invalid_json' | 'invalid_request' | 'cross_site_request';

async function answerLogin(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { requestId } = event.requestContext;
  const call = { requestId, nowMilliseconds: Date.now() };
  const refuseUnread = async (code: UnreadCode, detail?: string) => {
    await failures.note({ code, requestId }, call.nowMilliseconds);
    return refuse(code satisfies PublicErrorOf<'log-in'>, requestId, detail);
  };
  if (!isSameSite(event)) return refuseUnread('cross_site_request');
  if (asksForChallenge(event)) {
    await failures.flush(call.nowMilliseconds);
    return challengeAnswer(await startLogin(admin, Math.floor(call.nowMilliseconds / 1_000)), requestId);
  }
  const asked = readLogin(event);
  if (!asked.ok) return refuseUnread(asked.reason, asked.detail);
  const { value } = asked;
  const loggedIn = await ('code' in value ? loginByLink(value.code, admin, call) : login(value, admin, call));
  if (!loggedIn.ok) await failures.noteRefused(loggedIn, call);
  if (!loggedIn.ok) return refuseLogin(loggedIn, addMember, requestId);
  const { sessionId, user } = loggedIn.value;
  const cookie = setCookie(cookies.adminSession, sessionId, limits.adminSessionSeconds);
  return adminAnswer(200, user satisfies PublicAnswerOf<'log-in'>, requestId, { 'Set-Cookie': cookie });
}

/** POST /admin/api/login/challenge, POST /admin/api/login and POST /admin/api/login/link */
export const handler = httpHandler(limitedByAddress(admin, answerLogin, noteLimited), {
  functionName: 'admin-login',
  outcome: (event) => (asksForChallenge(event) ? 'challenged' : 'logged_in'),
});
