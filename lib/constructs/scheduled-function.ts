import type { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerFunction, type HandlerFunctionProps } from './handler-function.ts';

export interface ScheduledFunctionProps extends HandlerFunctionProps {
  readonly every: Duration;
  readonly retryAttempts: number;
}

/** A function that runs on a schedule and that nothing else invokes. */
export class ScheduledFunction extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: string, { every, retryAttempts, ...props }: ScheduledFunctionProps) {
    super(scope, id);
    const { function: handler } = new HandlerFunction(this, 'Handler', props);
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(every),
      targets: [new LambdaFunction(handler, { retryAttempts })],
    });
    this.function = handler;
  }
}
