import type { FunctionRuntime } from '../functions/function-runtime.ts';
import { matchesWildcard } from '../iam/wildcard.ts';
import type { RestAuthorizer } from '../model.ts';
import { authorizerEvent, type EventPlace, methodArn } from './events.ts';
import { headerValues, type RoutedCall } from './gateway-call.ts';
import type { ResponseType } from './gateway-responses.ts';

export type Authorization =
  | { readonly allowed: true; readonly context: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly type: ResponseType; readonly context: Readonly<Record<string, string>> };

interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

interface AuthorizerAnswer {
  readonly principalId: string;
  readonly statements: readonly PolicyStatement[];
  readonly context: Readonly<Record<string, string>>;
}

const refused = (type: ResponseType, context: Record<string, string> = {}): Authorization => ({
  allowed: false,
  type,
  context,
});

/** A REQUEST authorizer as API Gateway runs it. The cached thing is the policy, which is evaluated anew for every method. */
export class GatewayAuthorizer {
  readonly #resource: RestAuthorizer;
  readonly #runtime: FunctionRuntime;
  readonly #place: EventPlace;
  readonly #cache = new Map<string, { answer: AuthorizerAnswer; until: number }>();

  constructor(resource: RestAuthorizer, runtime: FunctionRuntime, place: EventPlace) {
    this.#resource = resource;
    this.#runtime = runtime;
    this.#place = place;
  }

  async authorize(call: RoutedCall): Promise<Authorization> {
    const identity = this.#identityOf(call);
    if (identity === undefined) return refused('UNAUTHORIZED');
    const answer = this.#cached(identity, call.receivedAt) ?? (await this.#ask(call, identity));
    return typeof answer === 'string' ? refused(answer) : evaluate(answer, methodArn(this.#place, call));
  }

  /** The values of all identity sources; nothing when one is missing or empty, for which no function is asked. */
  #identityOf(call: RoutedCall): string | undefined {
    const values = this.#resource.identitySources.map((source) => {
      const name = /^method\.request\.header\.(.+)$/.exec(source)?.[1];
      if (name === undefined) throw new Error(`the local gateway does not know the identity source ${source}`);
      return headerValues(call, name).at(-1) ?? '';
    });
    return values.includes('') ? undefined : JSON.stringify(values);
  }

  #cached(identity: string, now: number): AuthorizerAnswer | undefined {
    if (this.#resource.resultTtlSeconds === 0) return undefined;
    const entry = this.#cache.get(identity);
    return entry !== undefined && now < entry.until ? entry.answer : undefined;
  }

  async #ask(call: RoutedCall, identity: string): Promise<AuthorizerAnswer | ResponseType> {
    const result = await this.#runtime.invoke(this.#resource.functionArn, authorizerEvent(this.#place, call));
    if (!result.ok) return result.errorMessage === 'Unauthorized' ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE';
    const answer = readAnswer(result.payloadJson);
    if (answer === undefined) return 'AUTHORIZER_CONFIGURATION_ERROR';
    if (this.#resource.resultTtlSeconds > 0) {
      this.#cache.set(identity, { answer, until: call.receivedAt + this.#resource.resultTtlSeconds * 1_000 });
    }
    return answer;
  }
}

/** The answer of the function, whose context values become strings; nothing when it has no known shape. */
function readAnswer(payloadJson: string): AuthorizerAnswer | undefined {
  const payload = JSON.parse(payloadJson) as {
    principalId?: unknown;
    policyDocument?: { Statement?: unknown };
    context?: unknown;
  } | null;
  const statements = payload?.policyDocument?.Statement;
  if (typeof payload?.principalId !== 'string' || !Array.isArray(statements)) return undefined;
  const context: Record<string, string> = {};
  for (const [name, value] of Object.entries(payload.context ?? {})) {
    if (value !== null && typeof value === 'object') return undefined;
    context[name] = String(value);
  }
  return { principalId: payload.principalId, statements: statements as PolicyStatement[], context };
}

function evaluate({ statements, context, principalId }: AuthorizerAnswer, arn: string): Authorization {
  const matching = statements.filter(
    ({ Action, Resource }) =>
      [Action].flat().some((action) => matchesWildcard(action, 'execute-api:Invoke')) &&
      [Resource].flat().some((resource) => matchesWildcard(resource, arn)),
  );
  const allowed =
    matching.some(({ Effect }) => Effect === 'Allow') && !matching.some(({ Effect }) => Effect === 'Deny');
  return allowed ? { allowed: true, context: { ...context, principalId } } : refused('ACCESS_DENIED', context);
}
