import { askAsIs } from './api/ask.ts';
import type { Answer } from './api/call.ts';
import type { SessionView } from './api/views.ts';
import { logInByLink } from './login/log-in.ts';
import { goTo, takeLinkCode } from './route/route.ts';
import { announce } from './state/announce.ts';
import { type LoginReason, leave, session } from './state/session.ts';

/** Starts with a login link in the address, or with the session of this browser. */
export async function start(): Promise<void> {
  const code = takeLinkCode();
  session.set({ kind: 'starting', doing: code === undefined ? 'Looking for your session' : 'Logging you in' });
  if (code !== undefined) {
    const answer = await logInByLink(code);
    if (!answer.ok) return leave(answer.refusal.code === 'login_failed' ? 'link-refused' : answer.refusal);
  }
  await enter(code === undefined ? undefined : 'no-cookie');
}

/**
 * Opens the console for the user of this browser's session. Without a session, it shows the login, with the reason if
 * there is one.
 */
export async function enter(reason?: LoginReason): Promise<void> {
  const answer: Answer<SessionView> = await askAsIs('show-session', {});
  if (answer.ok) session.set({ kind: 'in', user: answer.value });
  else if (answer.refusal.code === 'unauthorized') leave(reason);
  else session.set({ kind: 'failed', refusal: answer.refusal });
}

export async function logOut(): Promise<void> {
  const answer = await askAsIs('end-session', {});
  if (!answer.ok && answer.refusal.code !== 'unauthorized') {
    announce('You are still logged in, because the gate did not respond. Try again.');
    return;
  }
  leave('logged-out');
  goTo('#/shops');
}
