import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { HandlerFunctionProps } from './handler-function.ts';
import { ScheduledFunction } from './scheduled-function.ts';

export interface CanaryProps extends Omit<HandlerFunctionProps, 'functionName'> {
  readonly shopId: string;
  /** @default none is sent */
  readonly origin?: string | undefined;
  readonly gateUrl: string;
}

/** Checks the gate from end to end every five minutes, with the key of a shop that an operator puts into a separate secret. */
export class Canary extends Construct {
  constructor(scope: Construct, id: string, { shopId, origin, gateUrl, ...props }: CanaryProps) {
    super(scope, id);
    // The low-level resource, because the high-level one fills the secret with a random text; this one is empty until the operator fills
    // it.
    const key = new CfnSecret(this, 'Key', { description: 'API key of the shop that the Widget Gate canary is' });
    key.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const { function: canary } = new ScheduledFunction(this, 'Run', {
      ...props,
      functionName: 'canary',
      environment: {
        ...props.environment,
        gateUrl,
        canaryShopId: shopId,
        canaryKeySecret: key.ref,
        ...(origin !== undefined && { canaryOrigin: origin }),
      },
      every: Duration.minutes(5),
      // The next run follows soon.
      retryAttempts: 0,
    });
    canary.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [key.ref] }),
    );
    new CfnOutput(this, 'CanaryKeySecret', {
      value: key.ref,
      description: "Put the API key of the canary's shop into it with aws secretsmanager put-secret-value",
    }).overrideLogicalId('CanaryKeySecret');
  }
}
