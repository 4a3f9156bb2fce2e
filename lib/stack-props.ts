import type { StackProps } from 'aws-cdk-lib';
import { permissionsBoundaryOf } from './permissions-boundary.ts';
import type { StageConfig } from './stage-config.ts';

/** The common properties of all stacks of a stage. */
export function stackProps(config: StageConfig): StackProps {
  const { account, region, production, stage, tags } = config;
  return {
    env: { region, ...(account !== undefined && { account }) },
    tags: { ...tags },
    terminationProtection: production,
    description: `Widget Gate, stage ${stage}`,
    ...permissionsBoundaryOf(config),
  };
}
