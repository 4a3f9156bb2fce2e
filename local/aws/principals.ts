import { randomBytes } from 'node:crypto';
import { randomId } from '../iam/ids.ts';
import type { Users } from '../iam/users.ts';
import type { Deployment, PolicyDocument, RoleResource } from '../model.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The principal of a valid signature. */
export interface Principal {
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  /** As `GetCallerIdentity` returns it. */
  readonly arn: string;
  readonly userId: string;
  /** Every ARN by which a policy can name it. */
  readonly policyArns: readonly string[];
  /** aws:PrincipalArn: the role behind a session. */
  readonly principalArn: string;
  /** lambda:SourceFunctionArn: the function whose code calls. */
  readonly functionArn?: string | undefined;
  readonly policies: readonly PolicyDocument[];
}

/** Their permissions concern services that have no stand-in, so that leaving them out denies nothing the functions ask for here. */
const HARMLESS_MANAGED_POLICIES = [
  'AWSLambdaBasicExecutionRole',
  'AWSXRayDaemonWriteAccess',
  'AmazonAPIGatewayPushToCloudWatchLogs',
];

/** Everyone who can sign: one session per role, with credentials made afresh at each start, and the IAM users. */
export class Principals {
  readonly #sessions = new Map<string, Principal>();
  readonly #credentials = new Map<string, Credentials>();
  readonly #users: Users;

  constructor(deployment: Deployment, users: Users) {
    this.#users = users;
    for (const role of deployment.roles) this.#addSession(role, deployment);
  }

  find(accessKeyId: string): Principal | undefined {
    const session = this.#sessions.get(accessKeyId);
    if (session !== undefined) return session;
    const found = this.#users.findByAccessKey(accessKeyId);
    if (found === undefined) return undefined;
    const { arn, userId } = found.user;
    return {
      secretAccessKey: found.secretAccessKey,
      sessionToken: undefined,
      arn,
      userId,
      policyArns: [arn],
      principalArn: arn,
      policies: [],
    };
  }

  credentialsFor(roleArn: string): Credentials {
    const credentials = this.#credentials.get(roleArn);
    if (credentials === undefined) throw new Error(`the deployment has no role ${roleArn}`);
    return credentials;
  }

  #addSession(role: RoleResource, { functions, accountId }: Deployment): void {
    for (const arn of role.managedPolicyArns) {
      if (!HARMLESS_MANAGED_POLICIES.some((name) => arn.endsWith(`/${name}`)))
        throw new Error(`the managed policy ${arn} of ${role.logicalId} is not known to the local host`);
    }
    const caller = functions.find(({ roleArn }) => roleArn === role.arn);
    const sessionName = caller?.functionName ?? 'local';
    const arn = `arn:aws:sts::${accountId}:assumed-role/${role.roleName}/${sessionName}`;
    const credentials = {
      accessKeyId: randomId('ASIA', 20),
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(48).toString('base64'),
    };
    this.#credentials.set(role.arn, credentials);
    this.#sessions.set(credentials.accessKeyId, {
      ...credentials,
      arn,
      userId: `${randomId('AROA', 21)}:${sessionName}`,
      policyArns: [arn, role.arn],
      principalArn: role.arn,
      functionArn: caller?.arn,
      policies: role.policies,
    });
  }
}
