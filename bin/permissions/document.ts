import { type FunctionName, functions, watchers } from '#contract/functions.ts';
import type { Deployment, FunctionResource, PolicyDocument, RoleResource } from '#local/model.ts';
import { nameOf, rightsOf } from './statements.ts';

const HEAD = `# Permissions

For reviewers of rights. At the end, you know what every role of a deployed gate may do in AWS, and why.

The list is complete. \`npm run permissions\` writes this page from the synthesized template, and \`npm test\` checks that it is current.
Names are logical ids without the hash that CDK appends. Everything that is not listed is denied. Only one statement is a Deny: see
"Private upstreams". The functions of the operations stack are not listed here: \`test/lib/watcher-permissions.test.ts\` has all of their rights.

\`test/lib/permissions.test.ts\` evaluates hundreds of requests of each role, with our evaluator and with another one, and only those listed
here are allowed. \`test/conformance/least-privilege.test.ts\` calls all of the gate and fails for a right that no call needed.
\`test/lib/wildcards.test.ts\` lists every \`*\`.

## Functions

Every function has its own role, which only Lambda can assume (\`lambda.amazonaws.com\`), with one inline policy.
`;

const group = ({ groups }: Deployment): string => `## The administrators' group

${groups.map(({ logicalId }) => `\`${nameOf(logicalId)}\``).join()} has no policy, inline or managed, and the stacks add no user to it: only membership counts. An administrator of
the account adds the members. \`test/lib/admin-group.test.ts\` shows that no template can give it a policy or a member.
`;

const PRIVATE_UPSTREAMS = `## Private upstreams

With \`upstreamVpc\` or \`upstreamCa\`, each forwarding function with an upstream also has these rights. Without these options it has none of them
(\`test/lib/options/upstreams.test.ts\`).

| action | on | if | why |
| --- | --- | --- | --- |
| \`ec2:AssignPrivateIpAddresses\`, \`ec2:CreateNetworkInterface\`, \`ec2:DeleteNetworkInterface\`, \`ec2:DescribeNetworkInterfaces\`, \`ec2:DescribeSubnets\`, \`ec2:UnassignPrivateIpAddresses\` | everything | \`upstreamVpc\`; denied if the code of a function calls (\`lambda:SourceFunctionArn\`) | Lambda attaches the function to the network in its name. The interfaces have no names before they exist, and AWS offers no resource or condition for the descriptions, so Lambda requires \`*\` |
| \`secretsmanager:GetSecretValue\` | the secret of \`upstreamCa\` | always | the certificates of the private authority |
| \`kms:Decrypt\` | the key in \`upstreamCa.kmsKeyArn\` | by way of Secrets Manager | Secrets Manager decrypts that secret |

The actions are those of AWS's policy \`AWSLambdaVPCAccessExecutionRole\` without its rights on every log group. The deployer of such a stage also
has \`ec2:DescribeNetworkInterfaces\`, \`ec2:DescribeSecurityGroups\`, \`ec2:DescribeSubnets\` and \`ec2:DescribeVpcs\`, which have no resources either.
`;

/** The whole of docs/permissions.md. Throws on a right that nobody gave a reason for. */
export function permissionsDocument(deployment: Deployment): string {
  const sections = Object.entries(functions)
    .filter(([name]) => !(watchers as readonly FunctionName[]).includes(name as FunctionName))
    .map(([name, { summary }]) => functionSection(name, summary, deployment));
  return [
    HEAD,
    ...sections,
    PRIVATE_UPSTREAMS,
    upload(deployment),
    keyPolicy(deployment),
    logRole(deployment),
    group(deployment),
  ].join('\n');
}

function functionSection(name: string, summary: string, deployment: Deployment): string {
  const logicalName = `${name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}Function`;
  const target = deployment.functions.find(({ logicalId }) => nameOf(logicalId) === logicalName);
  const role = deployment.roles.find(({ arn }) => arn === target?.roleArn);
  if (target === undefined || role === undefined) throw new Error(`the template has no ${logicalName} with a role`);
  return `### ${logicalName}

${summary}. Role: \`${nameOf(role.logicalId)}\`.

${rightsTable(role.policies, deployment)}

May be invoked by:

${invokers(target, deployment)}
`;
}

function upload(deployment: Deployment): string {
  const { uploadRole } = deployment;
  if (uploadRole === undefined) throw new Error('the template has no upload of files');
  return `## The upload of the web's files

A function of CDK's own, which CloudFormation invokes at a deployment, under its execution role, and no service may. Role: \`${nameOf(uploadRole.logicalId)}\`.

${rightsTable(uploadRole.policies, deployment)}
`;
}

function rightsTable(policies: readonly PolicyDocument[], deployment: Deployment): string {
  const rights = policies.flatMap(({ Statement }) => Statement.flatMap((statement) => rightsOf(statement, deployment)));
  const rows = rights.map(
    ({ action, resource, condition, why }) =>
      `| \`${action}\` | ${quoted(resource)} | ${condition || 'always'} | ${why} |`,
  );
  return ['| action | on | if | why |', '| --- | --- | --- | --- |', ...rows.sort()].join('\n');
}

const quoted = (resource: string): string => (resource.includes(' ') ? resource : `\`${resource}\``);

function invokers({ permissions }: FunctionResource, deployment: Deployment): string {
  const rows = permissions.map(({ principal, sourceArn }) => {
    if (sourceArn === undefined) throw new Error(`${principal} may invoke a function on anyone's behalf`);
    return `- \`${principal}\` for ${sourceName(sourceArn, deployment)}`;
  });
  return rows.sort().join('\n');
}

/** A route, an authorizer or a secret. */
function sourceName(arn: string, { restApis, secrets }: Deployment): string {
  const secret = secrets.find((candidate) => candidate.arn === arn);
  if (secret !== undefined) return `the rotation of \`${nameOf(secret.logicalId)}\``;
  const [, apiId, kind = '', rest = ''] = /:execute-api:[^:]+:\d+:(\w+)\/([^/]+)\/(.*)$/.exec(arn) ?? [];
  if (restApis.every((api) => api.apiId !== apiId)) throw new Error(`no source of the template has the ARN ${arn}`);
  if (kind === 'authorizers') return `the authorizer \`${nameOf(rest)}\``;
  const [method = '', ...path] = rest.split('/');
  return `the route \`${method === '*' ? 'ANY' : method} /${path.join('/')}\` of its own stage`;
}

function keyPolicy({ kmsKeys, accountId }: Deployment): string {
  const rows = kmsKeys.flatMap(({ logicalId, keyPolicy: { Statement } }) =>
    Statement.map(({ Action, Resource, Principal, Condition }) => {
      const principal = JSON.stringify(Principal).replace(accountId, '<account>');
      if (Condition !== undefined || Resource !== '*') throw new Error(`no words for the policy of ${logicalId}`);
      return `| \`${nameOf(logicalId)}\` | \`${[Action].flat().join()}\` | \`${principal}\` | itself: what \`*\` means in a key's policy |`;
    }),
  );
  return `## Policies of resources

No table, secret or group has one. The bucket's lets CloudFront read and list on behalf of its one distribution, and denies all requests without
TLS (\`test/lib/web-stack.test.ts\`). The key's policy delegates to the policies of the account: those above and those of the account's own
administrators. Without it, the key could not be used or administered.

| resource | action | principal | on |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function logRole({ roles }: Deployment): string {
  const others = roles.filter(({ managedPolicyArns }: RoleResource) => managedPolicyArns.length > 0);
  const rows = others.map(
    ({ logicalId, managedPolicyArns, policies }) =>
      `| \`${nameOf(logicalId)}\` | ${managedPolicyArns.map((arn) => `\`${arn}\``).join(', ')}${policies.length > 0 ? ' and more' : ''} |`,
  );
  return `## API Gateway's log role

One for all REST APIs of the account and region, which only \`apigateway.amazonaws.com\` can assume to write access logs. The policy is
AWS's own, only for CloudWatch Logs, and on every log group, since every REST API of the account logs with it.

| role | AWS managed policy |
| --- | --- |
${rows.join('\n')}
`;
}
