import type { CfnMethod, IAuthorizer, Method, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { StageConfigError } from '../stage-config.ts';

/**
 * Fixed segments only: the tree is part of the policies that open it, in which `*`, `?` and `{…}` have a special
 * meaning.
 */
const TREE = /^(\/[A-Za-z0-9._-]+)+$/;

/** Throws `StageConfigError` for an invalid tree. */
export function checkTree(tree: string): void {
  if (!TREE.test(tree))
    throw new StageConfigError(`"${tree}" is not a valid tree of an API: specify fixed segments, such as /api/widget`);
}

const isVariable = (segment: string): boolean => segment.startsWith('{');
const isGreedy = (segment: string): boolean => segment.endsWith('+}');

/** Whether a resource's path, which may have variables, matches calls below the tree. */
function reachesBelow(path: string, tree: string): boolean {
  const segments = path.split('/').slice(1);
  const fixed = tree.split('/').slice(1);
  for (const [at, name] of fixed.entries()) {
    const segment = segments[at];
    if (segment === undefined) return false;
    if (isGreedy(segment)) return true;
    if (segment !== name && !isVariable(segment)) return false;
  }
  return segments.length > fixed.length;
}

const asksForToken = (method: Method, authorizer: IAuthorizer): boolean => {
  const { authorizationType, authorizerId } = method.node.defaultChild as CfnMethod;
  return authorizationType === 'CUSTOM' && authorizerId === authorizer.authorizerId;
};

const nameOf = ({ httpMethod, resource }: Method): string => `${httpMethod} ${resource.path}`;

/** Preflights carry no credential. */
const callsOf = (api: RestApi): Method[] => api.methods.filter(({ httpMethod }) => httpMethod !== 'OPTIONS');

/** The faults of the tree's methods, one by one: every method must require a widget token. */
export function methodsWithoutToken(api: RestApi, tree: string, authorizer: IAuthorizer): string[] {
  return callsOf(api).flatMap((method) => {
    const { path } = method.resource;
    if (path === tree)
      return [`${nameOf(method)} is the protected tree itself, which no widget token opens; move it below`];
    if (!path.startsWith(`${tree}/`) || asksForToken(method, authorizer)) return [];
    return [
      `${nameOf(method)} does not require a widget token; add it after protect(), with the authorizer that protect() returns`,
    ];
  });
}

/** Other routes that accept calls below the tree, unless the tree itself accepts all of them. */
export function waysAround(api: RestApi, tree: string, authorizer: IAuthorizer): string[] {
  const everything = new RegExp(`^ANY ${tree.replaceAll('.', '\\.')}/\\{\\w+\\+\\}$`);
  if (callsOf(api).some((method) => everything.test(nameOf(method)) && asksForToken(method, authorizer))) return [];
  return callsOf(api)
    .filter(({ resource: { path } }) => !path.startsWith(`${tree}/`) && reachesBelow(path, tree))
    .map((method) => `${nameOf(method)} accepts calls below ${tree} without a widget token; add ANY ${tree}/{proxy+}`);
}
