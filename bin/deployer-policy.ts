import { parseArgs } from 'node:util';
import { boundaryPolicy } from '#lib/deployer/boundary.ts';
import type { DeployedStack } from '#lib/deployer/deployed-stack.ts';
import { charactersOf, deployerPolicies, MAX_POLICY_CHARACTERS } from '#lib/deployer/policy.ts';
import { synthesize } from '#local/synthesize.ts';
import { readAssembly } from '#local/template/assembly.ts';

/** Prints the policy that CloudFormation needs to deploy a stage, for `cdk bootstrap --cloudformation-execution-policies`; or the roles' boundary. */
async function main(): Promise<void> {
  const { stage, account, part, boundary } = parseArgs({
    options: {
      stage: { type: 'string', default: 'dev' },
      account: { type: 'string' },
      part: { type: 'string' },
      boundary: { type: 'boolean', default: false },
    },
  }).values;
  const stacks = await stacksOf(stage, account);
  const policies = boundary ? [boundaryPolicy(stacks, stage)] : deployerPolicies(stacks, stage);
  const parts = policies.map((_, at) => `--part ${at + 1}`).join(', ');
  if (policies.length > 1 && part === undefined)
    throw new Error(
      `one policy holds ${MAX_POLICY_CHARACTERS} characters; this takes ${policies.length}: print them with ${parts}`,
    );
  const policy = policies[Number(part ?? 1) - 1];
  if (policy === undefined) throw new Error(`there is no part ${part}; there are: ${parts}`);
  process.stderr.write(`${charactersOf(policy)} of ${MAX_POLICY_CHARACTERS} characters, white space not counted\n`);
  process.stdout.write(`${JSON.stringify(policy, undefined, 2)}\n`);
}

async function stacksOf(stage: string, asked: string | undefined): Promise<DeployedStack[]> {
  return readAssembly(await synthesize(stage)).map(({ name, region, account, template }) => ({
    name,
    region,
    partition: partitionOf(region),
    account: asked ?? (/^\d{12}$/.test(account) ? account : '*'),
    template,
  }));
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
