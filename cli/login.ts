import { checkChallenge } from '../clients/challenge.ts';
import { cookies } from '../lambda/contract/cookies.ts';
import { limits } from '../lambda/contract/limits.ts';
import { CHANGE_HEADERS } from './admin-gate.ts';
import { type AccessKey, findAccessKey } from './aws-credentials.ts';
import type { Command, Report } from './command.ts';
import { notReachable, refused, wrongUsage } from './failure.ts';
import { refusalOf, repeatWhileBusy } from './gate-call.ts';
import { callHttp, type HttpAnswer } from './http-call.ts';
import { consoleUrlOf, loginLink } from './login-link.ts';
import type { Options } from './options.ts';
import { keepSession } from './sessions.ts';
import { signRequest } from './sign.ts';
import { table } from './table.ts';
import type { AdminGate } from './transport.ts';

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

export const login: Command = {
  words: 'login',
  operands: [],
  options: ['user', 'profile', 'browser', 'console'],
  usage: '--user NAME [--profile P] [--browser [--console URL]]',
  summary:
    'prove an IAM user (or WIDGET_GATE_USER) by the access key that AWS tools find; the secret key stays on this machine; with --browser print a link into the console (at the gate’s URL, --console or WIDGET_GATE_CONSOLE_URL), good once within 60 s, for which a live session is enough',
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
  // A challenge is used up by one attempt, so that a repetition begins with another.
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

const NAME_THE_USER = 'Name the IAM user that the access key is of, with --user or in WIDGET_GATE_USER.';

function namedUser(options: Options): string | undefined {
  const userName = options.text('user') ?? (process.env.WIDGET_GATE_USER || undefined);
  if (userName === undefined || /^[\w+=,.@-]{1,64}$/.test(userName)) return userName;
  throw wrongUsage(NAME_THE_USER);
}

/** One attempt: has the gate dictate a request, checks and signs it, and sends the signature. Throws `CliFailure`. */
async function proveUser(
  baseUrl: string,
  userName: string,
  { accessKeyId, secretAccessKey }: AccessKey,
): Promise<HttpAnswer> {
  const dictated = await post(`${baseUrl}/admin/api/login/challenge`, {});
  if (dictated.status !== 200) return dictated;
  const checked = checkChallenge(dictated.json, nowSeconds());
  if (!checked.ok) throw signedNothing(checked.wrong);
  const signature = signRequest(checked.request, secretAccessKey);
  return post(`${baseUrl}/admin/api/login`, { challenge: checked.challenge, userName, accessKeyId, signature });
}

const signedNothing = (wrong: string): Error =>
  refused('challenge_refused', `Nothing was signed: the gate asked to sign ${wrong}. Check its URL, and whose it is.`);

const post = (url: string, body: object): Promise<HttpAnswer> =>
  callHttp(url, { method: 'POST', headers: CHANGE_HEADERS, body });

function cookieOf({ headers }: HttpAnswer): string {
  const set = headers['set-cookie']?.map((cookie) => cookie.split(';')[0] ?? '') ?? [];
  const own = set.find((cookie) => cookie.startsWith(`${cookies.adminSession}=`) && /^[\w-]+=[\w-]+$/.test(cookie));
  if (own === undefined) throw notReachable('The gate answered without a session: it may be of another version.');
  return own;
}
