import type { Authorizer } from './authorize.ts';
import { unknownOperation } from './errors.ts';
import { checkMembers } from './members.ts';
import { queryProtocol } from './query-protocol.ts';
import type { AwsService } from './service.ts';

/** `GetCallerIdentity`, which needs no permission. */
export const createSts = (accountId: string, authorizer: Authorizer): AwsService => ({
  protocol: queryProtocol('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/', true),
  async handle({ operation, input, principal }) {
    if (operation !== 'GetCallerIdentity') throw unknownOperation(operation);
    checkMembers(input, []);
    authorizer.record({ principal, action: 'sts:GetCallerIdentity', resource: '*' }, true);
    return { members: { Arn: principal.arn, UserId: principal.userId, Account: accountId } };
  },
});
