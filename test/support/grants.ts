import type { PolicyStatement, RoleResource } from '#local/model.ts';
import type { DeployedHost } from './aws-clients.ts';

/** One thing that a statement grants: an action on a resource, under the statement's conditions. */
export interface Grant {
  readonly roleName: string;
  readonly statement: PolicyStatement;
  readonly action: string;
  readonly resource: string;
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] => [value ?? []].flat();

/** All that the policies of a deployment's roles grant, one by one. */
export function grantsOf(roles: readonly RoleResource[]): Grant[] {
  return roles.flatMap(({ logicalId, policies }) =>
    policies.flatMap(({ Statement }) =>
      Statement.flatMap((statement) =>
        listOf(statement.Action).flatMap((action) =>
          listOf(statement.Resource).map((resource) => ({ roleName: logicalId, statement, action, resource })),
        ),
      ),
    ),
  );
}

/** The grants that no call since the start of a host has needed. */
export const unusedGrants = ({ host, deployment }: DeployedHost): Grant[] =>
  grantsOf(deployment.roles).filter(
    ({ statement, action, resource }) => !host.aws.calls.hasUsed(statement, action, resource),
  );

/** `AdminApi: dynamodb:PutItem on …table/…Shops… if {…}` */
export const describeGrant = ({ roleName, statement, action, resource }: Grant): string =>
  `${roleName.replace(/Role[0-9A-F]{8}$/, '')}: ${action} on ${resource}${
    statement.Condition === undefined ? '' : ` if ${JSON.stringify(statement.Condition)}`
  }`;
