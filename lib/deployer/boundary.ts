import { type DeployedStack, roleStatements } from './deployed-stack.ts';
import type { PolicyDocument } from './policy.ts';
import { type ScopeName, scopesOf } from './scopes.ts';

/** The resources that the roles of the deployment may use, by service. */
const REACH: ReadonlyMap<string, ScopeName> = new Map([
  ['cloudfront', 'distributions'],
  ['dynamodb', 'tables'],
  // Lambda attaches functions to a network.
  ['ec2', 'networks'],
  ['iam', 'administrators'],
  ['kms', 'keys'],
  // API Gateway's log role writes the logs of every API of the account.
  ['logs', 'everything'],
  ['s3', 'files'],
  ['secretsmanager', 'readSecrets'],
  // Traces have no names.
  ['xray', 'everything'],
]);

/** The rights of `AmazonAPIGatewayPushToCloudWatchLogs`, the only policy of a role that is not in a template. */
const LOG_ROLE = ['CreateLogGroup', 'DescribeLogGroups', 'DescribeLogStreams', 'FilterLogEvents', 'GetLogEvents'];

/** A permissions boundary for the deployment's roles: every action that one of them has, on the kind of thing that the deployment owns. */
export function boundaryPolicy(stacks: readonly DeployedStack[], stage: string): PolicyDocument {
  const scopes = scopesOf(stacks, stage);
  const actions = new Set([...LOG_ROLE.map((name) => `logs:${name}`), ...stacks.flatMap(roleActions)]);
  const services = new Set([...actions].map(serviceOf));
  const Statement = [...services].sort().map((service) => {
    const scope = REACH.get(service);
    if (scope === undefined)
      throw new Error(`${service}: specify in lib/deployer/boundary.ts for which resources roles may use it`);
    const Action = [...actions].filter((action) => serviceOf(action) === service).sort();
    return { Effect: 'Allow' as const, Action, ...scopes[scope] };
  });
  return { Version: '2012-10-17', Statement };
}

const serviceOf = (action: string): string => action.split(':')[0] as string;

const roleActions = (stack: DeployedStack): string[] => roleStatements(stack).flatMap(({ Action }) => Action);
