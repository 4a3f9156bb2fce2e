import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { synthesizedStacks } from '../support/stacks.ts';
import { acknowledgements } from './nag-acknowledgements.ts';

interface Finding {
  readonly rule: string;
  /** The construct's path behind its stack's name. */
  readonly at: string;
  readonly says: string;
}

const findings = (production: boolean): Finding[] => {
  const { app } = synthesizedStacks(production ? 'prod' : 'dev', { production });
  return [new AwsSolutionsChecks(), new ServerlessChecks()].flatMap((pack: NagPack) =>
    pack.validateScope(app).violations.flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({
        rule: ruleName,
        at: (constructPath ?? '').replace(/^[^/]+\//, ''),
        says: description,
      })),
    ),
  );
};

const found = new Map([
  ['dev', findings(false)],
  ['prod', findings(true)],
]);
const matches = ({ rule, at }: (typeof acknowledgements)[number], finding: Finding): boolean =>
  finding.rule === rule && at.test(finding.at);

test.each([...found])('cdk-nag finds nothing in %s that is not acknowledged', (_stage, all) => {
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter((finding) => !acknowledgements.some((known) => matches(known, finding)))).toEqual([]);
});

test.each([...found])('every acknowledgement has its finding in %s', (_stage, all) => {
  expect(acknowledgements.filter((known) => !all.some((finding) => matches(known, finding)))).toEqual([]);
});

test('every acknowledgement has a reason of its own', () => {
  for (const { reason } of acknowledgements) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
  expect(new Set(acknowledgements.map(({ reason }) => reason)).size).toBe(acknowledgements.length);
});
