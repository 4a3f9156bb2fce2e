import { limits } from '../lambda/contract/limits.ts';
import { parseBaseUrl } from './base-url.ts';
import type { Report } from './command.ts';
import { CliFailure, notReachable, wrongUsage } from './failure.ts';
import type { Options } from './options.ts';
import { findSession } from './sessions.ts';
import type { AdminGate, Answer } from './transport.ts';
import { visible } from './visible.ts';

/** Where the console is, if a link into it is wanted. Throws `CliFailure`. */
export function consoleUrlOf(options: Options, gate: AdminGate): string | undefined {
  const given = options.text('console');
  if (!options.flag('browser')) {
    if (given === undefined) return undefined;
    throw wrongUsage('--console goes with --browser.');
  }
  const url = given ?? (process.env.WIDGET_GATE_CONSOLE_URL || undefined);
  return url === undefined ? gate.baseUrl : parseBaseUrl(url, 'the console');
}

/**
 * Has the gate make a link into the console, after a login where no session of the user lives. It is printed and not opened: what opens a
 * browser gets the address as an argument, where every user of the machine can read it. Throws `CliFailure`.
 */
export async function loginLink(
  consoleUrl: string,
  gate: AdminGate,
  userName: string | undefined,
  logIn: () => Promise<unknown>,
): Promise<Report> {
  let answer = await askInSession(gate, userName);
  if (answer === undefined) {
    await logIn();
    answer = await gate.ask('create-login-link');
  }
  const { code } = answer;
  if (typeof code !== 'string' || !/^[\w-]{43}$/.test(code))
    throw notReachable('The gate answered without a link: it may be of another version.');
  // Behind the hash, which no browser sends to a server.
  const url = `${consoleUrl}/admin/#link=${code}`;
  const expiresIn = limits.loginLinkSeconds;
  const text = `${url}

Open it within ${expiresIn} s: the first browser that does is logged in as ${visible(findSession(gate.baseUrl)?.userName ?? '')}. It works once.`;
  return { json: { ok: true, url, expiresIn }, text };
}

/** Undefined: there is no live session, or it is another user's than the one that is named. */
async function askInSession(gate: AdminGate, userName: string | undefined): Promise<Answer | undefined> {
  const session = findSession(gate.baseUrl);
  if (session === undefined || (userName !== undefined && userName !== session.userName)) return undefined;
  try {
    return await gate.ask('create-login-link');
  } catch (error) {
    if (error instanceof CliFailure && error.code === 'unauthorized') return undefined;
    throw error;
  }
}
