import { environment } from '#contract/environment.ts';
import type { Host } from '#local/host.ts';
import type { Deployment } from '#local/model.ts';
import { TemplateError } from '#local/template/intrinsics.ts';
import { loadDeployment } from '#local/template.ts';

/** The stack that watches a gate with CloudWatch, SNS and EventBridge, none of which this machine has: the gate runs without it. */
const WATCHING = /^WidgetGate-.+-Operations$/;

/**
 * Loads a synthesized stage as the model that the local host runs. Throws `TemplateError` for parts that it cannot run.
 */
export function loadStage(assemblyDirectory: string): Deployment {
  const deployment = loadDeployment(assemblyDirectory, { without: WATCHING });
  refuseForeignGroup(deployment);
  return deployment;
}

/** A group that is created elsewhere has no members here who could log in. */
function refuseForeignGroup({ functions, groups }: Deployment): void {
  const wanted = functions.map((reader) => reader.environment[environment.adminGroup]).find((arn) => arn !== undefined);
  if (wanted !== undefined && !groups.some(({ arn }) => arn === wanted))
    throw new TemplateError(`the local host has no group ${wanted}: it cannot run a stage with existingAdminGroup`);
}

/** The functions for calls of a shop or a widget, which must be ready from the start. */
export const isCalledByShops = (path: string): boolean => /^\/api\/(shops|widget)\//.test(path);

/** The address of the console of a running gate; undefined if its stage has no web. */
export const consoleUrlOf = ({ baseUrl, hasFront }: Host): string | undefined =>
  hasFront ? `${baseUrl}/admin/` : undefined;
