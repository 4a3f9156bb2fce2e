import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { ApiStack } from '../lib/api-stack.ts';
import { DataStack } from '../lib/data-stack.ts';
import { STAGE_TAG } from '../lib/deployer/scopes.ts';
import { OperationsStack } from '../lib/operations-stack.ts';
import { stackProps } from '../lib/stack-props.ts';
import { readStageConfig } from '../lib/stage-config.ts';
import { tagEverything, tagKeys } from '../lib/tags.ts';
import { WebStack } from '../lib/web-stack.ts';

/** The CDK app of one stage: `-c stage=dev` unless told otherwise. */
function main(): void {
  const app = new App({ context: contextWithoutCli() });
  const stage: unknown = app.node.tryGetContext('stage') ?? 'dev';
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  const config = readStageConfig(String(stage), app.node.tryGetContext('stages'), { account, region });
  const data = new DataStack(app, `WidgetGate-${config.stage}-Data`, { ...stackProps(config), config });
  const api = new ApiStack(app, `WidgetGate-${config.stage}-Api`, { ...stackProps(config), config, data });
  new OperationsStack(app, `WidgetGate-${config.stage}-Operations`, { ...stackProps(config), config, data, api });
  if (config.web !== undefined)
    new WebStack(app, `WidgetGate-${config.stage}-Web`, { ...stackProps(config), config, api });
  tagKeys(app, STAGE_TAG, config.stage);
  tagEverything(app, config.tags);
  app.synth();
}

/** The CDK CLI hands cdk.json's context to the app; started without the CLI, as the local host does, the app reads it itself. */
function contextWithoutCli(): Record<string, unknown> {
  if (process.env.CDK_CLI_VERSION !== undefined) return {};
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../cdk.json'), 'utf8')) as {
    context: Record<string, unknown>;
  };
  return context;
}

main();
