import { checkChallenge, type Dictated } from '../../../../clients/challenge.ts';
import { type Answer, refused } from '../api/answer.ts';
import { callGate } from '../api/call.ts';
import { importSecret, signRequest } from './sign.ts';

export interface Claim {
  readonly userName: string;
  readonly accessKeyId: string;
}

const LOGIN = '/admin/api/login';

/**
 * Proves an IAM user: has the gate dictate a request, checks and signs it here, and sends the signature. `takeSecret` hands out the secret
 * access key, once and before anything is sent, and forgets it.
 */
export async function logIn({ userName, accessKeyId }: Claim, takeSecret: () => string): Promise<Answer<unknown>> {
  const secret = takeSecret();
  if (!globalThis.isSecureContext) return refused('insecure_page');
  const key = await importSecret(secret);
  const dictated = await callGate<Dictated>({ method: 'POST', path: `${LOGIN}/challenge`, body: {} });
  if (!dictated.ok) return dictated;
  const checked = checkChallenge(dictated.value, Math.floor(Date.now() / 1_000));
  if (!checked.ok) return refused('challenge_refused', { detail: `It asked for ${checked.wrong}.` });
  const signature = await signRequest(checked.request, key);
  const proof = { challenge: checked.challenge, userName, accessKeyId, signature };
  return callGate({ method: 'POST', path: LOGIN, body: proof });
}

/** Logs in with the code of a one-time link. */
export const logInByLink = (code: string): Promise<Answer<unknown>> =>
  callGate({ method: 'POST', path: `${LOGIN}/link`, body: { code } });
