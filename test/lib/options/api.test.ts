import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type Properties, resourcesOf, synthesizeStage } from '#test/support/stacks.ts';

const synthesize = (options: object): Template =>
  synthesizeStage('prod', { production: true, region: 'eu-west-1', ...options }).api;

describe('a domain of your own', () => {
  const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/0f9b';
  const api = synthesize({ domain: { name: 'gate.example.com', certificateArn, hostedZoneId: 'Z0123' } });

  test('takes TLS 1.2 or later, in the region, under its certificate', () => {
    api.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'gate.example.com',
      RegionalCertificateArn: certificateArn,
      SecurityPolicy: 'TLS_1_2',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });

  test("has the API at its root, and closes API Gateway's own address", () => {
    const [[, mapping]] = resourcesOf(api, 'AWS::ApiGateway::BasePathMapping') as [[string, Properties]];
    expect(mapping).toMatchObject({ RestApiId: { Ref: expect.stringMatching(/^RestApi/) } });
    expect(mapping).not.toHaveProperty('BasePath');
    api.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
  });

  test('is where the canary calls', () => {
    const config = { production: true, region: 'eu-west-1', canaryShopId: 'shop_canary' };
    const domain = { name: 'gate.example.com', certificateArn };
    synthesizeStage('prod', { ...config, domain }).operations.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ WIDGET_GATE_GATE_URL: 'https://gate.example.com/' }) },
    });
  });

  test("is the gate's address, and outputs where its record must point", () => {
    api.hasOutput('ApiUrl', { Value: 'https://gate.example.com/' });
    const regional = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Domain'), 'RegionalDomainName'] };
    api.hasOutput('DomainTarget', { Value: regional });
    api.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'gate.example.com',
      Type: 'A',
      HostedZoneId: 'Z0123',
      AliasTarget: { DNSName: regional },
    });
  });

  test('without a zone leaves the record to you', () => {
    const alone = synthesize({ domain: { name: 'gate.example.com', certificateArn } });
    alone.resourceCountIs('AWS::Route53::RecordSet', 0);
  });
});

describe('a web ACL', () => {
  const api = synthesize({ waf: { requestsPer5Minutes: 3_000 } });
  const [[, acl]] = resourcesOf(api, 'AWS::WAFv2::WebACL') as [[string, Properties]];

  test('blocks an address above its rate, and nothing else', () => {
    expect(acl).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    expect(acl.Rules).toHaveLength(1);
    expect(acl.Rules[0]).toMatchObject({
      Action: { Block: {} },
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 3_000, EvaluationWindowSec: 300 } },
    });
  });

  test('keeps no samples of requests, which would hold credentials', () => {
    for (const { VisibilityConfig } of [acl, acl.Rules[0]]) expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
  });

  test("is in front of the API's stage", () => {
    const [[, { ResourceArn, WebACLArn }]] = resourcesOf(api, 'AWS::WAFv2::WebACLAssociation') as [
      [string, Properties],
    ];
    expect(JSON.stringify(ResourceArn)).toMatch(/:apigateway:eu-west-1::\/restapis\/".*RestApi.*"\/stages\/"/);
    expect(WebACLArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^RateLimitAcl/), 'Arn'] });
  });
});

describe('a web ACL with a rate per widget token', () => {
  const api = synthesize({ waf: { requestsPer5Minutes: 3_000, requestsPer5MinutesPerToken: 600 } });
  const [[, { Rules, DefaultAction }]] = resourcesOf(api, 'AWS::WAFv2::WebACL') as [[string, Properties]];

  test('blocks an address above its rate first, then a token above its own, from all addresses together', () => {
    expect(DefaultAction).toEqual({ Allow: {} });
    expect(Rules.map(({ Name, Priority, Action }: Properties) => [Name, Priority, Action])).toEqual([
      ['requests-per-address', 0, { Block: {} }],
      ['requests-per-widget-token', 1, { Block: {} }],
    ]);
    const { ScopeDownStatement, ...perToken } = Rules[1].Statement.RateBasedStatement;
    expect(perToken).toEqual({
      AggregateKeyType: 'CUSTOM_KEYS',
      CustomKeys: [{ Header: { Name: 'x-widget-token', TextTransformations: [{ Priority: 0, Type: 'NONE' }] } }],
      EvaluationWindowSec: 300,
      Limit: 600,
    });
    // Calls through CloudFront are counted before it, by the same rule.
    expect(ScopeDownStatement).toEqual(Rules[0].Statement.RateBasedStatement.ScopeDownStatement);
    expect(ScopeDownStatement.NotStatement.Statement.ByteMatchStatement).toBeDefined();
  });

  test('keeps no samples of requests, which would hold the tokens', () => {
    for (const { VisibilityConfig } of Rules) expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
  });

  test('counts every call where the stage has no web', () => {
    const waf = { requestsPer5Minutes: 3_000, requestsPer5MinutesPerToken: 600 };
    const [[, alone]] = resourcesOf(synthesize({ waf, web: false }), 'AWS::WAFv2::WebACL') as [[string, Properties]];
    for (const { Statement } of alone.Rules)
      expect(Statement.RateBasedStatement).not.toHaveProperty('ScopeDownStatement');
  });
});

test('a private API admits its VPC endpoints, and denies every other whatever an authorizer allows', () => {
  const vpcEndpointIds = ['vpce-0123abcd', 'vpce-0456cdef'];
  const [[, { EndpointConfiguration, Policy }]] = resourcesOf(
    synthesize({ private: { vpcEndpointIds } }),
    'AWS::ApiGateway::RestApi',
  ) as [[string, Properties]];
  expect(EndpointConfiguration).toEqual({ Types: ['PRIVATE'], VpcEndpointIds: vpcEndpointIds });
  const everything = { Action: 'execute-api:Invoke', Principal: { AWS: '*' }, Resource: 'execute-api:/*' };
  expect(Policy.Statement).toEqual([
    { ...everything, Effect: 'Allow', Condition: { StringEquals: { 'aws:SourceVpce': vpcEndpointIds } } },
    { ...everything, Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': vpcEndpointIds } } },
  ]);
});

test("decisions on widget calls may be kept, by token and origin together; no other authorizer's ever are", () => {
  const kept = resourcesOf(synthesize({ authorizerCacheSeconds: 50 }), 'AWS::ApiGateway::Authorizer').map(
    ([, { IdentitySource, AuthorizerResultTtlInSeconds }]) => [IdentitySource, AuthorizerResultTtlInSeconds],
  );
  expect(kept.sort()).toEqual([
    ['context.requestId', 0],
    ['method.request.header.Cookie', 0],
    ['method.request.header.X-API-Key', 0],
    ['method.request.header.X-Widget-Token,method.request.header.Origin', 50],
  ]);
});
