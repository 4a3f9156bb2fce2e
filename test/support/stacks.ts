import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { stageMembers } from '#lib/stage-config.ts';
import { WidgetGate } from '#lib/widget-gate.ts';
import { digestOfInputs } from '#local/synthesize.ts';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own shapes
export type Properties = Record<string, any>;

export interface SynthesizedStage {
  readonly data: Template;
  readonly api: Template;
  readonly operations: Template;
  /** Empty where the stage has no web. */
  readonly web: Template;
}

const ROOT = join(import.meta.dirname, '../..');

/** Synthesizes a stage with the flags of cdk.json and the given configuration, or takes what a former run made of the same. */
export function synthesizeStage(stage: string, config: object): SynthesizedStage {
  const file = join(keptTemplates(), `${digestOf(stage, config)}.json`);
  const { data, api, operations, web } = kept(file) ?? keep(file, synthesizeAnew(stage, config));
  return {
    data: Template.fromJSON(data),
    api: Template.fromJSON(api),
    operations: Template.fromJSON(operations),
    web: Template.fromJSON(web),
  };
}

type Templates = Record<keyof SynthesizedStage, Properties>;

function synthesizeAnew(stage: string, config: object): Templates {
  const { data, api, operations, web } = synthesizedStacks(stage, config);
  return {
    data: Template.fromStack(data).toJSON(),
    api: Template.fromStack(api).toJSON(),
    operations: Template.fromStack(operations).toJSON(),
    web: web === undefined ? { Resources: {} } : Template.fromStack(web).toJSON(),
  };
}

function kept(file: string): Templates | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Templates;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Renamed into place: another test process reads the whole file or none. */
function keep(file: string, templates: Templates): Templates {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(templates));
  renameSync(`${file}.${process.pid}`, file);
  return templates;
}

let folder: string | undefined;

/** One folder for each state of everything that a template is made of; those of other states go. */
function keptTemplates(): string {
  if (folder !== undefined) return folder;
  const all = join(ROOT, 'dist/templates');
  const own = digestOfInputs();
  mkdirSync(join(all, own), { recursive: true });
  for (const other of readdirSync(all)) if (other !== own) rmSync(join(all, other), { recursive: true, force: true });
  folder = join(all, own);
  return folder;
}

function digestOf(stage: string, config: object): string {
  // JSON has no `undefined`, which an option may be.
  const text = JSON.stringify([stage, config], (_, value) => (value === undefined ? '\0undefined' : value));
  return createHash('sha256').update(text).digest('hex');
}

/** The constructs themselves. */
export function synthesizedStacks(stage: string, config: object) {
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as {
    context: object;
  };
  // Copies of assets would only fill the disk: templates are all that is looked at.
  const staging = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true };
  const app = new App({ context: { ...context, ...staging } });
  const members = stageMembers(stage, { [stage]: config });
  const { data, api, operations, web } = new WidgetGate(app, 'WidgetGate', { ...members, stage, stackScope: app });
  return { app, data, api, operations, web };
}

/** Properties of every resource of a type, by logical id. */
export const resourcesOf = (template: Template, type: string): [string, Properties][] =>
  Object.entries(template.findResources(type)).map(([id, resource]) => [
    id,
    (resource as Properties).Properties as Properties,
  ]);
