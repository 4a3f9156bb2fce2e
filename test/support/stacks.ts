import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readStageConfig } from '#lib/stage-config.ts';
import { WidgetGate } from '#lib/widget-gate.ts';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own shapes
export type Properties = Record<string, any>;

export interface SynthesizedStage {
  readonly data: Template;
  readonly api: Template;
  readonly operations: Template;
  /** Empty where the stage has no web. */
  readonly web: Template;
}

/** Synthesizes a stage with the flags of cdk.json and the given configuration. */
export function synthesizeStage(stage: string, config: object): SynthesizedStage {
  const { data, api, operations, web } = synthesizedStacks(stage, config);
  return {
    data: Template.fromStack(data),
    api: Template.fromStack(api),
    operations: Template.fromStack(operations),
    web: web === undefined ? Template.fromJSON({ Resources: {} }) : Template.fromStack(web),
  };
}

/** The constructs themselves. */
export function synthesizedStacks(stage: string, config: object) {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8')) as {
    context: object;
  };
  // Copies of assets would only fill the disk: templates are all that is looked at.
  const staging = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true };
  const app = new App({ context: { ...context, ...staging } });
  const read = readStageConfig(stage, { [stage]: config });
  const { data, api, operations, web } = new WidgetGate(app, 'WidgetGate', { config: read, stackScope: app });
  return { app, data, api, operations, web };
}

/** Properties of every resource of a type, by logical id. */
export const resourcesOf = (template: Template, type: string): [string, Properties][] =>
  Object.entries(template.findResources(type)).map(([id, resource]) => [
    id,
    (resource as Properties).Properties as Properties,
  ]);
