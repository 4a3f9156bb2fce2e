import { environment } from '#contract/environment.ts';
import { exerciseAll } from '../support/exercise.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { describeGrant, type Grant, grantsOf, unusedGrants } from '../support/grants.ts';

/** Grants that a run on one machine can't use, by the service of their action. */
const unreachable: Record<string, string> = {
  logs: "Lambda itself writes what a function prints, under the function's role; the local host takes the lines without asking CloudWatch Logs",
};
const isReachable = ({ action }: Grant): boolean => unreachable[action.split(':')[0] ?? ''] === undefined;

/** Nobody listens at this address. */
const NOWHERE = 'http://127.0.0.1:9';

let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate({
    environment: {
      [environment.upstreamUrl]: NOWHERE,
      [environment.analyticsUpstreamUrl]: NOWHERE,
      [environment.dataRouterUpstreamUrl]: NOWHERE,
    },
  });
  await exerciseAll(gate);
});
afterAll(() => gate.close());

test('every right that a function has is one that it uses: of each statement every action on every resource', () => {
  const reachable = grantsOf(gate.deployment.roles).filter(isReachable);
  expect(reachable.length).toBeGreaterThan(60);
  expect(unusedGrants(gate).filter(isReachable).map(describeGrant)).toEqual([]);
});

test('no function asks for what it has no right to', () => {
  const denied = gate.host.aws.calls.list().filter(({ allowed }) => !allowed);
  expect(denied.map(({ principalArn, action, resource }) => `${principalArn}: ${action} on ${resource}`)).toEqual([]);
});

test('every condition on keys is on one kind of items, so that each kind counts as a grant of its own', () => {
  for (const { statement } of grantsOf(gate.deployment.roles))
    for (const byKey of Object.values(statement.Condition ?? {}))
      for (const values of Object.values(byKey)) expect([values].flat()).toHaveLength(1);
});

test('a right that nothing needs is found', () => {
  const [first] = grantsOf(gate.deployment.roles);
  const statement = { Effect: 'Allow', Action: 'dynamodb:DeleteItem', Resource: first?.resource ?? '' } as const;
  const role = { ...gate.deployment.roles[0], logicalId: 'Extra', policies: [{ Statement: [statement] }] };
  const deployment = { ...gate.deployment, roles: [...gate.deployment.roles, role] } as typeof gate.deployment;
  const unused = unusedGrants({ host: gate.host, deployment }).filter(isReachable);
  expect(unused.map(describeGrant)).toEqual([`Extra: dynamodb:DeleteItem on ${first?.resource}`]);
});
