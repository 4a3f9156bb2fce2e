import { randomBytes } from 'node:crypto';
import { StateFile } from '../aws/state-file.ts';
import { randomId } from './ids.ts';

export interface User {
  readonly userName: string;
  readonly userId: string;
  readonly arn: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the template does not say about a group. */
export interface Group {
  readonly groupId: string;
  /** Unix seconds: when the group was first asked for. */
  readonly createdAt: number;
}

interface StoredUser extends Omit<User, 'arn'> {
  readonly accessKeys: readonly AccessKey[];
  readonly groups: readonly string[];
}

interface State {
  readonly users: readonly StoredUser[];
  readonly groups: Readonly<Record<string, Group>>;
}

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

const USER_NAME = /^[\w+=,.@-]{1,64}$/;

/**
 * The IAM users of the account, with their access keys and groups. A user keeps its id when it is renamed, and a user created again under
 * an old name gets a new id. Secrets are in the file in readable form, because a signature can only be verified with the secret itself.
 */
export class Users {
  readonly #file: StateFile<State>;
  readonly #accountId: string;

  constructor(file: string | undefined, accountId: string) {
    this.#file = new StateFile<State>(file, { users: [], groups: {} });
    this.#accountId = accountId;
  }

  create(userName: string): User {
    this.#refuseName(userName);
    const user = { userName, userId: randomId('AIDA', 21), createdAt: nowSeconds() };
    this.#save([...this.#users, { ...user, accessKeys: [], groups: [] }]);
    return this.#describe(user);
  }

  rename(userName: string, newName: string): void {
    this.#refuseName(newName);
    this.#change(userName, (user) => ({ ...user, userName: newName }));
  }

  remove(userName: string): void {
    this.#stored(userName);
    this.#save(this.#users.filter((user) => user.userName !== userName));
  }

  createAccessKey(userName: string): AccessKey {
    const key = { accessKeyId: randomId('AKIA', 20), secretAccessKey: randomBytes(30).toString('base64') };
    this.#change(userName, (user) => ({ ...user, accessKeys: [...user.accessKeys, key] }));
    return key;
  }

  removeAccessKey(accessKeyId: string): void {
    this.#save(
      this.#users.map((user) => ({
        ...user,
        accessKeys: user.accessKeys.filter((key) => key.accessKeyId !== accessKeyId),
      })),
    );
  }

  addToGroup(userName: string, groupName: string): void {
    this.#change(userName, (user) => ({ ...user, groups: [...new Set([...user.groups, groupName])] }));
  }

  removeFromGroup(userName: string, groupName: string): void {
    this.#change(userName, (user) => ({ ...user, groups: user.groups.filter((name) => name !== groupName) }));
  }

  list(): User[] {
    return this.#users.map((user) => this.#describe(user));
  }

  membersOf(groupName: string): User[] {
    return this.#users.filter(({ groups }) => groups.includes(groupName)).map((user) => this.#describe(user));
  }

  findByAccessKey(accessKeyId: string): { readonly user: User; readonly secretAccessKey: string } | undefined {
    for (const user of this.#users) {
      const key = user.accessKeys.find((candidate) => candidate.accessKeyId === accessKeyId);
      if (key !== undefined) return { user: this.#describe(user), secretAccessKey: key.secretAccessKey };
    }
    return undefined;
  }

  group(groupName: string): Group {
    const { users, groups } = this.#file.state;
    const known = Object.hasOwn(groups, groupName) ? groups[groupName] : undefined;
    if (known !== undefined) return known;
    const group = { groupId: randomId('AGPA', 21), createdAt: nowSeconds() };
    this.#file.replace({ users, groups: { ...groups, [groupName]: group } });
    return group;
  }

  get #users(): readonly StoredUser[] {
    return this.#file.state.users;
  }

  #stored(userName: string): StoredUser {
    const user = this.#users.find((candidate) => candidate.userName === userName);
    if (user === undefined) throw new Error(`there is no IAM user ${userName}`);
    return user;
  }

  #change(userName: string, change: (user: StoredUser) => StoredUser): void {
    const before = this.#stored(userName);
    this.#save(this.#users.map((user) => (user === before ? change(user) : user)));
  }

  #save(users: readonly StoredUser[]): void {
    this.#file.replace({ ...this.#file.state, users });
  }

  /** As on AWS, names must differ by more than case. */
  #refuseName(userName: string): void {
    if (!USER_NAME.test(userName)) throw new Error(`not an IAM user name: ${JSON.stringify(userName)}`);
    if (this.#users.some((user) => user.userName.toLowerCase() === userName.toLowerCase()))
      throw new Error(`an IAM user named ${userName} exists already`);
  }

  #describe({ userName, userId, createdAt }: Omit<User, 'arn'>): User {
    return { userName, userId, createdAt, arn: `arn:aws:iam::${this.#accountId}:user/${userName}` };
  }
}
