import type { User, Users } from '../iam/users.ts';
import type { Deployment } from '../model.ts';
import type { Authorizer } from './authorize.ts';
import { AwsError, invalid, unknownOperation } from './errors.ts';
import { checkMembers, type Members, optionalText, textMember } from './members.ts';
import { queryProtocol } from './query-protocol.ts';
import type { AwsService } from './service.ts';

const MEMBERS = ['GroupName', 'Marker', 'MaxItems'];
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1_000;

/** `GetGroup`: the members of a group, page by page. */
export const createIam = (deployment: Deployment, users: Users, authorizer: Authorizer): AwsService => ({
  protocol: queryProtocol('2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/'),
  async handle({ operation, input, principal }) {
    if (operation !== 'GetGroup') throw unknownOperation(operation);
    checkMembers(input, MEMBERS);
    const groupName = textMember(input, 'GroupName');
    const group = deployment.groups.find((candidate) => candidate.groupName === groupName);
    const arn = group?.arn ?? `arn:aws:iam::${deployment.accountId}:group/${groupName}`;
    authorizer.demand({ principal, action: 'iam:GetGroup', resource: arn });
    if (group === undefined)
      throw new AwsError('NoSuchEntity', `The group with name ${groupName} cannot be found.`, 404);
    const { groupId: GroupId, createdAt } = users.group(groupName);
    const Group = { Path: '/', GroupName: groupName, GroupId, Arn: arn, CreateDate: isoTime(createdAt) };
    return { members: { Group, ...page(users.membersOf(groupName), input) } };
  },
});

/** The marker is the id of the last user shown, so that members who come and go do not shift the pages. */
function page(members: readonly User[], input: Members): Members {
  const marker = optionalText(input, 'Marker');
  const sorted = members.toSorted((one, other) => (one.userId < other.userId ? -1 : 1));
  const rest = marker === undefined ? sorted : sorted.filter(({ userId }) => userId > marker);
  const shown = rest.slice(0, readMaxItems(input));
  const isTruncated = shown.length < rest.length;
  return {
    Users: shown.map(describeUser),
    IsTruncated: isTruncated,
    ...(isTruncated && { Marker: shown.at(-1)?.userId }),
  };
}

function readMaxItems(input: Members): number {
  const text = optionalText(input, 'MaxItems') ?? String(DEFAULT_PAGE);
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > MAX_PAGE)
    throw invalid(`MaxItems must be 1 to ${MAX_PAGE}.`);
  return Number(text);
}

const describeUser = ({ userName, userId, arn, createdAt }: User): Members => ({
  Path: '/',
  UserName: userName,
  UserId: userId,
  Arn: arn,
  CreateDate: isoTime(createdAt),
});

const isoTime = (unixSeconds: number): string => new Date(unixSeconds * 1_000).toISOString().replace('.000Z', 'Z');
