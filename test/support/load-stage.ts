import { App } from 'aws-cdk-lib';
import { loadStage } from '#bin/start/stage.ts';
import { ApiStack } from '#lib/api-stack.ts';
import { DataStack } from '#lib/data-stack.ts';
import { readStageConfig } from '#lib/stage-config.ts';
import { tagEverything } from '#lib/tags.ts';
import { WebStack } from '#lib/web-stack.ts';
import type { Deployment } from '#local/model.ts';

/** What the local host makes of a development stage with these options. */
export function loadStageWith(options: object): Deployment {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const config = readStageConfig('dev', { dev: { production: false, region: 'eu-west-1', ...options } });
  const env = { region: config.region };
  const data = new DataStack(app, 'Data', { env, config });
  const api = new ApiStack(app, 'Api', { env, config, data });
  if (config.web !== undefined) new WebStack(app, 'Web', { env, config, api });
  tagEverything(app, config.tags);
  return loadStage(app.synth().directory);
}
