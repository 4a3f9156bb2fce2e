import type { PolicyDocument, PolicyStatement } from '../model.ts';
import { type ConditionContext, conditionsHold } from './conditions.ts';
import { principalMatch } from './principals.ts';
import { matchesArn, matchesWildcard } from './wildcard.ts';

export interface AccessRequest {
  /** Who asks, every ARN by which a policy can name it: the session and its role, or the user. */
  readonly principalArns: readonly string[];
  readonly accountId: string;
  /** `dynamodb:GetItem` */
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

export interface AccessPolicies {
  readonly identity: readonly PolicyDocument[];
  readonly resource: PolicyDocument | undefined;
  /** KMS: an identity policy counts only as far as the key policy gives the account the say. */
  readonly resourceMustAgree: boolean;
}

export interface AccessDecision {
  readonly allowed: boolean;
  /** The reason in AWS's words; empty when allowed. */
  readonly reason: string;
  /** The statements of identity policies that allow it. */
  readonly allowedBy: readonly PolicyStatement[];
}

type Outcome = 'deny' | 'allow' | 'delegate' | 'none';

/** AWS's rule within one account: an explicit deny wins, then any allow, else it is denied. Pure; throws on what it does not implement. */
export function evaluateAccess(policies: AccessPolicies, request: AccessRequest): AccessDecision {
  const applying = identityStatements(policies.identity, request);
  const identity = identityOutcome(applying);
  const allowed = { allowed: true, reason: '', allowedBy: applying };
  const resource = policies.resource === undefined ? 'none' : evaluateResource(policies.resource, request);
  if (identity === 'deny') return denied('with an explicit deny in an identity-based policy');
  if (resource === 'deny') return denied('with an explicit deny in a resource-based policy');
  if (resource === 'allow') return allowed;
  if (policies.resourceMustAgree && resource === 'none')
    return denied(`because no resource-based policy allows the ${request.action} action`);
  if (identity === 'allow') return allowed;
  return denied(`because no identity-based policy allows the ${request.action} action`);
}

const denied = (reason: string): AccessDecision => ({ allowed: false, reason, allowedBy: [] });

const identityStatements = (policies: readonly PolicyDocument[], request: AccessRequest): PolicyStatement[] =>
  policies.flatMap(({ Statement }) => Statement).filter((statement) => statementApplies(statement, request));

function identityOutcome(applying: readonly PolicyStatement[]): Outcome {
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'deny';
  return applying.length > 0 ? 'allow' : 'none';
}

function evaluateResource(policy: PolicyDocument, request: AccessRequest): Outcome {
  let outcome: Outcome = 'none';
  for (const statement of policy.Statement) {
    const match = principalMatch(statement.Principal, request);
    if (match === 'none' || !statementApplies(statement, request)) continue;
    if (statement.Effect === 'Deny') return 'deny';
    if (match === 'principal') outcome = 'allow';
    else if (outcome === 'none') outcome = 'delegate';
  }
  return outcome;
}

function statementApplies(statement: PolicyStatement, request: AccessRequest): boolean {
  checkMembers(statement);
  return (
    covers(statement.Action, statement.NotAction, (pattern) =>
      matchesWildcard(pattern.toLowerCase(), request.action.toLowerCase()),
    ) &&
    covers(statement.Resource, statement.NotResource, (pattern) => matchesArn(pattern, request.resource)) &&
    conditionsHold(statement.Condition, request.context)
  );
}

type OneOrMore = string | readonly string[] | undefined;

function covers(wanted: OneOrMore, unwanted: OneOrMore, matches: (pattern: string) => boolean): boolean {
  if (wanted !== undefined) return asList(wanted).some(matches);
  return unwanted !== undefined && !asList(unwanted).some(matches);
}

const asList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

const MEMBERS = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'Condition']);

function checkMembers(statement: PolicyStatement): void {
  for (const member of Object.keys(statement))
    if (!MEMBERS.has(member)) throw new Error(`policy statement member not implemented: ${member}`);
}
