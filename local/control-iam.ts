import { type ControlAnswer, refuse } from './control-answer.ts';
import type { Host } from './host.ts';
import type { Users } from './iam/users.ts';

type Request = Readonly<Record<string, unknown>>;

/** One action on the local IAM: what `aws iam` does on AWS. The only group is that of the administrators. */
export function routeIam({ aws, adminGroupName }: Host, request: Request | undefined): ControlAnswer {
  const perform = actions.get(String(request?.action));
  if (request === undefined || perform === undefined)
    return refuse(400, 'invalid_request', `The body must have an "action": ${[...actions.keys()].join(', ')}.`);
  try {
    return { status: 200, body: perform(aws.users, request, adminGroupName) };
  } catch (error) {
    return refuse(409, 'iam_refused', `${(error as Error).message}.`);
  }
}

/** Each throws with a sentence for people. */
const actions = new Map<string, (users: Users, request: Request, group: string) => object>([
  ['list', (users, _request, group) => listUsers(users, group)],
  ['create-user', (users, request) => users.create(textOf(request, 'userName'))],
  [
    'delete-user',
    (users, request) => {
      users.remove(textOf(request, 'userName'));
      return {};
    },
  ],
  [
    'rename-user',
    (users, request) => {
      users.rename(textOf(request, 'userName'), textOf(request, 'newName'));
      return {};
    },
  ],
  ['create-key', (users, request) => users.createAccessKey(textOf(request, 'userName'))],
  ['delete-key', deleteKey],
  [
    'add-to-group',
    (users, request, group) => {
      users.addToGroup(textOf(request, 'userName'), group);
      return { group };
    },
  ],
  [
    'remove-from-group',
    (users, request, group) => {
      users.removeFromGroup(textOf(request, 'userName'), group);
      return { group };
    },
  ],
]);

function listUsers(users: Users, group: string): object {
  const members = new Set(users.membersOf(group).map(({ userId }) => userId));
  return { group, users: users.list().map((user) => ({ ...user, isAdministrator: members.has(user.userId) })) };
}

function deleteKey(users: Users, request: Request): object {
  const accessKeyId = textOf(request, 'accessKeyId');
  if (users.findByAccessKey(accessKeyId) === undefined) throw new Error('there is no such access key');
  users.removeAccessKey(accessKeyId);
  return {};
}

function textOf(request: Request, name: string): string {
  const value = request[name];
  if (typeof value === 'string') return value;
  throw new Error(`the body has no text "${name}"`);
}
