import { runSimulation } from '@cloud-copilot/iam-simulate';
import { evaluateAccess } from '#local/iam/evaluate.ts';
import type { Deployment, PolicyDocument, RoleResource } from '#local/model.ts';
import type { PermissionRequest } from './permission-request.ts';

/** Whether a session of a role may do something, by one reading of the policies. */
export type Judge = (request: PermissionRequest) => boolean | Promise<boolean>;

/** As the key's own, so that a role's policies alone decide over any other key. */
const keyPolicyOf = ({ kmsKeys }: Deployment, { action }: PermissionRequest): PolicyDocument | undefined =>
  action.startsWith('kms:') ? kmsKeys[0]?.keyPolicy : undefined;

const sessionOf = ({ arn }: RoleResource): string =>
  `${arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session`;

/** The evaluation of the local host. */
export const localJudge =
  (deployment: Deployment, role: RoleResource): Judge =>
  (request) => {
    const context = Object.entries(request.context).map(([key, value]): [string, string[]] => [
      key.toLowerCase(),
      [value].flat() as string[],
    ]);
    const { action, resource } = request;
    const { accountId } = deployment;
    return evaluateAccess(
      {
        identity: role.policies,
        resource: keyPolicyOf(deployment, request),
        resourceMustAgree: action.startsWith('kms:'),
      },
      { principalArns: [sessionOf(role), role.arn], accountId, action, resource, context: new Map(context) },
    ).allowed;
  };

/** An evaluation that others wrote. */
export const oracle =
  (deployment: Deployment, role: RoleResource): Judge =>
  async (request) => {
    const resourcePolicy = keyPolicyOf(deployment, request);
    const result = await runSimulation(
      {
        request: {
          principal: sessionOf(role),
          action: request.action,
          resource: { resource: request.resource, accountId: deployment.accountId },
          contextVariables: { ...request.context } as Record<string, string | string[]>,
        },
        identityPolicies: role.policies.map((policy, index) => ({ name: String(index), policy })),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(resourcePolicy && { resourcePolicy }),
      },
      {},
    );
    if (result.resultType === 'error') throw new Error(`${request.action}: ${JSON.stringify(result.errors)}`);
    return result.overallResult === 'Allowed';
  };
