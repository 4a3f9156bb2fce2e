/** For other CDK apps: the whole gate, and protection of an API of your own. */
export type { ApiStack } from './api-stack.ts';
export type { ProtectedTree } from './constructs/protected-tree.ts';
export type { DataStack } from './data-stack.ts';
export type { OperationsStack } from './operations-stack.ts';
export { StageConfigError, type StageMembers } from './stage-config.ts';
export type { WebStack } from './web-stack.ts';
export { type ProtectOptions, WidgetGate, type WidgetGateProps } from './widget-gate.ts';
