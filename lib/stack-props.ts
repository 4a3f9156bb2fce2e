import type { StackProps } from 'aws-cdk-lib';
import { permissionsBoundaryOf } from './permissions-boundary.ts';
import type { StageConfig } from './stage-config.ts';

/** What all stacks of a stage have in common. */
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
