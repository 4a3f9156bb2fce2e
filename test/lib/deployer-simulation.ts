import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { DeployedStack } from '#lib/deployer/deployed-stack.ts';
import type { PolicyDocument } from '#lib/deployer/policy.ts';
import { evaluateAccess } from '#local/iam/evaluate.ts';
import { readAssembly } from '#local/template/assembly.ts';
import { synthesizedStacks } from '../support/stacks.ts';
import { ACCOUNT, type Call } from './deployer-calls.ts';

/** Every stack of a stage, as the deployer's policy is made from them. */
export const stacksOf = (stage: string, config: object): DeployedStack[] =>
  readAssembly(synthesizedStacks(stage, config).app.synth().directory).map(({ name, region, template }) => ({
    name,
    region,
    partition: 'aws',
    account: ACCOUNT,
    template,
  }));

/** Whether the policies alone allow a call. A key's own policy leaves it to IAM, as ours and a default one do. */
export async function allows(
  documents: readonly PolicyDocument[],
  { action, on, context = {} }: Call,
): Promise<boolean> {
  const root = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-us-east-1`,
        action,
        resource: { resource: on, accountId: ACCOUNT },
        contextVariables: context,
      },
      identityPolicies: documents.map((policy, part) => ({ name: `part-${part}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(/^kms:(?!CreateKey)/.test(action) && { resourcePolicy: { Version: '2012-10-17', Statement: [root] } }),
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action} on ${on}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed';
}

/** The same by our own evaluator, for calls that the simulator's data lacks. */
export function allowsByOurs(documents: readonly PolicyDocument[], { action, on, context = {} }: Call): boolean {
  const values = new Map(Object.entries(context).map(([name, value]) => [name.toLowerCase(), [value]]));
  const request = { principalArns: [], accountId: ACCOUNT, action, resource: on, context: values };
  return evaluateAccess({ identity: documents, resource: undefined, resourceMustAgree: false }, request).allowed;
}
