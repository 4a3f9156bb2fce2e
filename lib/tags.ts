import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Applies the stage's tags to every resource below that accepts tags. */
export function tagEverything(scope: Construct, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
}

/** Applies a tag to every KMS key below, including copies. */
export function tagKeys(scope: Construct, name: string, value: string): void {
  Tags.of(scope).add(name, value, { includeResourceTypes: ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'] });
}
