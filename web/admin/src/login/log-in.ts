import { checkChallenge, type Dictated, type SignableRequest } from '#contract/challenge.ts';
import { type Answer, callGate, refused } from '../api/call.ts';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const importHmacKey = (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>) =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

type HmacKey = Awaited<ReturnType<typeof importHmacKey>>;

/** A secret access key as a key that can sign and that no code can read again. */
export const importSecret = (secretAccessKey: string): Promise<HmacKey> =>
  importHmacKey(bytesOf(`AWS4${secretAccessKey}`));

const hmac = (key: HmacKey, text: string): Promise<ArrayBuffer> => crypto.subtle.sign('HMAC', key, bytesOf(text));

const sha256 = async (text: string): Promise<string> => hexOf(await crypto.subtle.digest('SHA-256', bytesOf(text)));

/** The signature of `POST /` in hex (AWS Signature Version 4, service `sts`). */
export async function signRequest(
  { region, amzDate, headers, body }: SignableRequest,
  secret: HmacKey,
): Promise<string> {
  const scope = [amzDate.slice(0, 8), region, 'sts', 'aws4_request'];
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names.join(';'), await sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope.join('/'), await sha256(canonical)].join('\n');
  let key = secret;
  for (const part of scope) key = await importHmacKey(await hmac(key, part));
  return hexOf(await hmac(key, toSign));
}

export interface Claim {
  readonly userName: string;
  readonly accessKeyId: string;
}

const LOGIN = '/admin/api/login';

/**
 * Proves an IAM user: requests a challenge from the gate, checks and signs it here, and sends the signature. `takeSecret` returns the
 * secret access key and clears it, once and before anything is sent.
 */
export async function logIn({ userName, accessKeyId }: Claim, takeSecret: () => string): Promise<Answer<unknown>> {
  const secret = takeSecret();
  if (!globalThis.isSecureContext) return refused('insecure_page');
  const key = await importSecret(secret);
  const dictated = await callGate<Dictated>({ method: 'POST', path: `${LOGIN}/challenge`, body: {} });
  if (!dictated.ok) return dictated;
  const checked = checkChallenge(dictated.value, Math.floor(Date.now() / 1_000));
  if (!checked.ok) return refused('challenge_refused', { detail: `The challenge ${checked.wrong}.` });
  const signature = await signRequest(checked.request, key);
  const proof = { challenge: checked.challenge, userName, accessKeyId, signature };
  return callGate({ method: 'POST', path: LOGIN, body: proof });
}

/** Logs in with the code of a one-time link. */
export const logInByLink = (code: string): Promise<Answer<unknown>> =>
  callGate({ method: 'POST', path: `${LOGIN}/link`, body: { code } });
