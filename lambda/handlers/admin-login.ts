import type { APIGatewayProxyEvent } from 'aws-lambda';
import { addMemberCommand, adminLogin } from '../composition/admin.ts';
import { cookies } from '../contract/cookies.ts';
import { limits } from '../contract/limits.ts';
import { adminAnswer } from '../http/admin-answers.ts';
import { httpHandler } from '../http/chain.ts';
import { setCookie } from '../http/cookies.ts';
import { readLogin } from '../http/login-calls.ts';
import { refuseLogin } from '../http/refuse-login.ts';
import { refuse } from '../http/responses.ts';
import { isSameSite } from '../http/same-site.ts';
import { login, loginByLink, startLogin } from '../services/admin-login.ts';

const admin = adminLogin();
const addMember = addMemberCommand();

const asksForChallenge = ({ resource }: APIGatewayProxyEvent): boolean => resource.endsWith('/challenge');

/** POST /admin/api/login/challenge, POST /admin/api/login and POST /admin/api/login/link */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    const call = { requestId, nowMilliseconds: Date.now() };
    if (!isSameSite(event)) return refuse('cross_site_request', requestId);
    if (asksForChallenge(event)) {
      const { challenge, request } = await startLogin(admin, Math.floor(call.nowMilliseconds / 1_000));
      const { region, host, amzDate, headers, body } = request;
      const expiresIn = limits.loginChallengeSeconds;
      return adminAnswer(200, { challenge, region, host, amzDate, headers, body, expiresIn }, requestId);
    }
    const asked = readLogin(event);
    if (!asked.ok) return refuse(asked.reason, requestId, asked.detail);
    const { value } = asked;
    const loggedIn = await ('code' in value ? loginByLink(value.code, admin, call) : login(value, admin, call));
    if (!loggedIn.ok) return refuseLogin(loggedIn, addMember, requestId);
    const { sessionId, user } = loggedIn.value;
    const cookie = setCookie(cookies.adminSession, sessionId, limits.adminSessionSeconds);
    return adminAnswer(200, user, requestId, { 'Set-Cookie': cookie });
  },
  { functionName: 'admin-login', outcome: (event) => (asksForChallenge(event) ? 'challenged' : 'logged_in') },
);
