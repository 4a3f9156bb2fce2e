import { loadStage } from '#bin/start/stage.ts';
import type { Deployment, RoleResource } from '#local/model.ts';
import { synthesize } from '#local/synthesize.ts';
import { type Judge, localJudge, oracle } from '../support/permission-judges.ts';
import { permissionRequests } from '../support/permission-requests.ts';
import { mustAllow, mustAllowToAll, mustDeny } from './permission-rows.ts';

const functionNames = Object.keys(mustAllow) as (keyof typeof mustAllow)[];
const publicFunctions = functionNames.filter(
  (name) => !['AdminApi', 'RingRotation', 'SigningKeyRotation'].includes(name),
);
/** Writing about shops, the deployment or log-outs in the trail, alone or beside what may be written; and the records from which entries get there. */
const TOUCHES_ADMINISTRATION =
  /^dynamodb:(Put|Update|Delete|BatchWrite|PartiQL\w+)(Item)? on (Audit( of .*(a shop|deployment|log-outs|no key|unknown kind).*)?|Shops|Keys|Sessions of (revoked|kept)\/|\w+\/index\/auditPending)$/;
/** All that deletes or changes an entry of any function, and writing about log-ins and refused calls. */
const TOUCHES_ANY_ENTRY = /^dynamodb:(Update|Delete|BatchWrite|PartiQL\w+)(Item)? on Audit( of .*)?$/;
const WRITES_LOGINS = /^dynamodb:PutItem on Audit of logins$/;
const WRITES_REFUSALS = /^dynamodb:PutItem on Audit of refused\/$/;

async function deploymentOf(stage: string): Promise<Deployment> {
  return loadStage(await synthesize(stage));
}

function roleOf({ roles }: Deployment, functionName: string): RoleResource {
  const found = roles.filter(({ logicalId }) => new RegExp(`^${functionName}Role[0-9A-F]{8}$`).test(logicalId));
  if (found.length !== 1) throw new Error(`${functionName} has ${found.length} roles`);
  return found[0] as RoleResource;
}

async function allowedBy(judge: Judge, deployment: Deployment, role: RoleResource): Promise<string[]> {
  const names: string[] = [];
  for (const [name, request] of permissionRequests(deployment, role)) if (await judge(request)) names.push(name);
  return names.sort();
}

describe.each(['dev', 'prod'])('in %s', (stage) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploymentOf(stage);
  });

  test.each(functionNames)('%s may do exactly this, and an evaluator that others wrote agrees', async (name) => {
    const role = roleOf(deployment, name);
    const expected = [...mustAllow[name], ...mustAllowToAll].sort();
    expect(permissionRequests(deployment, role).size).toBeGreaterThan(300);
    expect(await allowedBy(localJudge(deployment, role), deployment, role)).toEqual(expected);
    expect(await allowedBy(oracle(deployment, role), deployment, role)).toEqual(expected);
  });

  test.each(mustDeny)('%s is denied %s, which would be: %s', async (name, wanted) => {
    const role = roleOf(deployment, name);
    const request = permissionRequests(deployment, role).get(wanted);
    if (request === undefined) throw new Error(`there is no request ${wanted}`);
    expect([localJudge(deployment, role)(request), await oracle(deployment, role)(request)]).toEqual([false, false]);
  });

  test.each(publicFunctions)('%s, which anyone can reach, is denied to touch what administrators did', async (name) => {
    const role = roleOf(deployment, name);
    const denied = [
      TOUCHES_ADMINISTRATION,
      TOUCHES_ANY_ENTRY,
      ...(name === 'AdminLogin' ? [WRITES_REFUSALS] : [WRITES_LOGINS]),
    ];
    const requests = [...permissionRequests(deployment, role)].filter(([request]) =>
      denied.some((pattern) => pattern.test(request)),
    );
    expect(requests.length).toBeGreaterThan(60);
    for (const [request, asked] of requests)
      expect([request, localJudge(deployment, role)(asked), await oracle(deployment, role)(asked)]).toEqual([
        request,
        false,
        false,
      ]);
  });

  test("every role belongs to one function and only Lambda can take it, but the account's log role of API Gateway", () => {
    const roles = deployment.roles.filter(({ managedPolicyArns }) => managedPolicyArns.length === 0);
    expect(roles.map(({ arn }) => arn).sort()).toEqual(deployment.functions.map(({ roleArn }) => roleArn).sort());
    expect(roles).toHaveLength(functionNames.length);
    for (const { logicalId, assumeRolePolicy, managedPolicyArns } of deployment.roles) {
      const isLogRole = logicalId.includes('CloudWatchRole');
      const Service = isLogRole ? 'apigateway.amazonaws.com' : 'lambda.amazonaws.com';
      expect(assumeRolePolicy.Statement).toEqual([
        { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service } },
      ]);
      expect(managedPolicyArns).toEqual(
        isLogRole ? ['arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'] : [],
      );
    }
  });
});
