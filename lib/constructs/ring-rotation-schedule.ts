import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { limits } from '#contract/limits.ts';
import type { KeyRing } from './key-ring.ts';

export interface RingRotationScheduleProps {
  readonly ring: KeyRing;
  /** Runs one step of a rotation for each call. */
  readonly rotation: IFunction;
}

/**
 * Makes Secrets Manager rotate a ring once a year. It is in the stack of the function, and written in full, because CDK's own construct
 * would tie the secret's stack to it and also allow the function to create passwords.
 */
export class RingRotationSchedule extends Construct {
  constructor(scope: Construct, id: string, { ring, rotation }: RingRotationScheduleProps) {
    super(scope, id);
    const { secretArn } = ring.secret;
    const permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: rotation.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceArn: secretArn,
    });
    new CfnRotationSchedule(this, 'Schedule', {
      secretId: secretArn,
      rotationLambdaArn: rotation.functionArn,
      rotationRules: { automaticallyAfterDays: limits.ringRotationDays },
      rotateImmediatelyOnUpdate: false,
    }).addResourceDependency(permission);
  }
}
