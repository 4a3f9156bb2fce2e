import * as v from 'valibot';
import { adminLogin } from '../composition/admin.ts';
import { nowSeconds } from '../composition/environment.ts';
import { cookies } from '../contract/cookies.ts';
import { limits } from '../contract/limits.ts';
import { parseStrictJsonObject } from '../core/strict-json.ts';
import { adminAnswer } from '../http/admin-answers.ts';
import { httpHandler } from '../http/chain.ts';
import { setCookie } from '../http/cookies.ts';
import { refuseLogin } from '../http/refuse-login.ts';
import { refuse } from '../http/responses.ts';
import { isSameSite } from '../http/same-site.ts';
import { login, startLogin } from '../services/admin-login.ts';

const admin = adminLogin();
const text = v.pipe(v.string(), v.maxLength(2_048));
const proof = v.strictObject({ challenge: text, userName: text, accessKeyId: text, signature: text });

/** POST /admin/api/login/challenge and POST /admin/api/login */
export const handler = httpHandler(
  async (event) => {
    const { requestId } = event.requestContext;
    if (!isSameSite(event)) return refuse('cross_site_request', requestId);
    if (event.resource.endsWith('/challenge')) {
      const { challenge, request } = await startLogin(admin, nowSeconds());
      const { region, host, amzDate, headers, body } = request;
      const expiresIn = limits.loginChallengeSeconds;
      return adminAnswer(200, { challenge, region, host, amzDate, headers, body, expiresIn }, requestId);
    }
    const json = parseStrictJsonObject(event.body ?? '');
    const parsed = json.ok ? v.safeParse(proof, json.value) : undefined;
    if (parsed === undefined || !parsed.success) return refuse(json.ok ? 'invalid_request' : 'invalid_json', requestId);
    const loggedIn = await login(parsed.output, admin, { requestId, nowMilliseconds: Date.now() });
    if (!loggedIn.ok) return refuseLogin(loggedIn, admin.groupName, requestId);
    const cookie = setCookie(cookies.adminSession, loggedIn.value.sessionId, limits.adminSessionSeconds);
    return adminAnswer(200, loggedIn.value.user, requestId, { 'Set-Cookie': cookie });
  },
  { functionName: 'admin-login', outcome: 'logged_in' },
);
