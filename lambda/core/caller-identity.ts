import { type Result, refusal, success } from './result.ts';

/** An IAM user, as STS vouches for it. */
export interface IamUser {
  readonly arn: string;
  /** `AIDA…`: never given to another, not even under the same name. */
  readonly userId: string;
  readonly userName: string;
}

/** Whose word counts: users of one account of one partition. */
export interface OwnAccount {
  readonly partition: string;
  readonly accountId: string;
}

const USER_ID = /^AIDA[A-Z0-9]{12,28}$/;

/**
 * Reads what STS answered to GetCallerIdentity. Only a user of the own account passes: a role, the root user and a federated user
 * have other ARNs, and a user of another account another number, whatever its name.
 */
export function readCallerIdentity(
  answer: ReadonlyMap<string, unknown>,
  own: OwnAccount,
): Result<IamUser, 'not_an_own_user'> {
  const result = memberOf(memberOf(Object.fromEntries(answer), 'GetCallerIdentityResponse'), 'GetCallerIdentityResult');
  const [account, arn, userId] = ['Account', 'Arn', 'UserId'].map((name) => memberOf(result, name));
  if (account !== own.accountId || typeof arn !== 'string' || typeof userId !== 'string')
    return refusal('not_an_own_user');
  const prefix = `arn:${own.partition}:iam::${own.accountId}:user/`;
  const userName = arn.slice(arn.lastIndexOf('/') + 1);
  if (!arn.startsWith(prefix) || !isUserName(userName) || !USER_ID.test(userId)) return refusal('not_an_own_user');
  return success({ arn, userId, userName });
}

/** A legal IAM user name. */
export const isUserName = (text: string): boolean => /^[\w+=,.@-]{1,64}$/.test(text);

/** The id of a long-term access key; ids of temporary ones begin with ASIA. AWS documents upper-case letters and digits, without their meaning. */
export const isLongTermAccessKeyId = (text: string): boolean => /^AKIA[A-Z0-9]{12,28}$/.test(text);

function memberOf(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
