import { EndpointType, type RestApiProps } from 'aws-cdk-lib/aws-apigateway';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StageOptions } from '../stage-config/options.ts';

/** How the API can be reached: publicly, by its domain only, or by VPC endpoints only. */
export function endpointProps(scope: Construct, options: Pick<StageOptions, 'domain' | 'private'>): RestApiProps {
  if (options.private !== undefined) return privateEndpoint(scope, options.private.vpcEndpointIds);
  return {
    endpointTypes: [EndpointType.REGIONAL],
    ...(options.domain !== undefined && { disableExecuteApiEndpoint: true }),
  };
}

function privateEndpoint(scope: Construct, vpcEndpointIds: readonly string[]): RestApiProps {
  const statement = (effect: Effect, operator: string) =>
    new PolicyStatement({
      effect,
      principals: [new AnyPrincipal()],
      actions: ['execute-api:Invoke'],
      resources: ['execute-api:/*'],
      conditions: { [operator]: { 'aws:SourceVpce': vpcEndpointIds } },
    });
  return {
    endpointConfiguration: {
      types: [EndpointType.PRIVATE],
      vpcEndpoints: vpcEndpointIds.map((vpcEndpointId) =>
        InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, vpcEndpointId, { vpcEndpointId, port: 443 }),
      ),
    },
    policy: new PolicyDocument({
      // With an authorizer, a missing Allow is not enough, because the authorizer's own Allow is sufficient. Only a
      // Deny is final.
      statements: [statement(Effect.ALLOW, 'StringEquals'), statement(Effect.DENY, 'StringNotEquals')],
    }),
  };
}
