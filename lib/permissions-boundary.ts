import { PermissionsBoundary, type StackProps } from 'aws-cdk-lib';
import type { StageConfig } from './stage-config.ts';

/** The properties of a stack that put the stage's boundary on each of its roles, CDK's own included. */
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
