import type { Stack } from './assembly.ts';

/** One resource with its properties resolved. Its members are typed where they are read. */
export interface ResolvedResource {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly type: string;
  readonly ref: string;
  readonly arn: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is CloudFormation's, checked by name against known-resources.ts
  readonly properties: Record<string, any>;
}
