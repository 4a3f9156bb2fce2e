import { PermissionsBoundary, type StackProps } from 'aws-cdk-lib';
import { PermissionsBoundary as BoundaryOfRoles, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StageConfig } from './stage-config.ts';

/** The properties of a stack that apply the stage's boundary to each of its roles, including CDK's own. */
export function permissionsBoundaryOf({
  permissionsBoundary: policy,
}: StageConfig): Pick<StackProps, 'permissionsBoundary'> {
  if (policy === undefined) return {};
  return {
    permissionsBoundary: policy.startsWith('arn:')
      ? PermissionsBoundary.fromArn(policy)
      : PermissionsBoundary.fromName(policy),
  };
}

/** Applies the stage's boundary to the roles below, in a stack that does not belong to the gate. */
export function boundRoles(scope: Construct, { permissionsBoundary: policy }: StageConfig): void {
  if (policy === undefined) return;
  const managed = policy.startsWith('arn:')
    ? ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', policy)
    : ManagedPolicy.fromManagedPolicyName(scope, 'Boundary', policy);
  BoundaryOfRoles.of(scope).apply(managed);
}
