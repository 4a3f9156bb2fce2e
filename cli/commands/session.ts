import type { AnswerOf } from '#contract/admin-api.ts';
import { adminCall } from '#contract/admin-call.ts';
import { limits } from '#contract/limits.ts';
import { type AdminGate, callAdmin, parseBaseUrl } from '../admin-gate.ts';
import { findAccessKey } from '../aws-credentials.ts';
import type { Command, Report } from '../command.ts';
import { CliFailure, notReachable, wrongUsage } from '../failure.ts';
import { refusalOf, repeatWhileBusy } from '../http-call.ts';
import type { Options } from '../options.ts';
import { visible } from '../output.ts';
import { cookieOf, nowSeconds, proveUser } from '../prove-user.ts';
import { findSession, keepSession } from '../sessions.ts';
import { moment, table } from '../table.ts';

/** The address of the console, if a login link is requested. Throws `CliFailure`. */
function consoleUrlOf(options: Options, gate: AdminGate): string | undefined {
  const given = options.text('console');
  if (!options.flag('browser')) {
    if (given === undefined) return undefined;
    throw wrongUsage('--console requires --browser.');
  }
  const url = given ?? (process.env.WIDGET_GATE_CONSOLE_URL || undefined);
  return url === undefined ? gate.baseUrl : parseBaseUrl(url, 'the console');
}

/**
 * Requests a login link for the console, after a login if the user has no active session. The link is printed and not opened: the program
 * that opens a browser gets the address as an argument, where every user of the machine can read it. Throws `CliFailure`.
 */
async function loginLink(
  consoleUrl: string,
  gate: AdminGate,
  userName: string | undefined,
  logIn: () => Promise<unknown>,
): Promise<Report> {
  let answer = await askInSession(gate, userName);
  if (answer === undefined) {
    await logIn();
    answer = await gate.ask('create-login-link', {});
  }
  const { code } = answer;
  if (typeof code !== 'string' || !/^[\w-]{43}$/.test(code))
    throw notReachable('The gate answered without a link: it may be of another version.');
  // Behind the hash, which browsers do not send to a server.
  const url = `${consoleUrl}/admin/#link=${code}`;
  const expiresIn = limits.loginLinkSeconds;
  const text = `${url}

Open it within ${expiresIn} s: the first browser that does is logged in as ${visible(findSession(gate.baseUrl)?.userName ?? '')}. It works once.`;
  return { json: { ok: true, url, expiresIn }, text };
}

/** Undefined if no session is active, or if it belongs to another user than the specified one. */
async function askInSession(
  gate: AdminGate,
  userName: string | undefined,
): Promise<AnswerOf<'create-login-link'> | undefined> {
  const session = findSession(gate.baseUrl);
  if (session === undefined || (userName !== undefined && userName !== session.userName)) return undefined;
  try {
    return await gate.ask('create-login-link', {});
  } catch (error) {
    if (error instanceof CliFailure && error.code === 'unauthorized') return undefined;
    throw error;
  }
}

const login: Command = {
  words: 'login',
  operands: [],
  options: ['user', 'profile', 'browser', 'console'],
  usage: '--user NAME [--profile P] [--browser [--console URL]]',
  summary:
    "log in as an IAM user (or WIDGET_GATE_USER) with the access key of the AWS tools; the secret key stays on this machine; with --browser print a login link for the console (at the gate's URL, --console or WIDGET_GATE_CONSOLE_URL), which works once within 60 s; an active session is enough for it",
  async run({ options, gate }) {
    const userName = namedUser(options);
    const logIn = (): Promise<Report> => beginSession(userName, options.text('profile'), gate);
    const consoleUrl = consoleUrlOf(options, gate);
    return consoleUrl === undefined ? logIn() : loginLink(consoleUrl, gate, userName, logIn);
  },
};

async function beginSession(
  userName: string | undefined,
  profile: string | undefined,
  gate: AdminGate,
): Promise<Report> {
  if (userName === undefined) throw wrongUsage(NAME_THE_USER);
  const { baseUrl } = gate;
  const key = await findAccessKey(profile);
  // A challenge is used up by one attempt, so a retry starts with a new one.
  const answer = await repeatWhileBusy(() => proveUser(baseUrl, userName, key));
  if (answer.status !== 200) throw refusalOf(answer, baseUrl);
  keepSession(baseUrl, { cookie: cookieOf(answer), userName, createdAt: nowSeconds() }, nowSeconds());
  const { arn } = answer.json;
  const idle = `after ${limits.adminSessionIdleSeconds / 60} minutes without use, ${limits.adminSessionSeconds / 3_600} hours at most`;
  const rows = [
    ['gate', baseUrl],
    ['user', userName],
    ['ARN', String(arn)],
    ['ends', idle],
  ];
  return { json: { ok: true, baseUrl, ...answer.json }, text: table(rows) };
}

const NAME_THE_USER = 'Specify the IAM user of the access key with --user or in WIDGET_GATE_USER.';

function namedUser(options: Options): string | undefined {
  const userName = options.text('user') ?? (process.env.WIDGET_GATE_USER || undefined);
  if (userName === undefined || /^[\w+=,.@-]{1,64}$/.test(userName)) return userName;
  throw wrongUsage(NAME_THE_USER);
}

const logout: Command = {
  words: 'logout',
  operands: [],
  options: [],
  summary: 'end the session, at the gate and here',
  async run({ gate: { baseUrl } }) {
    const session = findSession(baseUrl);
    if (session === undefined) return { json: { ok: true }, text: 'No user was logged in.' };
    // Forgotten here first: whatever the gate responds, this machine is logged out.
    keepSession(baseUrl, undefined, Math.floor(Date.now() / 1_000));
    const answer = await callAdmin(baseUrl, adminCall('end-session', {}), session.cookie);
    if (answer.status !== 204 && answer.status !== 401) throw refusalOf(answer, baseUrl);
    return { json: { ok: true }, text: 'Logged out.' };
  },
};

const whoami: Command = {
  words: 'whoami',
  operands: [],
  options: [],
  summary: 'show the logged-in user',
  async run({ gate }) {
    const answer = await gate.ask('show-session', {});
    const rows = [
      ['gate', gate.baseUrl],
      ['user', answer.userName],
      ['ARN', answer.arn],
      ['since', moment(answer.createdAt)],
    ];
    return { json: { ok: true, baseUrl: gate.baseUrl, ...answer }, text: table(rows) };
  },
};

export const session: readonly Command[] = [login, logout, whoami];
