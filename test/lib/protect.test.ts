import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import { errors } from '#contract/errors.ts';
import { functions } from '#contract/functions.ts';
import { STAGE_TAG } from '#lib/deployer/scopes.ts';
import type { WebStack } from '#lib/web-stack.ts';
import { WidgetGate } from '#lib/widget-gate.ts';
import { GATE, ShopApiStack, TREE } from '../sample-app/shop-api-stack.ts';
import { type Properties, resourcesOf, synthesizeStage } from '../support/stacks.ts';

/** Copies of assets would only fill the disk: templates are all that is looked at. */
const unstaged = (): App => new App({ context: { 'aws:cdk:disable-asset-staging': true } });
const emptyShop = (): ShopApiStack => new ShopApiStack(unstaged(), 'Shop');
const synthesize = (stack: ShopApiStack): Template => Template.fromStack(stack);
const shop = emptyShop().addWidgets();
const template = synthesize(shop);

/** Methods by `VERB /path`. */
function methodsOf(api: Template): Map<string, Properties> {
  const resources = new Map(resourcesOf(api, 'AWS::ApiGateway::Resource'));
  const pathOf = (id: string): string => {
    const resource = resources.get(id);
    return resource === undefined ? '' : `${pathOf(resource.ParentId.Ref)}/${resource.PathPart}`;
  };
  return new Map(
    resourcesOf(api, 'AWS::ApiGateway::Method').map(([, method]) => [
      `${method.HttpMethod} ${pathOf(method.ResourceId.Ref)}`,
      method,
    ]),
  );
}

test('every method below the tree asks for a widget token, and no other does', () => {
  const asked = [...methodsOf(template)].filter(([, { AuthorizationType: type }]) => type === 'CUSTOM');
  expect(asked.map(([name]) => name).sort()).toEqual(['GET /v1/widget/products', 'POST /v1/widget/carts/{cartId}']);
  const [[authorizerId, authorizer]] = resourcesOf(template, 'AWS::ApiGateway::Authorizer') as [[string, Properties]];
  for (const [, { AuthorizerId }] of asked) expect(AuthorizerId).toEqual({ Ref: authorizerId });
  expect(authorizer).toMatchObject({
    Type: 'REQUEST',
    IdentitySource: 'method.request.header.X-Widget-Token',
    AuthorizerResultTtlInSeconds: 0,
  });
  expect(methodsOf(template).get('OPTIONS /v1/widget/products')).toMatchObject({ AuthorizationType: 'NONE' });
});

test('the API gets one function, which only its own authorizer may invoke, and which opens the tree alone', () => {
  const own = resourcesOf(template, 'AWS::Lambda::Function').filter(([id]) => !id.startsWith('Upstream'));
  expect(own.map(([, { Description }]) => Description)).toEqual([functions['widget-authorizer'].summary]);
  const [[functionId, { Environment }]] = own as [[string, Properties]];
  expect(Environment.Variables.WIDGET_GATE_PROTECTED_TREE).toBe(TREE);
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission').filter(([, { FunctionName }]) =>
    JSON.stringify(FunctionName).includes(functionId),
  );
  expect(permissions).toHaveLength(1);
  expect(permissions[0]?.[1]).toMatchObject({ Principal: 'apigateway.amazonaws.com' });
  expect(JSON.stringify(permissions[0]?.[1].SourceArn)).toMatch(
    /:execute-api:.*\{"Ref":"ShopApi\w+"\}.*\/authorizers\//,
  );
});

test("its rights are those of the gate's own authorizer", () => {
  const rightsOf = (api: Template, id: RegExp): unknown =>
    resourcesOf(api, 'AWS::IAM::Policy')
      .filter(([logicalId]) => id.test(logicalId))
      .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement as Properties[])
      .filter(({ Action }) => ![Action].flat().join().startsWith('logs:'));
  const { api } = synthesizeStage('dev', GATE);
  expect(rightsOf(template, /WidgetAuthorizerRole/)).toEqual(rightsOf(api, /^WidgetAuthorizerRole/));
});

test('the gate in a foreign app is the gate that is deployed from here, whatever the flags of that app', () => {
  const { data, api, web: gateWeb } = synthesizeStage('dev', GATE);
  // bin/app.ts describes the stacks and puts the stage's tag on the key, as WidgetGate does here; the bare stacks have neither.
  const resourcesAndOutputs = (stack: Template): object =>
    JSON.parse(
      JSON.stringify({ ...stack.toJSON(), Description: '' }, (key, value) => (key === 'Tags' ? undefined : value)),
    );
  const keyTag = { Tags: [{ Key: STAGE_TAG, Value: 'dev' }] };
  Template.fromStack(shop.gate.data).hasResourceProperties('AWS::KMS::Key', keyTag);
  expect(resourcesAndOutputs(Template.fromStack(shop.gate.data))).toEqual(resourcesAndOutputs(data));
  // CDK names authorizers and permissions of an API by their place in an app.
  const functionsOf = (stack: Template): unknown => resourcesOf(stack, 'AWS::Lambda::Function');
  expect(functionsOf(Template.fromStack(shop.gate.api))).toEqual(functionsOf(api));
  const web = Template.fromStack(shop.gate.web as WebStack);
  expect(resourcesOf(web, 'AWS::CloudFront::Distribution').map(behaviorsOf)).toEqual(
    resourcesOf(gateWeb, 'AWS::CloudFront::Distribution').map(behaviorsOf),
  );
});

test('the gate in a foreign app brings its alarms', () => {
  const { operations } = synthesizeStage('dev', GATE);
  const alarmsOf = (stack: Template): string[] =>
    resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(([, { AlarmDescription }]) => AlarmDescription);
  expect(alarmsOf(operations).length).toBeGreaterThan(5);
  expect(alarmsOf(Template.fromStack(shop.gate.operations))).toEqual(alarmsOf(operations));
});

/** The paths that a distribution names. */
const behaviorsOf = ([, { DistributionConfig }]: [string, Properties]): string[] =>
  DistributionConfig.CacheBehaviors.map(({ PathPattern }: Properties) => PathPattern);

test("the stage's boundary and tags are on what it adds to the API's stack, and on nothing else there", () => {
  const stack = emptyShop();
  const marked = { ...GATE, permissionsBoundary: 'widget-gate-boundary', tags: { team: 'widgets' } };
  const { resource } = new WidgetGate(stack, 'Other', { stage: 'other', ...marked }).protect(
    stack.restApi,
    '/v1/other',
  );
  resource.addResource('offers').addMethod('GET', stack.upstream);
  const own = Object.entries<Properties>(synthesize(stack).toJSON().Resources).filter(([, { Type }]) =>
    ['AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup'].includes(Type),
  );
  const marks = own.map(([id, { Type, Properties: of }]) => ({
    ours: id.includes('WidgetAuthorizer'),
    tagged: JSON.stringify(of.Tags ?? []).includes('"widgets"'),
    bounded: Type === 'AWS::IAM::Role' && /policy\/widget-gate-boundary/.test(JSON.stringify(of.PermissionsBoundary)),
    isRole: Type === 'AWS::IAM::Role',
  }));
  expect(marks.filter(({ ours }) => ours)).toHaveLength(3);
  for (const { ours, tagged, bounded, isRole } of marks) expect([tagged, bounded]).toEqual([ours, ours && isRole]);
});

test('the gate in a foreign app has copies in stacks of the names that they have when deployed from here, its keys tagged', () => {
  const app = unstaged();
  new WidgetGate(app, 'Gate', { stage: 'dev', ...GATE, replicaRegions: ['eu-central-1'] });
  const stacks = app.synth().stacks;
  expect(stacks.map(({ stackName }) => stackName).sort()).toEqual(
    ['Api', 'Data', 'DataKey', 'DataKey-eu-central-1', 'Operations', 'Web'].map((part) => `WidgetGate-dev-${part}`),
  );
  const keys = stacks
    .flatMap(({ template: { Resources } }) => Object.values<Properties>(Resources))
    .filter(({ Type }) => /^AWS::KMS::(Key|ReplicaKey)$/.test(Type));
  expect(keys.map(({ Properties: { Tags } }) => Tags)).toEqual(Array(3).fill([{ Key: STAGE_TAG, Value: 'dev' }]));
});

test("what the authorizer refuses is returned in the gate's words, and all else in the API's own", () => {
  const told = resourcesOf(template, 'AWS::ApiGateway::GatewayResponse').map(
    ([, { ResponseType, ResponseTemplates }]): [string, Properties] => [
      ResponseType,
      JSON.parse(ResponseTemplates['application/json']),
    ],
  );
  expect(told.map(([type]) => type).sort()).toEqual([
    'ACCESS_DENIED',
    'AUTHORIZER_CONFIGURATION_ERROR',
    'AUTHORIZER_FAILURE',
    'UNAUTHORIZED',
  ]);
  expect(new Map(told).get('UNAUTHORIZED')).toMatchObject({
    code: 'unauthorized',
    message: errors.unauthorized.message,
  });
  synthesize(emptyShop().addWidgets({ gatewayResponses: false })).resourceCountIs(
    'AWS::ApiGateway::GatewayResponse',
    0,
  );
});

test('protecting an API is a new deployment of it, without which its stage would stay open', () => {
  const deploymentOf = (stack: ShopApiStack): string[] =>
    Object.keys(synthesize(stack).findResources('AWS::ApiGateway::Deployment'));
  const open = emptyShop();
  open.restApi.root.resourceForPath(`${TREE}/products`).addMethod('GET', open.upstream);
  const closed = emptyShop();
  const there = closed.restApi.root.resourceForPath(`${TREE}/products`);
  const { authorizer } = closed.gate.protect(closed.restApi, TREE);
  there.addMethod('GET', closed.upstream, { authorizer, authorizationType: AuthorizationType.CUSTOM });
  expect(deploymentOf(closed)).not.toEqual(deploymentOf(open));
});

describe('synthesis fails', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a method below the tree without the authorizer',
      'GET',
      `${TREE}/old`,
      /GET \/v1\/widget\/old does not require a widget token/,
    ],
    ['a method of the tree itself', 'GET', TREE, /is the protected tree itself/],
    ['a wider route that accepts calls below it', 'ANY', '/v1/{proxy+}', /ANY \/v1\/\{proxy\+\} accepts calls below/],
    [
      'a variable route that accepts calls below it',
      'GET',
      '/{version}/widget/{id}',
      /accepts calls below \/v1\/widget/,
    ],
  ])('for %s', (_name, method, path, message) => {
    const stack = emptyShop();
    const options = { authorizationType: AuthorizationType.NONE };
    stack.restApi.root.resourceForPath(path).addMethod(method, stack.upstream, options);
    expect(() => synthesize(stack.addWidgets())).toThrow(message);
  });

  test('for a method that is added later without the authorizer', () => {
    const stack = emptyShop().addWidgets();
    const open = { authorizationType: AuthorizationType.NONE };
    stack.restApi.root.resourceForPath(`${TREE}/late`).addMethod('GET', stack.upstream, open);
    expect(() => synthesize(stack)).toThrow('GET /v1/widget/late does not require a widget token');
  });

  test('not for a wider route where the tree takes every call', () => {
    const stack = emptyShop();
    stack.restApi.root.resourceForPath('/v1/{proxy+}').addMethod('ANY', stack.upstream);
    const { resource } = stack.gate.protect(stack.restApi, TREE);
    resource.addResource('{proxy+}').addMethod('ANY', stack.upstream);
    expect(() => synthesize(stack)).not.toThrow();
  });

  test.each(['', '/', 'v1/widget', '/v1/widget/', '/v1/*', '/v1/{proxy+}', '/v1//widget'])(
    'for the tree %j',
    (tree) => {
      const stack = emptyShop();
      expect(() => stack.gate.protect(stack.restApi, tree)).toThrow('is not a valid tree of an API');
    },
  );

  test("for an API in another account than the gate's", () => {
    const env = { account: '111111111111', region: 'eu-west-1' };
    const stack = new ShopApiStack(unstaged(), 'Shop', { env });
    const other = { stage: 'other', ...GATE, account: '222222222222' };
    expect(() => new WidgetGate(stack, 'Other', other).protect(stack.restApi, '/v1/other')).toThrow(
      'the API is in account 111111111111 and the gate in 222222222222',
    );
  });

  test("for an API in another region than the gate's", () => {
    const stack = new ShopApiStack(unstaged(), 'Shop', { env: { region: 'us-east-1' } });
    expect(() => stack.addWidgets()).toThrow('the API is in us-east-1 and the gate in eu-west-1');
  });
});
