import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import type {
  AdminAuthorizerContext,
  AnalyticsAuthorizerContext,
  DataRouterAuthorizerContext,
  RefusedIdsContext,
  WidgetAuthorizerContext,
} from '../contract/context.ts';
import { type ErrorCode, errors } from '../contract/errors.ts';
import { type LogFields, log } from './log.ts';

/** API Gateway answers 401 only when the authorizer fails with exactly this message. One object without a stack: making one costs 15 µs. */
const UNAUTHORIZED = new Error('Unauthorized');
UNAUTHORIZED.stack = '';

type AuthorizerContext =
  | WidgetAuthorizerContext
  | AnalyticsAuthorizerContext
  | DataRouterAuthorizerContext
  | RefusedIdsContext
  | AdminAuthorizerContext;
type Policy = APIGatewayAuthorizerResult['policyDocument'];
type Effect = 'Allow' | 'Deny';

export const unauthorized = (): Promise<never> => Promise.reject(UNAUTHORIZED);

/** Logs a fault and fails: any failure that is not "Unauthorized" becomes the gateway's AUTHORIZER_FAILURE, which answers 503. */
export function unavailable(fields: LogFields): Promise<never> {
  log('error', fields);
  return Promise.reject(new Error('Unavailable'));
}

/** Answers of one authorizer, which speaks for one tree of one API stage. */
export class AuthorizerAnswers {
  readonly #tree: string;
  #stageArn = '';
  #policies: Record<Effect, Policy> | undefined;

  constructor(tree: string) {
    this.#tree = tree;
  }

  /** An Allow for who was proven, with what the functions behind it may know. */
  allow(methodArn: string, principalId: string, context: AuthorizerContext): APIGatewayAuthorizerResult {
    return { principalId, policyDocument: this.#policy('Allow', methodArn), context: { ...context } };
  }

  /** A Deny whose code and message the gateway's ACCESS_DENIED response shows. */
  deny(methodArn: string, principalId: string, code: ErrorCode): APIGatewayAuthorizerResult {
    return {
      principalId,
      policyDocument: this.#policy('Deny', methodArn),
      context: { code, message: errors[code].message },
    };
  }

  /** One policy for the whole tree: one that names a single method is what makes cached policies refuse at random. */
  #policy(effect: Effect, methodArn: string): Policy {
    // arn:aws:execute-api:region:account:api/stage/METHOD/path
    const stageArn = methodArn.slice(0, methodArn.indexOf('/', methodArn.indexOf('/') + 1));
    if (this.#policies === undefined || stageArn !== this.#stageArn) {
      this.#stageArn = stageArn;
      const resource = `${stageArn}/*${this.#tree}/*`;
      this.#policies = { Allow: policyDocument('Allow', resource), Deny: policyDocument('Deny', resource) };
    }
    return this.#policies[effect];
  }
}

const policyDocument = (effect: Effect, resource: string): Policy => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
});
