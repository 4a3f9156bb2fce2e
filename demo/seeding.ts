import { setTimeout } from 'node:timers/promises';
import { callAdmin } from '#cli/admin-gate.ts';
import { refusalOf } from '#cli/http-call.ts';
import { cookieOf, proveUser } from '#cli/prove-user.ts';
import type { AdminAction, AnswerOf, PathOf, RequestOf } from '#contract/admin-api.ts';
import { adminCall } from '#contract/admin-call.ts';
import type { Host } from '#local/host.ts';

/** Calls the admin API of a gate on this machine. Throws with the gate's own words. */
export type AskAdmin = <A extends AdminAction>(action: A, request: PathOf<A> & RequestOf<A>) => Promise<AnswerOf<A>>;

const ATTEMPTS = 10;
const PAUSE_MILLISECONDS = 500;
const SEEDING_USER = 'local-start';

/** The demo data could not be made; what is there already stays, and the next start goes on from there. */
class SeedingError extends Error {
  override readonly name = 'SeedingError';

  constructor(reason: string) {
    super(`the demo data could not be created (${reason}): start again to go on`);
  }
}

/**
 * Does something as an administrator made for it alone: the demo administrator's key may have been handed out already, and is not ours to
 * use. A machine that is busy with something else may miss the functions' times a few times, so what failed is begun again.
 */
export async function asSeedingUser(
  { baseUrl, aws: { users }, groupName }: Host,
  seed: (ask: AskAdmin) => Promise<void>,
): Promise<void> {
  if (users.list().some(({ userName }) => userName === SEEDING_USER)) users.remove(SEEDING_USER);
  users.create(SEEDING_USER);
  users.addToGroup(SEEDING_USER, groupName);
  try {
    const accessKey = users.createAccessKey(SEEDING_USER);
    await patiently(async () => seed(await logIn(baseUrl, { userName: SEEDING_USER, ...accessKey })));
  } finally {
    users.remove(SEEDING_USER);
  }
}

async function logIn(
  baseUrl: string,
  user: { userName: string; accessKeyId: string; secretAccessKey: string },
): Promise<AskAdmin> {
  const proven = await proveUser(baseUrl, user.userName, user);
  if (proven.status !== 200) throw refusalOf(proven, baseUrl);
  return async <A extends AdminAction>(action: A, request: PathOf<A> & RequestOf<A>) => {
    const answer = await callAdmin(baseUrl, adminCall(action, request), cookieOf(proven));
    if (answer.status >= 300) throw refusalOf(answer, baseUrl);
    return answer.json as AnswerOf<A>;
  };
}

async function patiently(seed: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await seed();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw new SeedingError((error as Error).message);
      await setTimeout(PAUSE_MILLISECONDS);
    }
  }
}
