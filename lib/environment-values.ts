import { Aws, Fn } from 'aws-cdk-lib';
import type { EnvironmentName } from '#contract/environment.ts';
import { protectedTrees } from '#contract/routes.ts';
import type { DataStack } from './data-stack.ts';
import type { StageConfig } from './stage-config.ts';

/**
 * The `iss` of assertions to upstreams: deployment, stage, and the random end of the data stack's id, so that it differs between accounts
 * without revealing one, and stays the same for as long as the signing keys are kept.
 */
export const assertionIssuer = ({ deploymentName, stage }: StageConfig, data: DataStack): string =>
  `${deploymentName}:${stage}:${Fn.select(2, Fn.split('/', data.stackId))}`;

/** A value for every variable of a stage. Each function gets those that its contract lists. */
export function environmentValues(config: StageConfig, data: DataStack): Partial<Record<EnvironmentName, string>> {
  return {
    deployment: `${config.deploymentName}:${Aws.ACCOUNT_ID}:${config.stage}`,
    keyEnvironment: config.production ? 'live' : 'test',
    shopTable: data.shops.table.tableName,
    keyTable: data.keys.table.tableName,
    sessionTable: data.sessions.table.tableName,
    auditTable: data.audit.table.tableName,
    auditRetentionDays: String(config.auditRetentionDays),
    adminGroup: data.adminGroup.groupArn,
    identityHost: `sts.${Aws.REGION}.${Aws.URL_SUFFIX}`,
    protectedTree: protectedTrees['widget-token'],
    ringSecret: data.ring.secret.secretArn,
    signingSecret: data.signingKeys.secret.secretArn,
    assertionIssuer: assertionIssuer(config, data),
    allowedOrigins: JSON.stringify(config.allowedOrigins),
    devKeys: String(config.devKeys),
    upstreamTimeoutSeconds: String(config.upstreamTimeoutSeconds),
    ...(config.upstreamStreaming && { upstreamStreaming: 'true' }),
    ...(config.upstreamUrl !== undefined && { upstreamUrl: config.upstreamUrl }),
    ...(config.analyticsUpstreamUrl !== undefined && { analyticsUpstreamUrl: config.analyticsUpstreamUrl }),
    ...(config.dataRouterUpstreamUrl !== undefined && { dataRouterUpstreamUrl: config.dataRouterUpstreamUrl }),
    ...(config.upstreamCa !== undefined && { upstreamCaSecret: config.upstreamCa.secretArn }),
  };
}
