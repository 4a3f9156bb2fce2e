/** For other CDK apps: the gate's stacks, and protection of an API of your own. */
export { ApiStack, type ApiStackProps } from './api-stack.ts';
export { ProtectedTree } from './constructs/protected-tree.ts';
export { DataStack, type DataStackProps } from './data-stack.ts';
export { OperationsStack, type OperationsStackProps } from './operations-stack.ts';
export { readStageConfig, type StageConfig, StageConfigError } from './stage-config.ts';
export { WebStack, type WebStackProps } from './web-stack.ts';
export { type ProtectOptions, WidgetGate, type WidgetGateProps } from './widget-gate.ts';
