import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { stageMembers } from '#lib/stage-config.ts';
import { WidgetGate } from '#lib/widget-gate.ts';

/** The CDK app of one stage: by default `-c stage=dev`. */
function main(): void {
  const app = new App({ context: contextWithoutCli() });
  const stage = String(app.node.tryGetContext('stage') ?? 'dev');
  const members = stageMembers(stage, app.node.tryGetContext('stages'));
  new WidgetGate(app, 'WidgetGate', { ...members, stage, stackScope: app });
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
