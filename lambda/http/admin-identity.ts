import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AdminAuthorizerContext } from '../contract/context.ts';

const MEMBERS = ['arn', 'userId', 'userName', 'sessionHash'] as const;

/** Who the admin authorizer proved; nothing when there was no authorizer. */
export function adminIdentity({ requestContext }: APIGatewayProxyEvent): AdminAuthorizerContext | undefined {
  const context = (requestContext.authorizer ?? {}) as Record<string, unknown>;
  const createdAt = Number(context.createdAt);
  const proven = MEMBERS.every((name) => typeof context[name] === 'string' && context[name] !== '');
  if (!proven || !Number.isInteger(createdAt)) return undefined;
  const { arn, userId, userName, sessionHash } = context as Record<(typeof MEMBERS)[number], string>;
  return { arn, userId, userName, sessionHash, createdAt };
}
