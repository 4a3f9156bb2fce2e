import { createHash, createHmac } from 'node:crypto';

export interface AccessKey {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request that the gate dictates. */
interface Challenge {
  readonly challenge: string;
  readonly region: string;
  readonly amzDate: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Calls the admin API as the console does. */
export type CallAdminApi = (method: string, path: string, body: object) => Promise<Record<string, unknown>>;

/** Logs an IAM user in at a gate of this machine, by the same proof as everywhere. Throws with the gate's own words. */
export async function logIn(baseUrl: string, user: AccessKey): Promise<CallAdminApi> {
  const post = poster(baseUrl);
  const challenge = (await post('POST', '/login/challenge', {})).body as unknown as Challenge;
  const { cookie } = await post('POST', '/login', {
    challenge: challenge.challenge,
    userName: user.userName,
    accessKeyId: user.accessKeyId,
    signature: sign(challenge, user.secretAccessKey),
  });
  return async (method, path, body) => (await post(method, path, body, cookie)).body;
}

function poster(baseUrl: string) {
  return async (method: string, path: string, body: object, cookie = '') => {
    const response = await fetch(`${baseUrl}/admin/api${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'widget-gate', Cookie: cookie },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${path}: ${String(answer.message)}`);
    return { body: answer, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
  };
}

/** AWS Signature Version 4 over the dictated request, in hex. */
function sign({ region, amzDate, headers, body }: Challenge, secretAccessKey: string): string {
  const date = amzDate.slice(0, 8);
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = `POST\n/\n\n${lines}\n${names.join(';')}\n${sha256(body)}`;
  const scope = [date, region, 'sts', 'aws4_request'];
  const key = scope.reduce<Buffer>((parent, part) => hmac(parent, part), Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, `AWS4-HMAC-SHA256\n${amzDate}\n${scope.join('/')}\n${sha256(canonical)}`).toString('hex');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
