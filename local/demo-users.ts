import type { Users } from './iam/users.ts';

/** An IAM user as it is told to the person who started the gate; the key only at the start that made it. */
export interface DemoUser {
  readonly userName: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
}

export interface DemoUsers {
  readonly admin: DemoUser & { readonly group: string };
  /** Proven, but not in the group. */
  readonly outsider: DemoUser;
}

/** An administrator and somebody who is none, made once per data directory. */
export function seedDemoUsers(users: Users, group: string): DemoUsers {
  const admin = seedUser(users, 'demo-admin', (userName) => users.addToGroup(userName, group));
  return { admin: { ...admin, group }, outsider: seedUser(users, 'demo-outsider') };
}

function seedUser(users: Users, userName: string, prepare?: (userName: string) => void): DemoUser {
  if (users.list().some((user) => user.userName === userName)) return { userName };
  users.create(userName);
  prepare?.(userName);
  return { userName, ...users.createAccessKey(userName) };
}
