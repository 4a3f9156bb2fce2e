import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStage } from '#bin/start/stage.ts';
import { environment } from '#contract/environment.ts';
import { functions, watchers } from '#contract/functions.ts';
import { synthesize } from '#local/synthesize.ts';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own shape
type Template = { Resources: Record<string, any>; Outputs: Record<string, any> };

let assembly: string;
beforeAll(async () => {
  assembly = await synthesize('dev');
});

test("the dev stage's template is loaded whole", () => {
  const deployment = loadStage(assembly);
  expect(deployment.functions.map(({ assetDirectory }) => readdirSync(assetDirectory).sort())).toEqual(
    Array(Object.keys(functions).length - watchers.length).fill(['index.js', 'package.json']),
  );
  expect(deployment.tables.map(({ keySchema }) => keySchema[0]?.AttributeName).sort()).toEqual([
    'keyId',
    'sessionHash',
    'shopId',
    'subject',
  ]);
  expect(deployment.groups.map(({ groupName }) => groupName)).toEqual(['Qrvey-Admin-dev']);
  const valuesOf = (variable: string) =>
    new Set(deployment.functions.flatMap((each) => each.environment[variable] ?? []));
  const tableWithKey = (key: string) =>
    deployment.tables.find(({ keySchema }) => keySchema[0]?.AttributeName === key)?.tableName;
  expect(valuesOf(environment.shopTable)).toEqual(new Set([tableWithKey('shopId')]));
  expect(valuesOf(environment.keyTable)).toEqual(new Set([tableWithKey('keyId')]));
  expect(valuesOf(environment.sessionTable)).toEqual(new Set([tableWithKey('sessionHash')]));
  expect(valuesOf(environment.auditTable)).toEqual(new Set([tableWithKey('subject')]));
});

test('names and ARNs are the same at every load', () => {
  expect(loadStage(assembly)).toEqual(loadStage(assembly));
});

describe('fails rather than run something else than what is deployed, for', () => {
  /** Loads a copy of the assembly in which one template was changed. */
  function loadChanged(change: (template: Template) => void, part = 'Api'): () => unknown {
    const copy = mkdtempSync(join(tmpdir(), 'widget-gate-changed-'));
    cpSync(assembly, copy, { recursive: true });
    const file = join(copy, `WidgetGate-dev-${part}.template.json`);
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
    change(template);
    writeFileSync(file, JSON.stringify(template));
    return () => loadStage(copy);
  }
  const first = ({ Resources }: Template, type: string) =>
    Object.values(Resources).find((resource) => resource.Type === type) ?? { Properties: {} };

  test.each<[string, (template: Template) => void, RegExp]>([
    [
      'an unknown type',
      ({ Resources }) => Object.assign(Resources, { New: { Type: 'AWS::SQS::Queue' } }),
      /WidgetGate-dev-Api\/New: .* AWS::SQS::Queue/,
    ],
    [
      'an unknown property',
      (template) => Object.assign(first(template, 'AWS::Lambda::Function').Properties, { FileSystemConfigs: [] }),
      /AWS::Lambda::Function\.FileSystemConfigs/,
    ],
    [
      'an unknown member of an integration',
      (template) =>
        Object.assign(first(template, 'AWS::ApiGateway::Method').Properties.Integration, { CacheNamespace: 'x' }),
      /AWS::ApiGateway::Method\.Integration\.CacheNamespace/,
    ],
    [
      'an unknown member in a list of settings',
      (template) => first(template, 'AWS::ApiGateway::Stage').Properties.MethodSettings.push({ CachingEnabled: true }),
      /AWS::ApiGateway::Stage\.MethodSettings\.CachingEnabled/,
    ],
    [
      'a resource under a condition',
      (template) => Object.assign(first(template, 'AWS::Lambda::Function'), { Condition: 'Sometimes' }),
      /the attribute Condition/,
    ],
    ['conditions', (template) => Object.assign(template, { Conditions: {} }), /the section Conditions/],
    [
      'a substitution of nothing',
      (template) =>
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub is written so
        Object.assign(first(template, 'AWS::Lambda::Function').Properties, { Role: { 'Fn::Sub': '${Nobody.Arn}' } }),
      /Nobody/,
    ],
    [
      'an import of nothing',
      (template) =>
        Object.assign(first(template, 'AWS::Lambda::Function').Properties, { Role: { 'Fn::ImportValue': 'nothing' } }),
      /no stack exports nothing/,
    ],
    [
      'a method of no resource',
      (template) => Object.assign(first(template, 'AWS::ApiGateway::Method').Properties, { ResourceId: 'elsewhere' }),
      /not of its API/,
    ],
    [
      'an unknown intrinsic function',
      (template) =>
        Object.assign(first(template, 'AWS::Lambda::Function').Properties, { Timeout: { 'Fn::FindInMap': [] } }),
      /Fn::FindInMap/,
    ],
    [
      'a reference to nothing',
      (template) => Object.assign(first(template, 'AWS::Lambda::Function').Properties, { Role: { Ref: 'Nobody' } }),
      /Nobody/,
    ],
    [
      'an unknown attribute',
      (template) =>
        Object.assign(first(template, 'AWS::Lambda::Function').Properties, {
          Role: { 'Fn::GetAtt': ['RestApi79D61EE8', 'Other'] },
        }),
      /no known attribute Other/,
    ],
    [
      'an output of no stack',
      (template) =>
        Object.assign(first(template, 'AWS::Lambda::Function').Properties, {
          Role: { 'Fn::GetStackOutput': { StackName: 'x', OutputName: 'y' } },
        }),
      /no output y of stack x/,
    ],
    [
      'another runtime',
      (template) => Object.assign(first(template, 'AWS::Lambda::Function').Properties, { Runtime: 'python3.14' }),
      /nodejs24\.x only/,
    ],
    [
      'another integration',
      (template) =>
        Object.assign(first(template, 'AWS::ApiGateway::Method').Properties.Integration, { Type: 'HTTP_PROXY' }),
      /integration HTTP_PROXY/,
    ],
    [
      'another authorization',
      (template) =>
        Object.assign(first(template, 'AWS::ApiGateway::Method').Properties, { AuthorizationType: 'AWS_IAM' }),
      /NONE and CUSTOM only/,
    ],
    [
      'a required API key',
      (template) => Object.assign(first(template, 'AWS::ApiGateway::Method').Properties, { ApiKeyRequired: true }),
      /NONE and CUSTOM only/,
    ],
    [
      'another authorizer',
      (template) => Object.assign(first(template, 'AWS::ApiGateway::Authorizer').Properties, { Type: 'TOKEN' }),
      /REQUEST authorizers only/,
    ],
  ])('%s', (_name, change, message) => {
    expect(loadChanged(change)).toThrow(message);
  });

  const config = (template: Template) => first(template, 'AWS::CloudFront::Distribution').Properties.DistributionConfig;
  const policy = (template: Template) =>
    Object.values(template.Resources).find(
      ({ Properties }) => Properties.ResponseHeadersPolicyConfig?.CustomHeadersConfig,
    ).Properties.ResponseHeadersPolicyConfig;
  const upload = (template: Template) => first(template, 'Custom::CDKBucketDeployment').Properties;

  test.each<[string, (template: Template) => void, RegExp]>([
    [
      'an unknown member of a distribution',
      (template) => Object.assign(config(template), { DefaultRootObject: 'index.html' }),
      /DistributionConfig\.DefaultRootObject/,
    ],
    [
      'an unknown member of a behavior',
      (template) => Object.assign(config(template).CacheBehaviors[0], { TrustedKeyGroups: ['x'] }),
      /behavior's TrustedKeyGroups/,
    ],
    [
      'an origin that is neither the API nor a bucket',
      (template) => Object.assign(config(template).Origins[0], { DomainName: 'up.example.com' }),
      /up\.example\.com.* is neither/,
    ],
    [
      'an origin that is another stage of the API',
      (template) => Object.assign(config(template).Origins[0], { OriginPath: '/other' }),
      /\/other is neither/,
    ],
    [
      'headers on the requests for files',
      (template) =>
        Object.assign(
          config(template).Origins.find(
            ({ S3OriginConfig }: { S3OriginConfig?: object }) => S3OriginConfig !== undefined,
          ),
          { OriginCustomHeaders: [] },
        ),
      /Origins\.OriginCustomHeaders/,
    ],
    [
      'a page instead of an error',
      (template) => Object.assign(config(template).CustomErrorResponses[0], { ResponsePagePath: '/x' }),
      /ResponsePagePath/,
    ],
    [
      'a behavior of no origin',
      (template) => Object.assign(config(template).CacheBehaviors[0], { TargetOriginId: 'x' }),
      /no origin x/,
    ],
    [
      'a behavior of no policy',
      (template) => Object.assign(config(template).CacheBehaviors[0], { ResponseHeadersPolicyId: 'x' }),
      /no policy x/,
    ],
    [
      "a function on the API's answers",
      (template) =>
        Object.assign(config(template).DefaultCacheBehavior.FunctionAssociations[0], { EventType: 'viewer-response' }),
      /on responses that are files/,
    ],
    [
      'a function of another runtime',
      (template) =>
        Object.assign(first(template, 'AWS::CloudFront::Function').Properties.FunctionConfig, {
          Runtime: 'cloudfront-js-1.0',
        }),
      /cloudfront-js-2\.0/,
    ],
    [
      "headers on the API's answers",
      (template) => {
        const { CacheBehaviors } = config(template);
        CacheBehaviors[0].ResponseHeadersPolicyId = CacheBehaviors.at(-1).ResponseHeadersPolicyId;
      },
      /\/api\/\*: the local host adds no headers to the API/,
    ],
    [
      'a security header that it does not know',
      (template) => Object.assign(policy(template).SecurityHeadersConfig, { XSSProtection: {} }),
      /SecurityHeadersConfig\.XSSProtection/,
    ],
    [
      'CORS headers of a policy, which CloudFront adds for requests with an Origin alone',
      (template) => Object.assign(policy(template), { CorsConfig: { AccessControlAllowCredentials: false } }),
      /ResponseHeadersPolicyConfig\.CorsConfig/,
    ],
    ['an upload that deletes', (template) => Object.assign(upload(template), { Prune: true }), /deletes no uploaded/],
    [
      'an upload of two sources',
      (template) => upload(template).SourceObjectKeys.push('x.zip'),
      /not a single file asset of this assembly/,
    ],
    [
      'an unknown member of an upload',
      (template) => Object.assign(upload(template), { DestinationBucketKeyPrefix: 'x' }),
      /CDKBucketDeployment\.DestinationBucketKeyPrefix/,
    ],
  ])('%s', (_name, change, message) => {
    expect(loadChanged(change, 'Web')).toThrow(message);
  });
});
