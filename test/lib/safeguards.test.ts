import { resourcesOf, type SynthesizedStage, synthesizeStage } from '../support/stacks.ts';

const stages: [string, SynthesizedStage][] = [
  ['dev', synthesizeStage('dev', { production: false })],
  ['prod', synthesizeStage('prod', { production: true, upstreamUrl: 'https://up.example.com' })],
];

test.each(stages)('every table in %s can be put back to any second of the last days', (_, { data }) => {
  const tables = resourcesOf(data, 'AWS::DynamoDB::GlobalTable');
  expect(tables).toHaveLength(4);
  for (const [, { Replicas }] of tables) {
    expect(Replicas).toHaveLength(1);
    expect(Replicas[0].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
  }
});

test.each(stages)('the one key in %s rotates', (_, { data }) => {
  expect(resourcesOf(data, 'AWS::KMS::Key').map(([, { EnableKeyRotation }]) => EnableKeyRotation)).toEqual([true]);
});

test('production keeps its logs when the stack goes, dev drops them', () => {
  const [[, dev], [, prod]] = stages as [(typeof stages)[number], (typeof stages)[number]];
  for (const stack of ['api', 'operations', 'web'] as const) {
    prod[stack].allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    dev[stack].allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  }
});

test('production keeps the files of the web when the stack goes, dev drops them', () => {
  const [[, dev], [, prod]] = stages as [(typeof stages)[number], (typeof stages)[number]];
  prod.web.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  dev.web.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
});

test.each(stages)('every function in %s writes to a log group of the stack, whose lines end', (_, { api }) => {
  const groups = new Map(resourcesOf(api, 'AWS::Logs::LogGroup'));
  for (const [, { LoggingConfig }] of resourcesOf(api, 'AWS::Lambda::Function'))
    expect(groups.get(LoggingConfig.LogGroup.Ref)?.RetentionInDays).toBeGreaterThan(0);
});

test.each(stages)(
  "no function in %s can be reached but through the gateway or as the ring's rotation",
  (_, { api }) => {
    for (const type of ['AWS::Lambda::Url', 'AWS::Lambda::EventSourceMapping']) api.resourceCountIs(type, 0);
    for (const [, { SourceArn, Principal, FunctionUrlAuthType }] of resourcesOf(api, 'AWS::Lambda::Permission')) {
      expect(Principal).toMatch(/^(apigateway|secretsmanager)\.amazonaws\.com$/);
      expect([SourceArn === undefined, FunctionUrlAuthType]).toEqual([false, undefined]);
    }
  },
);

test.each(stages)(
  "no variable of a function in %s leads it past TLS or to an endpoint that is not AWS's own",
  (_, { api }) => {
    const variables = resourcesOf(api, 'AWS::Lambda::Function').flatMap(([, { Environment = {} }]) =>
      Object.entries(Environment.Variables ?? {}),
    );
    expect(variables.length).toBeGreaterThan(10);
    expect(
      variables.filter(([name, value]) => /^(AWS_|NODE_)/.test(name) || /http:/.test(JSON.stringify(value))),
    ).toEqual([]);
  },
);
