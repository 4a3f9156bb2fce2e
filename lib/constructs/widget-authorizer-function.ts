import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { DataStack } from '../data-stack.ts';
import type { AddFunction } from './analytics.ts';

/**
 * The function that decides on widget calls, with the rights to read one shop's record and the ring, and to record
 * refusals.
 */
export function addWidgetAuthorizer(add: AddFunction, { shops, ring, audit }: DataStack): LambdaFunction {
  const authorizer = add('WidgetAuthorizer', 'widget-authorizer');
  shops.grantRead(authorizer);
  ring.grantRead(authorizer);
  audit.grantAppend(authorizer, 'refusals');
  return authorizer;
}
