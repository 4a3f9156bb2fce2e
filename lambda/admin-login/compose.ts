import { environment } from '#contract/environment.ts';
import { limits } from '#contract/limits.ts';
import { auditTrail } from '../audit/compose.ts';
import { DynamoKeptEntries } from '../audit/kept-entries.store.ts';
import { tableClient } from '../platform/clients.store.ts';
import { addressLimit, type LimitByAddress } from '../platform/compose.ts';
import { now, type OnFailure, required } from '../platform/environment.ts';
import { ringFor } from '../ring/compose.ts';
import { IamAdminGroup } from './admin-group.store.ts';
import { DynamoSessionStore } from './admin-session.store.ts';
import type { OwnAccount } from './caller-identity.ts';
import { StsIdentityService } from './identity.store.ts';
import { type AdminLogin, CHALLENGE_PURPOSE } from './login.ts';
import { DynamoLoginLinkStore } from './login-link.store.ts';
import { AdminMembers } from './members.ts';
import type { AdminSessions, SessionBeginning } from './session.ts';
import { SessionIds } from './session-id.ts';
import { LoginTrail } from './trail.ts';

/** `arn:<partition>:iam::<account>:group/<name>` */
function adminGroup(): OwnAccount & { readonly groupName: string } {
  const match = /^arn:([a-z-]+):iam::(\d{12}):group\/([\w+=,.@-]+)$/.exec(required('adminGroup'));
  if (match === null) throw new Error(`${environment.adminGroup} must be the ARN of an IAM group`);
  const [, partition, accountId, groupName] = match as unknown as [string, string, string, string];
  return { partition, accountId, groupName };
}

/** The command that makes a user an administrator, without the user's name. */
export const addMemberCommand = (): string =>
  process.env[environment.addMemberCommand] ??
  `aws iam add-user-to-group --group-name ${adminGroup().groupName} --user-name`;

const adminMembers = (): AdminMembers => new AdminMembers({ group: new IamAdminGroup(adminGroup().groupName), now });

/**
 * Also builds the limit per address, with the mark of the stage's CloudFront, and the record of failed logins. `onCountFailure` is called
 * for calls that were not counted, `onTrailFailure` for failed logins that were not recorded yet, `onDelay` for logins whose entry waits.
 */
export function adminLogin(
  onCountFailure: OnFailure,
  onTrailFailure: OnFailure,
  onDelay: SessionBeginning['onDelay'],
): AdminLogin & LimitByAddress & { readonly failures: LoginTrail } {
  const region = process.env.AWS_REGION;
  if (region === undefined) throw new Error('the environment variable AWS_REGION is missing');
  const host = required('identityHost');
  const group = adminGroup();
  const client = tableClient();
  const deployment = required('deployment');
  const trail = auditTrail(client);
  return {
    ...addressLimit('login', limits.loginCallsPerAddress, onCountFailure),
    ring: ringFor(CHALLENGE_PURPOSE),
    identity: new StsIdentityService(host),
    members: adminMembers(),
    ids: new SessionIds(required('edgeMark')),
    sessions: new DynamoSessionStore(client, required('sessionTable')),
    links: new DynamoLoginLinkStore(client, required('sessionTable')),
    trail,
    kept: new DynamoKeptEntries(client, required('sessionTable'), 'keptLogin'),
    onDelay,
    failures: new LoginTrail(trail, onTrailFailure),
    endpoint: { region, host, deployment },
    own: group,
    groupName: group.groupName,
  };
}

export function adminSessions(): AdminSessions {
  return {
    ids: new SessionIds(required('edgeMark')),
    sessions: new DynamoSessionStore(tableClient(), required('sessionTable')),
    members: adminMembers(),
  };
}
