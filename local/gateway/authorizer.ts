import type { FunctionRuntime } from '../functions/function-runtime.ts';
import type { FunctionResource, RestAuthorizer } from '../model.ts';
import { type AuthorizerAnswer, allows, readAuthorizerAnswer } from './authorizer-answer.ts';
import { authorizerEvent, type EventPlace, methodArn } from './events.ts';
import type { RoutedCall } from './gateway-call.ts';
import type { ResponseType } from './gateway-responses.ts';
import { type CallSource, callSource } from './mapped-headers.ts';
import { admits, authorizerSource } from './permissions.ts';

export type Authorization =
  | { readonly allowed: true; readonly context: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly type: ResponseType; readonly context: Readonly<Record<string, string>> };

export interface GatewayAuthorizerOptions {
  readonly resource: RestAuthorizer;
  readonly functions: readonly FunctionResource[];
  readonly runtime: FunctionRuntime;
  readonly place: EventPlace;
}

const refused = (type: ResponseType, context: Readonly<Record<string, string>> = {}): Authorization => ({
  allowed: false,
  type,
  context,
});

/**
 * A REQUEST authorizer as API Gateway runs it. The cache contains the policy, which is evaluated again for every
 * method.
 */
export class GatewayAuthorizer {
  readonly #options: GatewayAuthorizerOptions;
  readonly #identitySources: readonly CallSource[];
  /** Whether the function's resource policy lets this authorizer ask it. */
  readonly #admitted: boolean;
  readonly #cache = new Map<string, { answer: AuthorizerAnswer; until: number }>();

  /** Throws `TemplateError` for an identity source that the local gateway does not know. */
  constructor(options: GatewayAuthorizerOptions) {
    const { resource, functions, place } = options;
    this.#options = options;
    this.#identitySources = resource.identitySources.map(callSource);
    const target = functions.find(({ arn }) => arn === resource.functionArn);
    this.#admitted = target !== undefined && admits(target, authorizerSource(place, resource.authorizerId));
  }

  async authorize(call: RoutedCall): Promise<Authorization> {
    const identity = this.#identityOf(call);
    if (identity === undefined) return refused('UNAUTHORIZED');
    const answer = this.#cached(identity, call.receivedAt) ?? (await this.#ask(call, identity));
    if (typeof answer === 'string') return refused(answer);
    const { context, principalId } = answer;
    return allows(answer, methodArn(this.#options.place, call))
      ? { allowed: true, context: { ...context, principalId } }
      : refused('ACCESS_DENIED', context);
  }

  /** The values of all identity sources; nothing when one is missing or empty, for which no function is asked. */
  #identityOf(call: RoutedCall): string | undefined {
    const values = this.#identitySources.map((read) => read(call) ?? '');
    return values.includes('') ? undefined : JSON.stringify(values);
  }

  #cached(identity: string, now: number): AuthorizerAnswer | undefined {
    const entry = this.#cache.get(identity);
    if (entry === undefined || now < entry.until) return entry?.answer;
    this.#cache.delete(identity);
    return undefined;
  }

  async #ask(call: RoutedCall, identity: string): Promise<AuthorizerAnswer | ResponseType> {
    const { resource, runtime, place } = this.#options;
    if (!this.#admitted) return 'AUTHORIZER_CONFIGURATION_ERROR';
    const result = await runtime.invoke(resource.functionArn, authorizerEvent(place, call));
    if (!result.ok) return result.errorMessage === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE';
    const answer = readAuthorizerAnswer(JSON.parse(result.payloadJson));
    if (answer === undefined) return 'AUTHORIZER_CONFIGURATION_ERROR';
    if (resource.resultTtlSeconds > 0) {
      this.#cache.set(identity, { answer, until: call.receivedAt + resource.resultTtlSeconds * 1_000 });
    }
    return answer;
  }
}
