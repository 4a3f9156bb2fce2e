import { deployerActions } from './actions.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { type Grant, type Scope, scopesOf } from './scopes.ts';

/** Of a managed policy, white space not counted (IAM and STS quotas). */
export const MAX_POLICY_CHARACTERS = 6_144;

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement extends Scope {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
}

/** A stack has a resource of a type whose actions are not listed. */
class UnknownTypeError extends Error {
  override readonly name = 'UnknownTypeError';
}

/** Actions that CloudFormation itself calls for any of our stacks. */
const FOR_EVERY_STACK: readonly Grant[] = [
  { on: 'assets', actions: ['s3:GetObject'] },
  { on: 'bootstrapVersion', actions: ['ssm:GetParameters'] },
  // Outputs of one stack are read by another (`Fn::GetStackOutput`).
  { on: 'stacks', actions: ['cloudformation:DescribeStacks'] },
];

/**
 * The policies for `cdk bootstrap --cloudformation-execution-policies`: the rights that CloudFormation needs for the resource types of
 * these stacks, on the resources of these stacks. As few policies as IAM's limit allows. Throws `UnknownTypeError`.
 */
export function deployerPolicies(stacks: readonly DeployedStack[], stage: string): PolicyDocument[] {
  const types = new Set(stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)));
  const grants = [...types].sort().flatMap((type) => {
    const listed = deployerActions.get(type);
    if (listed === undefined)
      throw new UnknownTypeError(`${type}: add what CloudFormation calls for it to lib/deployer/actions.ts`);
    return listed;
  });
  return inParts(statementsOf([...grants, ...FOR_EVERY_STACK], scopesOf(stacks, stage)));
}

/** One statement for each scope, without repetition. */
function statementsOf(grants: readonly Grant[], scopes: Readonly<Record<Grant['on'], Scope>>): Statement[] {
  const actions = new Map<string, Set<string>>();
  for (const grant of grants) {
    const scope = JSON.stringify(scopes[grant.on]);
    actions.set(scope, new Set([...(actions.get(scope) ?? []), ...grant.actions]));
  }
  return [...actions].flatMap(([text, names]) => {
    const scope = JSON.parse(text) as Scope;
    return scope.Resource.length === 0 ? [] : [{ Effect: 'Allow' as const, Action: [...names].sort(), ...scope }];
  });
}

function inParts(statements: readonly Statement[]): PolicyDocument[] {
  const parts: PolicyDocument[] = [];
  for (const statement of statements) {
    const last = parts.at(-1);
    const joined = documentOf([...(last?.Statement ?? []), statement]);
    if (last === undefined || charactersOf(joined) > MAX_POLICY_CHARACTERS) parts.push(documentOf([statement]));
    else parts[parts.length - 1] = joined;
  }
  return parts;
}

const documentOf = (Statement: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });

export const charactersOf = (document: PolicyDocument): number => JSON.stringify(document).replace(/\s/g, '').length;
