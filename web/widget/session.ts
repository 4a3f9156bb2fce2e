import { failed } from './failure.ts';
import { type Answer, type Credential, readJson, refusalIn, request, send } from './send.ts';

/** Requests a token from the page's own endpoint. Throws `signed_out` for 401 and 403, `token_url_failed` or `offline` otherwise. */
export async function fetchToken(url: string): Promise<string> {
  const { ok, status, text } = await request(url, {}, undefined, 'token_url_failed');
  if (status === 401 || status === 403) throw failed('signed_out');
  const token = ok && readJson(text)?.token;
  if (token && typeof token === 'string') return token;
  throw failed('token_url_failed');
}

export const bearer = (token: string): Credential => ({ headers: { Authorization: `Bearer ${token}` } });

const COOKIE: Credential = { headers: { 'X-Requested-With': 'widget' }, cookies: true };

/**
 * Exchanges a temp token for a session. The cookie is tried first and verified. If the browser did not store it, the widget gets a bearer
 * value for another temp token, because the first one is used up. Without a token URL, it requests the bearer value immediately. Throws
 * `Failed`.
 */
export async function beginSession(
  apiUrl: string,
  auth: string,
  tempToken: string,
  tokenUrl: string | undefined,
): Promise<Credential> {
  if (auth === 'header' || (auth === 'auto' && !tokenUrl)) return bearerSession(apiUrl, tempToken);
  await exchange(apiUrl, tempToken, 'cookie');
  const probe = await send(apiUrl, '/api/auth/session', COOKIE);
  if (probe.ok) return { ...COOKIE };
  if (probe.status !== 401) throw refusalIn(probe);
  if (auth === 'cookie' || !tokenUrl) throw failed('cookie_blocked');
  return bearerSession(apiUrl, await fetchToken(tokenUrl));
}

async function bearerSession(apiUrl: string, tempToken: string): Promise<Credential> {
  const token = readJson((await exchange(apiUrl, tempToken, 'token')).text)?.token;
  if (!token) throw failed('bad_answer');
  return bearer(String(token));
}

async function exchange(apiUrl: string, tempToken: string, mode: 'cookie' | 'token'): Promise<Answer> {
  const credential = { headers: { Authorization: tempToken }, cookies: mode === 'cookie' };
  const answer = await send(apiUrl, '/api/auth/session', credential, {
    method: 'POST',
    body: JSON.stringify({ mode }),
  });
  if (!answer.ok) throw refusalIn(answer);
  return answer;
}
