import type { APIGatewayAuthorizerResult as Answer, APIGatewayRequestAuthorizerEvent as Event } from 'aws-lambda';
import type {
  AdminAuthorizerContext,
  AnalyticsAuthorizerContext,
  DataRouterAuthorizerContext,
  RefusedIdsContext,
  WidgetAuthorizerContext,
} from '#contract/context.ts';
import { type ErrorCode, errors } from '#contract/errors.ts';
import type { FunctionName } from '#contract/functions.ts';
import type { Decision } from '#contract/metrics.ts';
import { errorNames, type LogFields, log } from './log.ts';
import { DecisionCounters } from './metrics.ts';
import { requestIdOf } from './request.ts';
import type { Tally } from './server-call.ts';

/**
 * API Gateway returns 401 only when the authorizer fails with exactly this message. One object without a stack, because
 * creating one takes 15 µs.
 */
const UNAUTHORIZED = new Error('Unauthorized');
UNAUTHORIZED.stack = '';

type AuthorizerContext =
  | WidgetAuthorizerContext
  | AnalyticsAuthorizerContext
  | DataRouterAuthorizerContext
  | RefusedIdsContext
  | AdminAuthorizerContext;

/** The audit entry of a refused call: a more exact reason than the caller gets, and the owner of the credential. */
interface Filed {
  readonly code: string;
  readonly shopId?: string | undefined;
  /** Every Origin that was sent, where it was refused and what came with it had proved valid. */
  readonly origins?: readonly string[] | undefined;
}

/** What an authorizer decided about a call. A refusal is counted by its code. */
export type Verdict =
  | {
      readonly kind: 'allow';
      readonly principalId: string;
      /** What the functions behind the authorizer may read. */
      readonly context: AuthorizerContext;
      /** Absent: the function behind the authorizer answers the call and counts it. */
      readonly counted?: Decision;
      readonly filed?: Filed;
    }
  | { readonly kind: 'unauthorized'; readonly filed?: Filed }
  | {
      readonly kind: 'deny';
      readonly code: ErrorCode;
      readonly principalId: string;
      readonly filed: Filed;
      /** The short id of a server's key that a browser sent. */
      readonly leakedKeyId?: string;
    }
  | { readonly kind: 'corrupt_record'; readonly shopId: string };

export interface AuthorizerOptions {
  readonly functionName: FunctionName;
  /** The part of the API that the authorizer protects. */
  readonly tree: string;
  /** Decides at once if no store is read. If it throws or rejects, the response is 503. */
  readonly decide: (event: Event, requestId: string) => Verdict | Promise<Verdict>;
  /** Records refused calls. Default: none are recorded. */
  readonly tally?: Tally;
}

/**
 * The one handler of all authorizers. Without middy, because error middleware would turn the gateway's 401 into a 500.
 */
export function authorizer({
  functionName,
  tree,
  decide,
  tally,
}: AuthorizerOptions): (event: Event) => Promise<Answer> {
  const counters = new DecisionCounters(functionName);
  const policies = new Policies(tree);
  return async (event) => {
    const requestId = requestIdOf(event.requestContext);
    let verdict: Verdict;
    try {
      const decided = decide(event, requestId);
      // A decision from memory needs no turn of the event loop.
      verdict = decided instanceof Promise ? await decided : decided;
    } catch (error) {
      counters.count('service_unavailable');
      return unavailable({ event: 'request_failed', requestId, ...errorNames(error) });
    }
    const counted = countedAs(verdict);
    if (counted !== undefined) counters.count(counted);
    const filed = filedAs(verdict);
    if (filed !== undefined) await tally?.note({ ...filed, requestId }, Date.now());
    switch (verdict.kind) {
      case 'allow': {
        const { principalId, context } = verdict;
        return { principalId, policyDocument: policies.of('Allow', event.methodArn), context: { ...context } };
      }
      case 'unauthorized':
        throw UNAUTHORIZED;
      case 'corrupt_record':
        return unavailable({ event: 'corrupt_record', requestId, shopId: verdict.shopId });
      case 'deny': {
        const { code, principalId, leakedKeyId } = verdict;
        if (leakedKeyId !== undefined) log('warn', { event: 'api_key_in_browser', requestId, keyId: leakedKeyId });
        // The gateway's ACCESS_DENIED response shows both.
        const context = { code, message: errors[code].message };
        return { principalId, policyDocument: policies.of('Deny', event.methodArn), context };
      }
    }
  };
}

const countedAs = (verdict: Verdict): Decision | undefined =>
  verdict.kind === 'allow' ? verdict.counted : verdict.kind === 'deny' ? verdict.code : verdict.kind;

const filedAs = (verdict: Verdict): Filed | undefined =>
  verdict.kind === 'corrupt_record' ? { code: verdict.kind, shopId: verdict.shopId } : verdict.filed;

/**
 * Logs a fault and fails: any failure other than "Unauthorized" becomes the gateway's AUTHORIZER_FAILURE, which returns
 * 503.
 */
function unavailable(fields: LogFields): never {
  log('error', fields);
  throw new Error('Unavailable');
}

type Policy = Answer['policyDocument'];

/**
 * One policy for a whole tree of an API stage. With a policy for a single method, cached policies would refuse at
 * random.
 */
class Policies {
  readonly #tree: string;
  #stageArn = '';
  #made: Record<'Allow' | 'Deny', Policy> | undefined;

  constructor(tree: string) {
    this.#tree = tree;
  }

  of(effect: 'Allow' | 'Deny', methodArn: string): Policy {
    // arn:aws:execute-api:region:account:api/stage/METHOD/path
    const stageArn = methodArn.slice(0, methodArn.indexOf('/', methodArn.indexOf('/') + 1));
    if (this.#made === undefined || stageArn !== this.#stageArn) {
      this.#stageArn = stageArn;
      const resource = `${stageArn}/*${this.#tree}/*`;
      this.#made = { Allow: policyDocument('Allow', resource), Deny: policyDocument('Deny', resource) };
    }
    return this.#made[effect];
  }
}

const policyDocument = (effect: 'Allow' | 'Deny', resource: string): Policy => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }],
});
