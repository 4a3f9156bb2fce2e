import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '#contract/environment.ts';
import { errors } from '#contract/errors.ts';
import { functions } from '#contract/functions.ts';
import { gauges, METRICS_NAMESPACE, outcomes, THROTTLED_CALLS } from '#contract/metrics.ts';
import { type Properties, resourcesOf, type SynthesizedStage, synthesizeStage } from '../support/stacks.ts';

const root = join(import.meta.dirname, '../..');
const plain = synthesizeStage('dev', { production: false });
const full = synthesizeStage('prod', {
  production: true,
  tracing: true,
  alarmEmail: 'ops@example.com',
  canaryShopId: 'shop_canary',
  canaryOrigin: 'https://canary.example.com',
});
const domain = {
  name: 'gate.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f9b',
};
const alarms = resourcesOf(full.operations, 'AWS::CloudWatch::Alarm');

/** Every metric that an alarm looks at, also behind an expression. */
const metricsOf = ({ Metrics = [], ...alarm }: Properties): Properties[] =>
  alarm.MetricName === undefined
    ? Metrics.flatMap(({ MetricStat }: Properties) => (MetricStat === undefined ? [] : [MetricStat.Metric]))
    : [alarm];

const dimensionsOf = ({ Dimensions }: Properties): Properties =>
  Object.fromEntries(Dimensions.map(({ Name, Value }: Properties) => [Name, Value]));

/** The logical ids that the operations stack takes from another stack, by what it has published. */
function published(stack: Properties, value: Properties): string {
  const output = stack.Outputs[value['Fn::GetStackOutput']?.OutputName];
  return output?.Value.Ref ?? JSON.stringify(value);
}

describe('every alarm', () => {
  test('there are those that the runbook speaks of, and no other', () => {
    const headings = readFileSync(join(root, 'docs/alarms.md'), 'utf8').match(/^## Alarm: .+$/gm) ?? [];
    const anchors = headings.map((heading) => `docs/alarms.md#alarm-${heading.slice(10).replaceAll(' ', '-')}`);
    const named = alarms.map(([, { AlarmDescription }]) => AlarmDescription.split('What to do: ')[1]);
    expect(named.sort()).toEqual(anchors.map((anchor) => anchor.replace('## ', '')).sort());
    expect(named).toHaveLength(18);
  });

  test.each(alarms)('%s watches metrics that exist', (_id, alarm) => {
    const names = [...Object.keys(errors), ...Object.keys(outcomes), ...Object.keys(gauges)];
    const [api, data] = [full.api.toJSON(), full.data.toJSON()];
    const watched = metricsOf(alarm);
    expect(watched.length).toBeGreaterThan(0);
    expect(watched.length).toBeLessThanOrEqual(10);
    for (const metric of watched) {
      const { Namespace, MetricName } = metric;
      const dimensions = dimensionsOf(metric);
      switch (Namespace) {
        case METRICS_NAMESPACE:
          if (MetricName === THROTTLED_CALLS) expect(dimensions).toEqual({ stage: 'prod' });
          else {
            expect(names).toContain(MetricName);
            expect(Object.keys(functions)).toContain(dimensions.service);
            expect(dimensions.deployment).toEqual({
              'Fn::Join': ['', ['widget-gate:', { Ref: 'AWS::AccountId' }, ':prod']],
            });
          }
          break;
        case 'AWS/ApiGateway':
          expect(dimensions).toEqual({ ApiName: 'widget-gate-prod', Stage: 'prod' });
          break;
        case 'AWS/Lambda': {
          const { FunctionName } = dimensions;
          const own = full.operations.findResources('AWS::Lambda::Function')[FunctionName.Ref];
          expect(own ?? api.Resources[published(api, FunctionName)]).toHaveProperty('Type', 'AWS::Lambda::Function');
          break;
        }
        case 'AWS/DynamoDB':
          {
            const table = data.Resources[published(data, dimensions.TableName)];
            expect(table.Type).toBe('AWS::DynamoDB::GlobalTable');
            const indexes = table.Properties.GlobalSecondaryIndexes?.map((index: Properties) => index.IndexName) ?? [];
            expect([undefined, ...indexes]).toContain(dimensions.GlobalSecondaryIndexName);
          }
          break;
        default:
          throw new Error(`nobody writes to ${Namespace}`);
      }
    }
  });

  test.each(alarms)('%s notifies the topic when it begins and ends, with why and what to do', (_id, alarm) => {
    const [topic] = Object.keys(full.operations.findResources('AWS::SNS::Topic'));
    expect([alarm.AlarmActions, alarm.OKActions]).toEqual([[{ Ref: topic }], [{ Ref: topic }]]);
    expect(alarm.AlarmDescription).toMatch(/^[A-Z].+\. What to do: docs\/alarms\.md#alarm-[a-z0-9-]+$/);
  });

  test('a counter that nobody wrote is good news, but the canary must write, and the ring has its age by the calendar', () => {
    const treatments = alarms.map(([, { AlarmDescription, TreatMissingData }]) => [
      AlarmDescription.split('#alarm-')[1],
      TreatMissingData,
    ]);
    expect(treatments.filter(([, treatment]) => treatment !== 'notBreaching')).toEqual([
      ['ring-age', 'ignore'],
      ['signing-key-age', 'ignore'],
      ['canary-silent', 'breaching'],
    ]);
  });

  test('none counts the errors of an authorizer: each 401 is one', () => {
    const watched = alarms.flatMap(([, alarm]) => metricsOf(alarm)).filter(({ MetricName }) => MetricName === 'Errors');
    const authorizers = watched.filter((metric) => /Authorizer/.test(JSON.stringify(dimensionsOf(metric))));
    expect([watched.length, authorizers]).toEqual([3, []]);
  });
});

test('a write that an index has no room for is watched like one of its table', () => {
  const watched = alarms.flatMap(([, alarm]) => metricsOf(alarm)).map(dimensionsOf);
  const indexes = resourcesOf(full.data, 'AWS::DynamoDB::GlobalTable').flatMap(([, { GlobalSecondaryIndexes = [] }]) =>
    GlobalSecondaryIndexes.map(({ IndexName }: Properties) => IndexName),
  );
  expect(indexes.sort()).toEqual(watched.flatMap(({ GlobalSecondaryIndexName: name = [] }) => name).sort());
});

test("the gateway's throttled calls are counted from its access log, which names error and stage", () => {
  full.operations.hasResourceProperties('AWS::Logs::MetricFilter', {
    FilterPattern: '{ $.errorType = "THROTTLED" }',
    MetricTransformations: [
      {
        MetricNamespace: METRICS_NAMESPACE,
        MetricName: THROTTLED_CALLS,
        Dimensions: [{ Key: 'stage', Value: '$.stage' }],
      },
    ],
  });
  const [[, stage]] = resourcesOf(full.api, 'AWS::ApiGateway::Stage') as [[string, Properties]];
  expect(JSON.parse(stage.AccessLogSetting.Format)).toMatchObject({
    stage: '$context.stage',
    errorType: '$context.error.responseType',
  });
});

test('the topic is encrypted with a key that CloudWatch may use, refuses what comes without TLS, and of services lets only CloudWatch publish', () => {
  const [[, topic]] = resourcesOf(full.operations, 'AWS::SNS::Topic') as [[string, Properties]];
  const [[keyId, key]] = resourcesOf(full.operations, 'AWS::KMS::Key') as [[string, Properties]];
  expect(topic.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  const cloudWatch = { Principal: { Service: 'cloudwatch.amazonaws.com' }, Condition: ofThisAccount };
  expect(key.KeyPolicy.Statement[1]).toMatchObject({
    Principal: cloudWatch.Principal,
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
  });
  const [[, policy]] = resourcesOf(full.operations, 'AWS::SNS::TopicPolicy') as [[string, Properties]];
  expect(policy.PolicyDocument.Statement).toMatchObject([
    { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Effect: 'Allow', Action: 'sns:Publish', ...cloudWatch },
  ]);
});

test('the dashboard shows functions, tables and counters that exist', () => {
  const [[, { DashboardBody }]] = resourcesOf(full.operations, 'AWS::CloudWatch::Dashboard') as [[string, Properties]];
  const body = DashboardBody['Fn::Join'][1]
    .map((part: Properties | string) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")))
    .join('');
  const { widgets } = JSON.parse(body) as { widgets: Properties[] };
  expect(widgets.map(({ properties }) => properties.title)).toEqual(
    [
      ['Alarms', 'Traffic', 'Decisions', 'Refusals by code', 'Gateway latency'],
      ['Authorizer latency', 'Throttles', 'Table errors', 'Canary and ring'],
    ].flat(),
  );
  const rows = widgets.flatMap(({ properties }) => (properties.metrics ?? []) as unknown[][]);
  const own = rows.filter(([namespace]) => namespace === METRICS_NAMESPACE);
  const names = [...Object.keys(outcomes), ...Object.keys(gauges), THROTTLED_CALLS];
  expect(own.map(([, name]) => name).filter((name) => !names.includes(String(name)))).toEqual([]);
  const services = own
    .flatMap((row) => row.slice(row.indexOf('service'), row.indexOf('service') + 2))
    .filter((_s, at) => at % 2 === 1);
  expect(
    services.filter((service) => service !== THROTTLED_CALLS && !(String(service) in functions) && service !== 'stage'),
  ).toEqual([]);
  const searched = [...body.matchAll(/"?\\"([a-z_]+)\\"/g)].map(([, code]) => code as string);
  expect(searched.length).toBeGreaterThan(10);
  expect(searched.filter((code) => !(code in errors))).toEqual([]);
  const outputs = { ...full.api.toJSON().Outputs, ...full.data.toJSON().Outputs };
  for (const [, output] of body.matchAll(/'OutputName':'(\w+)'/g)) expect(outputs).toHaveProperty(output as string);
});

describe('what a stage does not ask for is not there', () => {
  test('no canary, no subscription, no tracing', () => {
    plain.operations.resourceCountIs('AWS::SNS::Subscription', 0);
    plain.operations.resourceCountIs('AWS::SecretsManager::Secret', 0);
    plain.operations.resourceCountIs('AWS::Lambda::Function', 1);
    expect(resourcesOf(plain.operations, 'AWS::CloudWatch::Alarm')).toHaveLength(16);
    const text = JSON.stringify([plain.api.toJSON(), plain.operations.toJSON()]);
    expect(text).not.toMatch(/xray|TracingConfig|"TracingEnabled":true/);
  });

  test('a canary has a secret that is empty until the operator fills it, and runs every five minutes', () => {
    const [[, secret]] = resourcesOf(full.operations, 'AWS::SecretsManager::Secret') as [[string, Properties]];
    expect(Object.keys(secret)).toEqual(['Description']);
    full.operations.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)' });
    full.operations.resourceCountIs('AWS::SNS::Subscription', 1);
  });

  test('the canary calls the gate where its callers do: under its own name, if it has one', () => {
    const gateUrlOf = ({ operations }: SynthesizedStage): unknown[] =>
      resourcesOf(operations, 'AWS::Lambda::Function').flatMap(
        ([, { Environment }]) => Environment?.Variables?.[environment.gateUrl] ?? [],
      );
    const named = synthesizeStage('prod', { production: true, canaryShopId: 'shop_canary', domain });
    expect(gateUrlOf(named)).toEqual(['https://gate.example.com/']);
    expect(JSON.stringify(gateUrlOf(full))).toContain('execute-api');
  });

  test('with tracing every function and the stage of the API are traced', () => {
    for (const stack of [full.api, full.operations])
      for (const [, { TracingConfig }] of resourcesOf(stack, 'AWS::Lambda::Function'))
        expect(TracingConfig).toEqual({ Mode: 'Active' });
    full.api.hasResourceProperties('AWS::ApiGateway::Stage', { TracingEnabled: true });
  });
});

test('only EventBridge invokes what watches, by the rule of each', () => {
  for (const [, permission] of resourcesOf(full.operations, 'AWS::Lambda::Permission')) {
    expect(permission.Principal).toBe('events.amazonaws.com');
    expect(JSON.stringify(permission.SourceArn)).toContain('Schedule');
  }
});

test("the runbook's links lead somewhere", () => {
  const text = readFileSync(join(root, 'docs/alarms.md'), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#]+)(?:#([\w-]+))?\)/g)].filter(([, path]) => !path?.startsWith('http'));
  expect(links.length).toBeGreaterThan(0);
  for (const [, path = '', anchor] of links) {
    const file = join(root, 'docs', path);
    expect([path, existsSync(file)]).toEqual([path, true]);
    const headings = (readFileSync(file, 'utf8').match(/^#+ .+$/gm) ?? []).map((heading) =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    if (anchor !== undefined) expect([path, headings]).toEqual([path, expect.arrayContaining([anchor])]);
  }
});
