import type { Authorizer } from './authorize.ts';
import { unknownOperation } from './errors.ts';
import { checkMembers } from './members.ts';
import { queryProtocol } from './query-protocol.ts';
import type { AwsService } from './service.ts';

/** `GetCallerIdentity`, which needs no permission. `answersXml`: also to a caller that accepts JSON, as some emulators of AWS do. */
export const createSts = (
  accountId: string,
  authorizer: Authorizer,
  answersXml: () => boolean = () => false,
): AwsService => ({
  protocol: queryProtocol('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/', () => !answersXml()),
  async handle({ operation, input, principal }) {
    if (operation !== 'GetCallerIdentity') throw unknownOperation(operation);
    checkMembers(input, []);
    authorizer.record({ principal, action: 'sts:GetCallerIdentity', resource: '*' }, true);
    return { members: { Arn: principal.arn, UserId: principal.userId, Account: accountId } };
  },
});
