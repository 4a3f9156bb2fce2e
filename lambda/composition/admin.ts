import { environment } from '../contract/environment.ts';
import { limits } from '../contract/limits.ts';
import type { OwnAccount } from '../core/caller-identity.ts';
import type { SessionStore } from '../ports.ts';
import { AddressLimit } from '../services/address-limit.ts';
import { type AdminLogin, CHALLENGE_PURPOSE } from '../services/admin-login.ts';
import { AdminMembers } from '../services/admin-members.ts';
import type { Administration } from '../services/administer.ts';
import { AuditRecovery } from '../services/audit-recovery.ts';
import { LoginTrail } from '../services/login-trail.ts';
import { DynamoAuditOutboxes } from '../stores/dynamo-audit-outboxes.ts';
import { DynamoCallCounter } from '../stores/dynamo-call-counter.ts';
import { DynamoKeyUseStore } from '../stores/dynamo-key-use-store.ts';
import { DynamoLoginLinkStore } from '../stores/dynamo-login-link-store.ts';
import { DynamoRevocationStore } from '../stores/dynamo-revocation-store.ts';
import { DynamoServiceKeyStore } from '../stores/dynamo-service-key-store.ts';
import { DynamoSessionStore } from '../stores/dynamo-session-store.ts';
import { IamAdminGroup } from '../stores/iam-admin-group.ts';
import { StsIdentityService } from '../stores/sts-identity-service.ts';
import { now, required, stageOrigins } from './environment.ts';
import { auditTrail, type OnFailure, ringFor, tableClient } from './shared.ts';
import { shopCreation } from './shops.ts';

/** `arn:<partition>:iam::<account>:group/<name>` */
export function adminGroup(): OwnAccount & { readonly groupName: string } {
  const match = /^arn:([a-z-]+):iam::(\d{12}):group\/([\w+=,.@-]+)$/.exec(required('adminGroup'));
  if (match === null) throw new Error(`${environment.adminGroup} must be the ARN of an IAM group`);
  const [, partition, accountId, groupName] = match as unknown as [string, string, string, string];
  return { partition, accountId, groupName };
}

/** What an operator types, before the user's name, to make a user an administrator. */
export const addMemberCommand = (): string =>
  process.env[environment.addMemberCommand] ??
  `aws iam add-user-to-group --group-name ${adminGroup().groupName} --user-name`;

export const adminMembers = (): AdminMembers =>
  new AdminMembers({ group: new IamAdminGroup(adminGroup().groupName), now });

/** How often an address may call, and by what CloudFront is known to say whose it is. */
interface LimitByAddress {
  readonly limit: AddressLimit;
  readonly edgeMark: string;
}

const addressLimit = (routes: 'admin' | 'login', calls: number, onFailure: OnFailure): LimitByAddress => ({
  limit: new AddressLimit({
    routes,
    calls,
    counter: new DynamoCallCounter(tableClient(), required('sessionTable')),
    deployment: required('deployment'),
    onFailure,
  }),
  edgeMark: required('edgeMark'),
});

/**
 * With how often an address may call, by what CloudFront is known to say whose it is, and where failed logins are filed. `onCountFailure` hears
 * of calls that were not counted, `onTrailFailure` of logins that were not filed yet.
 */
export function adminLogin(
  onCountFailure: OnFailure,
  onTrailFailure: OnFailure,
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
    sessions: new DynamoSessionStore(client, required('sessionTable')),
    links: new DynamoLoginLinkStore(client, required('sessionTable')),
    trail,
    failures: new LoginTrail(trail, onTrailFailure),
    endpoint: { region, host, deployment },
    own: group,
    groupName: group.groupName,
  };
}

export function adminSessions(): { readonly sessions: SessionStore; readonly members: AdminMembers } {
  return {
    sessions: new DynamoSessionStore(tableClient(), required('sessionTable')),
    members: adminMembers(),
  };
}

/** `onCountFailure` hears of calls that were not counted for their address. */
export function administration(onCountFailure: OnFailure): Administration & LimitByAddress {
  const client = tableClient();
  const creation = shopCreation(client);
  const trail = auditTrail(client);
  const outboxes = new DynamoAuditOutboxes(client, {
    shops: required('shopTable'),
    keys: required('keyTable'),
    sessions: required('sessionTable'),
  });
  return {
    ...creation,
    ...addressLimit('admin', limits.adminCallsPerAddress, onCountFailure),
    sessions: new DynamoSessionStore(client, required('sessionTable')),
    links: new DynamoLoginLinkStore(client, required('sessionTable')),
    serviceKeys: new DynamoServiceKeyStore(client, required('keyTable')),
    keyUse: new DynamoKeyUseStore(client, required('sessionTable')),
    revocations: new DynamoRevocationStore(client, required('sessionTable')),
    devKeys: required('devKeys') === 'true',
    trail,
    recovery: new AuditRecovery({ trail, outboxes, now }),
    stageOrigins: stageOrigins(),
  };
}
