import { setTimeout } from 'node:timers/promises';
import { type CallAdminApi, logIn } from './admin-client.ts';
import type { Host } from './host.ts';

const ATTEMPTS = 10;
const PAUSE_MILLISECONDS = 500;
const SEEDING_USER = 'local-start';

/** The demo data could not be made; what is there already stays, and the next start goes on from there. */
export class SeedingError extends Error {
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
  { baseUrl, aws: { users }, adminGroupName }: Host,
  seed: (ask: CallAdminApi) => Promise<void>,
): Promise<void> {
  if (users.list().some(({ userName }) => userName === SEEDING_USER)) users.remove(SEEDING_USER);
  users.create(SEEDING_USER);
  users.addToGroup(SEEDING_USER, adminGroupName);
  try {
    const accessKey = users.createAccessKey(SEEDING_USER);
    await patiently(async () => seed(await logIn(baseUrl, { userName: SEEDING_USER, ...accessKey })));
  } finally {
    users.remove(SEEDING_USER);
  }
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
