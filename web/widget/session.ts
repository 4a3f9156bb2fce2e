import { failed } from './failure.ts';
import { type Answer, type Gate, readJson, refusalIn, send } from './send.ts';

/** What goes along with a call. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the browser's cookie does the proving. */
  readonly cookies?: boolean;
}

const COOKIE: Credential = { headers: { 'X-Requested-With': 'widget' }, cookies: true };

export interface SessionStart extends Gate {
  readonly auth: string;
  readonly tempToken: string;
  /** Another temp token; absent where there is no token URL. */
  readonly another: (() => Promise<string>) | undefined;
}

/**
 * Exchanges a temp token for a session. The cookie is tried first and looked for; a browser that did not keep it gets a bearer value, for
 * another temp token, since the first is used up. Without a way to another the bearer value is asked for at once. Throws `Failed`.
 */
export async function beginSession({ auth, tempToken, another, apiUrl }: SessionStart): Promise<Credential> {
  const gate = { apiUrl };
  if (auth === 'header' || (auth === 'auto' && another === undefined)) return bearerSession(gate, tempToken);
  await exchange(gate, tempToken, 'cookie');
  const probe = await send(gate, '/api/auth/session', COOKIE);
  if (probe.ok) return { ...COOKIE };
  if (auth === 'cookie' || another === undefined) throw failed('cookie_blocked');
  return bearerSession(gate, await another());
}

async function bearerSession(gate: Gate, tempToken: string): Promise<Credential> {
  const token = readJson((await exchange(gate, tempToken, 'token')).text)?.token;
  if (token === undefined) throw failed('bad_answer');
  return { headers: { Authorization: `Bearer ${token}` } };
}

async function exchange(gate: Gate, tempToken: string, mode: 'cookie' | 'token'): Promise<Answer> {
  const credential = { headers: { Authorization: tempToken }, cookies: mode === 'cookie' };
  const answer = await send(gate, '/api/auth/session', credential, { method: 'POST', body: JSON.stringify({ mode }) });
  if (!answer.ok) throw refusalIn(answer);
  return answer;
}
