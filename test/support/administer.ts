import { setTimeout } from 'node:timers/promises';
import type { AdminAction } from '#contract/admin-api.ts';
import { adminCall } from '#contract/admin-call.ts';
import type { Host } from '#local/host.ts';
import { type AdminClient, type AwsUser, adminClient, cookieOf, logIn } from './admin.ts';
import type { HttpAnswer } from './http.ts';

/** What the admin API answered, with its code as `reason` where it refused. */
export interface Administered {
  readonly ok: boolean;
  readonly reason?: string;
  readonly [member: string]: unknown;
}

/**
 * Carries out a request of the admin API that is named by its action: `{ action: 'rotate-key', shopId, overlapSeconds: 0 }`. Rejects when it
 * is not known whether it was done.
 */
export type Administer = (request: Readonly<Record<string, unknown>>) => Promise<Administered>;

/** An administrator of a running host, made for this and logged in when first asked. */
export function administratorOf({ baseUrl, aws: { users }, groupName }: Host): Administer {
  let administer: Administer | undefined;
  return (request) => {
    if (administer === undefined) {
      const userName = `administrator-${users.list().length + 1}`;
      users.create(userName);
      users.addToGroup(userName, groupName);
      administer = administratorAt(baseUrl, { userName, ...users.createAccessKey(userName) });
    }
    return administer(request);
  };
}

/** An administrator of a gate somewhere. A session that is over is created again, and a throttled call is repeated. */
export function administratorAt(baseUrl: string, user: AwsUser): Administer {
  let session: Promise<AdminClient> | undefined;
  const renew = (): Promise<AdminClient> => {
    session = begin(baseUrl, user);
    session.catch(() => {
      session = undefined;
    });
    return session;
  };
  return async (request) => {
    const first = await patiently(async () => send(await (session ?? renew()), request));
    const { status, json } = first.status === 401 ? await patiently(async () => send(await renew(), request)) : first;
    if (status >= 500) throw new Error(`nobody knows what became of ${String(request.action)}: ${status}`);
    return status < 300 ? { ok: true, ...json } : refused(String(json.code), json.message);
  };
}

/** A refusal is its reason: the message is there for tests that look at it, and makes no difference to those that compare. */
const refused = (reason: string, message: unknown): Administered =>
  Object.defineProperty({ ok: false, reason }, 'message', { value: message, enumerable: false });

async function begin(baseUrl: string, user: AwsUser): Promise<AdminClient> {
  const answer = await patiently(() => logIn(baseUrl, user));
  if (answer.status !== 200) throw new Error(`the administrator could not log in: ${answer.text}`);
  return adminClient(baseUrl, cookieOf(answer));
}

const ATTEMPTS = 120;

async function patiently(call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await call();
    if (answer.status !== 429 || attempt === ATTEMPTS) return answer;
    await setTimeout(250);
  }
}

function send(
  client: AdminClient,
  { action, expectedVersion, switches, ...members }: Readonly<Record<string, unknown>>,
): Promise<HttpAnswer> {
  const request = { ...members, ...(switches as object | undefined) };
  const call = adminCall(action as AdminAction, request as never, expectedVersion as number | undefined);
  return client(`${call.method} ${call.path.replace(/^\/admin\/api/, '')}`, {
    ...(call.method !== 'GET' && { body: call.body ?? {} }),
    headers: Object.entries(call.headers).filter(([name]) => name === 'If-Match'),
  });
}
