import { environment } from '../lambda/contract/environment.ts';
import { protectedTrees } from '../lambda/contract/routes.ts';
import type { Deployment } from './model.ts';

/** What a person who starts the gate needs to know about the upstreams of its stage. */
export interface StageUpstreams {
  /** The path of the API, and the URL of its upstream. */
  readonly upstreams: readonly (readonly [path: string, url: string])[];
  /** ARNs of secrets that the stage names, whose text `--secret` did not give: calls to its upstreams get 503. */
  readonly missingSecrets: readonly string[];
}

const VARIABLES = [
  [protectedTrees['widget-token'], environment.upstreamUrl],
  [protectedTrees.analytics, environment.analyticsUpstreamUrl],
  [protectedTrees['data-router-key'], environment.dataRouterUpstreamUrl],
] as const;

export function stageUpstreams({ functions, secrets }: Pick<Deployment, 'functions' | 'secrets'>): StageUpstreams {
  const valuesOf = (variable: string): string[] => [
    ...new Set(functions.flatMap((each) => each.environment[variable] ?? [])),
  ];
  return {
    upstreams: VARIABLES.flatMap(([path, variable]) => valuesOf(variable).map((url) => [path, url] as const)),
    missingSecrets: valuesOf(environment.upstreamCaSecret).filter((arn) => secrets.every((each) => each.arn !== arn)),
  };
}
