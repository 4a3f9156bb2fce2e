import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { GateFunctionName } from '#contract/functions.ts';
import type { StageConfig } from '../stage-config.ts';

/** What Lambda does in a function's name to attach it to a network, as in AWS's policy AWSLambdaVPCAccessExecutionRole. */
const NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Attaches the functions that forward to the stage's network, and lets them read its private authority. Those without an upstream get nothing. */
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

/** By ids alone: looking the network up would need the account at synthesis. */
function attach(
  handler: LambdaFunction,
  { subnetIds, securityGroupIds }: NonNullable<StageConfig['upstreamVpc']>,
): void {
  (handler.node.defaultChild as CfnFunction).vpcConfig = {
    subnetIds: [...subnetIds],
    securityGroupIds: [...securityGroupIds],
  };
  // Lambda requires these on every resource: the interfaces have no names before they are made.
  handler.addToRolePolicy(new PolicyStatement({ actions: NETWORK_INTERFACES, resources: ['*'] }));
  // They are Lambda's own to use: the key is set only for calls that the code of a function makes.
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
