import { matchesWildcard } from '../iam/wildcard.ts';

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** An authorizer's answer in a shape that can be evaluated and kept. */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly statements: readonly Statement[];
  /** What API Gateway hands on: every value is a string. */
  readonly context: Readonly<Record<string, string>>;
}

const MEMBERS = new Set(['Sid', 'Effect', 'Action', 'Resource']);

/**
 * Reads what the function answered; nothing when it has no known shape. A statement with any other member (a Condition, NotResource…)
 * has none: passing over what narrows an Allow would let in what AWS refuses.
 */
export function readAuthorizerAnswer(payload: unknown): AuthorizerAnswer | undefined {
  if (!isObject(payload) || typeof payload.principalId !== 'string' || !isObject(payload.policyDocument)) {
    return undefined;
  }
  const { Statement } = payload.policyDocument;
  const statements = [Statement].flat().map(readStatement);
  const context = readContext(payload.context ?? {});
  if (context === undefined || !statements.every((statement) => statement !== undefined)) return undefined;
  return { principalId: payload.principalId, statements, context };
}

/** A Deny beats an Allow; what no statement names is denied. */
export function allows({ statements }: AuthorizerAnswer, methodArn: string): boolean {
  const matching = statements.filter(
    ({ actions, resources }) =>
      actions.some((action) => matchesWildcard(action, 'execute-api:invoke')) &&
      resources.some((resource) => matchesWildcard(resource, methodArn)),
  );
  return matching.length > 0 && matching.every(({ effect }) => effect === 'Allow');
}

function readStatement(statement: unknown): Statement | undefined {
  if (!isObject(statement) || !Object.keys(statement).every((member) => MEMBERS.has(member))) return undefined;
  const { Effect } = statement;
  const [actions, resources] = [[statement.Action].flat(), [statement.Resource].flat()];
  if ((Effect !== 'Allow' && Effect !== 'Deny') || !areTexts(actions) || !areTexts(resources)) return undefined;
  // IAM compares actions without regard to case.
  return { effect: Effect, actions: actions.map((action) => action.toLowerCase()), resources };
}

function readContext(context: unknown): Record<string, string> | undefined {
  if (!isObject(context)) return undefined;
  const entries = Object.entries(context);
  if (entries.some(([, value]) => value !== null && typeof value === 'object')) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const areTexts = (values: readonly unknown[]): values is string[] => values.every((value) => typeof value === 'string');
