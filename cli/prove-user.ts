import { CHANGE_HEADERS } from '#contract/admin-call.ts';
import { checkChallenge } from '#contract/challenge.ts';
import { cookies } from '#contract/cookies.ts';
import type { AccessKey } from './aws-credentials.ts';
import { notReachable, refused } from './failure.ts';
import { callHttp, type HttpAnswer } from './http-call.ts';
import { signRequest } from './sign.ts';

/** One attempt: requests a challenge, checks and signs it, and sends the signature. Throws `CliFailure`. */
export async function proveUser(
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

const post = (url: string, body: object): Promise<HttpAnswer> =>
  callHttp(url, { method: 'POST', headers: CHANGE_HEADERS, body });

export const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

const signedNothing = (wrong: string): Error =>
  refused(
    'challenge_refused',
    `Nothing was signed: the gate's challenge ${wrong}. Check its URL, and who operates it.`,
  );

export function cookieOf({ headers }: HttpAnswer): string {
  const set = headers['set-cookie']?.map((cookie) => cookie.split(';')[0] ?? '') ?? [];
  const own = set.find((cookie) => cookie.startsWith(`${cookies.adminSession}=`) && /^[\w-]+=[\w-]+$/.test(cookie));
  if (own === undefined) throw notReachable('The gate answered without a session: it may be of another version.');
  return own;
}
