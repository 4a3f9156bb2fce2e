import { type Properties, resourcesOf, type SynthesizedStage, synthesizeStage } from '../support/stacks.ts';

const boundariesOf = ({ data, api, operations, web }: SynthesizedStage): Properties[] =>
  [data, api, operations, web].flatMap((template) =>
    resourcesOf(template, 'AWS::IAM::Role').map(([, { PermissionsBoundary }]) => PermissionsBoundary),
  );

test('without a boundary no role has one', () => {
  const boundaries = boundariesOf(synthesizeStage('prod', { production: true }));
  expect(new Set(boundaries)).toEqual(new Set([undefined]));
});

test.each([
  ['name', 'widget-gate-boundary', 'policy/widget-gate-boundary'],
  ['ARN', 'arn:aws:iam::123456789012:policy/team/boundary', 'arn:aws:iam::123456789012:policy/team/boundary'],
])(
  "a boundary given by its %s is on every role, also on the one that CDK makes for API Gateway and on the upload's",
  (_, policy, arn) => {
    const stage = synthesizeStage('prod', { production: true, permissionsBoundary: policy });
    const boundaries = boundariesOf(stage);
    expect(boundaries.length).toBeGreaterThan(18);
    for (const boundary of boundaries) expect(JSON.stringify(boundary)).toContain(arn);
    expect(resourcesOf(stage.api, 'AWS::IAM::Role').filter(([id]) => id.includes('CloudWatchRole'))).toHaveLength(1);
  },
);
