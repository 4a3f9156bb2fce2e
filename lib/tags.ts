import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Puts the stage's tags on every resource below that takes tags. */
export function tagEverything(scope: Construct, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) Tags.of(scope).add(key, value);
}

/** Puts a tag on every KMS key below, copies included. */
export function tagKeys(scope: Construct, name: string, value: string): void {
  Tags.of(scope).add(name, value, { includeResourceTypes: ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'] });
}
