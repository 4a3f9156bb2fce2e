import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { GateFunctionName } from '#contract/functions.ts';
import type { StageConfig } from '../stage-config.ts';

/**
 * The actions with which Lambda attaches a function to a network, as in AWS's policy AWSLambdaVPCAccessExecutionRole.
 */
const NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Attaches the forwarding functions to the stage's network, and lets them read its private authority. Functions without
 * an upstream get nothing.
 */
export function addUpstreamAccess(
  handlers: Readonly<Record<Forwarding, LambdaFunction>>,
  { upstreamUrl, analyticsUpstreamUrl, dataRouterUpstreamUrl, upstreamVpc, upstreamCa }: StageConfig,
): void {
  const upstreams: Readonly<Record<Forwarding, string | undefined>> = {
    'widget-endpoint': upstreamUrl,
    'analytics-endpoint': analyticsUpstreamUrl,
    'data-router-endpoint': dataRouterUpstreamUrl,
  };
  for (const [name, url] of Object.entries(upstreams) as [Forwarding, string | undefined][]) {
    if (url === undefined) continue;
    if (upstreamVpc !== undefined) attach(handlers[name], upstreamVpc);
    if (upstreamCa !== undefined && url.startsWith('https:')) grantReadAuthority(handlers[name], upstreamCa);
  }
}

type Forwarding = Extract<GateFunctionName, 'widget-endpoint' | 'analytics-endpoint' | 'data-router-endpoint'>;

/** By ids alone, because looking up the network would require the account at synthesis. */
function attach(
  handler: LambdaFunction,
  { subnetIds, securityGroupIds }: NonNullable<StageConfig['upstreamVpc']>,
): void {
  (handler.node.defaultChild as CfnFunction).vpcConfig = {
    subnetIds: [...subnetIds],
    securityGroupIds: [...securityGroupIds],
  };
  // Lambda requires these on every resource: the interfaces have no names before they are created.
  handler.addToRolePolicy(new PolicyStatement({ actions: NETWORK_INTERFACES, resources: ['*'] }));
  // For Lambda's own use: the key is set only for calls from the code of a function.
  handler.addToRolePolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: NETWORK_INTERFACES,
      resources: ['*'],
      conditions: {
        ArnLike: {
          'lambda:SourceFunctionArn': `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:*`,
        },
      },
    }),
  );
}

function grantReadAuthority(
  handler: LambdaFunction,
  { secretArn, kmsKeyArn }: NonNullable<StageConfig['upstreamCa']>,
): void {
  handler.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }));
  if (kmsKeyArn === undefined) return;
  handler.addToRolePolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [kmsKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${handler.stack.region}.amazonaws.com` } },
    }),
  );
}
