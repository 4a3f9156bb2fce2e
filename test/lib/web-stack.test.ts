import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { matchesWildcard } from '#local/iam/wildcard.ts';
import { type Properties, resourcesOf, synthesizedStacks, synthesizeStage } from '../support/stacks.ts';

const { web: prod, api } = synthesizeStage('prod', { production: true });

const distributionOf = (web: Template): Properties => {
  const [[, { DistributionConfig }]] = resourcesOf(web, 'AWS::CloudFront::Distribution') as [[string, Properties]];
  return DistributionConfig;
};
const config = distributionOf(prod);
const policies = new Map(resourcesOf(prod, 'AWS::CloudFront::ResponseHeadersPolicy'));
const uploads = resourcesOf(prod, 'Custom::CDKBucketDeployment');

const FILES_READ = [
  { Action: 's3:GetObject', Resource: expect.objectContaining({ 'Fn::Join': expect.anything() }) },
  { Action: 's3:ListBucket', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^FilesBucket/), 'Arn'] } },
];

describe('the bucket', () => {
  test('is private and encrypted, and accepts no rights by object', () => {
    prod.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  test('is read by CloudFront alone, on behalf of the one distribution, and by nobody without TLS', () => {
    const [[, { PolicyDocument }]] = resourcesOf(prod, 'AWS::S3::BucketPolicy') as [[string, Properties]];
    const [denial, ...allowed] = PolicyDocument.Statement;
    const [[distributionId]] = resourcesOf(prod, 'AWS::CloudFront::Distribution') as [[string, Properties]];
    const ofAccount = [{ Ref: 'AWS::AccountId' }, ':distribution/', { Ref: distributionId }];
    // Both are the same: the stage's region says which partition it is.
    const arns = [
      ['arn:', { Ref: 'AWS::Partition' }, ':cloudfront::', ...ofAccount],
      ['arn:aws:cloudfront::', ...ofAccount],
    ];
    expect(denial).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(allowed).toEqual(
      FILES_READ.map((right, at) => ({
        ...right,
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': { 'Fn::Join': ['', arns[at]] } } },
      })),
    );
  });
});

describe('the distribution', () => {
  const behaviors: Properties[] = [...config.CacheBehaviors, { ...config.DefaultCacheBehavior, PathPattern: '*' }];
  const originOf = ({ TargetOriginId }: Properties): Properties =>
    config.Origins.find(({ Id }: Properties) => Id === TargetOriginId);
  const isCall = (behavior: Properties): boolean => originOf(behavior).CustomOriginConfig !== undefined;
  const calls = behaviors.filter(isCall);
  const files = behaviors.filter((behavior) => !isCall(behavior));

  test('asks in this order, so that no file takes a call of the API', () => {
    expect(behaviors.map((behavior) => [behavior.PathPattern, isCall(behavior) ? 'API' : 'files'])).toEqual([
      ['/api/*', 'API'],
      ['/devapi/*', 'API'],
      ['/.well-known/*', 'API'],
      ['/admin/api*', 'API'],
      ['/widget.js', 'files'],
      ['/widget/*', 'files'],
      ['/admin/assets/*', 'files'],
      ['/admin', 'files'],
      ['/admin/*', 'files'],
      ['*', 'API'],
    ]);
  });

  test('speaks HTTP/2 and HTTP/3, IPv6, and HTTPS alone; a credential that is sent in the clear fails', () => {
    expect(config).toMatchObject({ HttpVersion: 'http2and3', IPV6Enabled: true, Enabled: true });
    for (const { PathPattern, ViewerProtocolPolicy } of behaviors)
      expect([PathPattern, ViewerProtocolPolicy]).toEqual([
        PathPattern,
        /api|well-known/.test(PathPattern) ? 'https-only' : 'redirect-to-https',
      ]);
  });

  test('hands every call of the API on as it is, with all but its host, and keeps no answer', () => {
    for (const call of calls) {
      expect(call).toMatchObject({
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        // AWS's own: CachingDisabled and AllViewerExceptHostHeader.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        Compress: false,
      });
    }
  });

  test("adds to the API's answers that they are for HTTPS, and nothing that is the API's to say", () => {
    for (const { ResponseHeadersPolicyId } of calls) {
      const { ResponseHeadersPolicyConfig } = policies.get(ResponseHeadersPolicyId.Ref) as Properties;
      expect(ResponseHeadersPolicyConfig).toEqual({
        Comment: expect.any(String),
        Name: expect.any(String),
        SecurityHeadersConfig: {
          StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, IncludeSubdomains: false, Override: true },
        },
      });
    }
  });

  test('caches no refusal, which would be returned to callers with other credentials, and changes none', () => {
    const errors: Properties[] = config.CustomErrorResponses;
    for (const error of errors) expect(error).toEqual({ ErrorCode: expect.any(Number), ErrorCachingMinTTL: 0 });
    expect(errors.map(({ ErrorCode }) => ErrorCode)).toEqual([400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]);
  });

  test('calls the API at its stage, over TLS 1.2, and waits as long as it may take', () => {
    const origin = originOf(calls[0] as Properties);
    expect(origin.CustomOriginConfig).toEqual({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
      OriginReadTimeout: 30,
    });
    expect(JSON.stringify(origin.DomainName)).toMatch(/PublishOutputRefRestApi.*\.execute-api\.us-east-1\./);
    expect(JSON.stringify(origin.OriginPath)).toMatch(/PublishOutputRefRestApiDeploymentStageprod/);
  });

  test('serves files to readers only, by its own access control, without queries', () => {
    for (const file of files) {
      expect(file).toMatchObject({
        AllowedMethods: ['GET', 'HEAD'],
        // AWS's own: CachingOptimized, which looks at no query, header or cookie.
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        Compress: true,
      });
      expect(file).not.toHaveProperty('OriginRequestPolicyId');
      expect(originOf(file).OriginAccessControlId).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Id'] });
    }
    prod.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    });
  });

  const behaviorsWith = (event: string): Properties[] =>
    behaviors.filter(({ FunctionAssociations = [] }) =>
      FunctionAssociations.some(({ EventType }: Properties) => EventType === event),
    );

  test('runs its function where a page is asked for or the bare name, and on no call', () => {
    const asked = behaviorsWith('viewer-request');
    expect(asked.map(({ PathPattern }) => PathPattern)).toEqual(['/admin', '/admin/*', '*']);
    prod.allResourcesProperties('AWS::CloudFront::Function', { FunctionConfig: { Runtime: 'cloudfront-js-2.0' } });
  });

  test("says that any page may read the widget's files by a function, which CloudFront runs for requests without an Origin, too", () => {
    const said = behaviorsWith('viewer-response');
    expect(said.map(({ PathPattern }) => PathPattern)).toEqual(['/widget.js', '/widget/*']);
    const [[, code], ...others] = resourcesOf(prod, 'AWS::CloudFront::Function')
      .filter(([id]) => /AnyPage/.test(id))
      .map(([id, { FunctionCode }]): [string, string] => [id, FunctionCode]) as [[string, string]];
    expect([others, code]).toEqual([[], expect.stringContaining("'access-control-allow-origin'")]);
    for (const { FunctionAssociations } of said) expect(JSON.stringify(FunctionAssociations)).toMatch(/WebAnyPage/);
    // CloudFront adds these for requests with an Origin alone.
    for (const [, { ResponseHeadersPolicyConfig }] of policies)
      expect(ResponseHeadersPolicyConfig).not.toHaveProperty('CorsConfig');
  });
});

describe('the upload', () => {
  const WEB = join(import.meta.dirname, '../../dist/web');
  const built = readdirSync(WEB, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(WEB, join(entry.parentPath, entry.name)));
  const matches = (patterns: readonly string[], file: string): boolean =>
    patterns.some((pattern) => matchesWildcard(pattern, file));
  const keptOf = (file: string): string[] =>
    uploads
      .filter(([, { Exclude, Include }]) => matches(Include, file) || !matches(Exclude, file))
      .map(([, { SystemMetadata }]) => SystemMetadata['cache-control']);

  test('puts every file that is built into the bucket once, to be kept as long as its name is for', () => {
    expect(built.length).toBeGreaterThan(4);
    for (const file of built) {
      const named = /^widget\/\d|^admin\/assets\//.test(file);
      const floating = /^widget\.js$|^widget\/latest\.json$/.test(file);
      const kept = named
        ? 'public, max-age=31536000, immutable'
        : floating
          ? 'public, max-age=300, stale-while-revalidate=86400'
          : 'no-cache';
      expect([file, keptOf(file)]).toEqual([file, [kept]]);
    }
  });

  test('deletes nothing: former versions stay', () => {
    for (const [, { Prune, RetainOnDelete }] of uploads) expect([Prune, RetainOnDelete]).toEqual([false, undefined]);
  });

  test('names a file after it is there, and makes edges fetch again only what keeps its name', () => {
    const ids = uploads.map(([id]) => id);
    const after = ids.map((id) => prod.toJSON().Resources[id].DependsOn.filter((other: string) => ids.includes(other)));
    expect(ids.map((id) => id.replace(/Custom.*/, ''))).toEqual(['UploadImmutable', 'UploadFloating', 'UploadPages']);
    expect(after).toEqual([[], [ids[0]], [ids[1]]]);
    expect(uploads.map(([, { DistributionPaths }]) => DistributionPaths)).toEqual([
      undefined,
      ['/widget.js', '/widget/latest.json'],
      undefined,
    ]);
  });

  test('has one function, one layer, and no right but to write these files and to invalidate this distribution', () => {
    for (const type of ['AWS::Lambda::Function', 'AWS::Lambda::LayerVersion', 'AWS::IAM::Role', 'AWS::IAM::Policy'])
      prod.resourceCountIs(type, 1);
    const [[, { PolicyDocument }]] = resourcesOf(prod, 'AWS::IAM::Policy') as [[string, Properties]];
    expect(PolicyDocument.Statement.flatMap(({ Action }: Properties) => Action)).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'cloudfront:CreateInvalidation',
      'cloudfront:GetInvalidation',
    ]);
    expect(JSON.stringify(PolicyDocument)).toMatch(/-assets-.*\/[0-9a-f]{64}\.zip/);
  });

  test('keeps its lines as long as the stage keeps its logs', () => {
    prod.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    prod.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^UploadLogs') } },
    });
  });
});

describe('a name of its own', () => {
  const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0f9b';
  const domain = { name: 'web.example.com', certificateArn, hostedZoneId: 'Z0123' };
  const named = synthesizeStage('prod', { production: true, region: 'eu-west-1', web: { domain } }).web;

  test("takes TLS 1.2 or later under its certificate, and is the web's address", () => {
    expect(distributionOf(named)).toMatchObject({
      Aliases: ['web.example.com'],
      ViewerCertificate: { AcmCertificateArn: certificateArn, MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
    named.hasOutput('WebUrl', { Value: 'https://web.example.com/' });
    expect(config).not.toHaveProperty('ViewerCertificate');
  });

  test('has its records, for IPv4 and IPv6, where the zone is known', () => {
    const target = { 'Fn::GetAtt': [Match.stringLikeRegexp('^WebDistribution'), 'DomainName'] };
    for (const Type of ['A', 'AAAA'])
      named.hasResourceProperties('AWS::Route53::RecordSet', {
        Name: 'web.example.com',
        Type,
        HostedZoneId: 'Z0123',
        AliasTarget: { DNSName: target, HostedZoneId: 'Z2FDTNDATAQYW2' },
      });
    named.hasOutput('WebTarget', { Value: target });
    prod.resourceCountIs('AWS::Route53::RecordSet', 0);
  });
});

test('an API with a name of its own is called by that name, since its other address is closed', () => {
  const domain = { name: 'gate.example.com', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f9b' };
  const { web } = synthesizeStage('prod', { production: true, domain });
  const [origin] = distributionOf(web).Origins;
  expect(origin.DomainName).toBe('gate.example.com');
  expect(origin).not.toHaveProperty('OriginPath');
});

test("CloudFront marks its calls of the API in every stage, and only what needs the caller's address or checks session IDs knows the mark", () => {
  const { api, web } = synthesizeStage('prod', { production: true });
  const mark = { 'Fn::Select': [2, { 'Fn::Split': ['/', expect.anything()] }] };
  expect(distributionOf(web).Origins[0].OriginCustomHeaders).toEqual([
    { HeaderName: 'X-Widget-Gate-Edge', HeaderValue: mark },
  ]);
  const knowing = resourcesOf(api, 'AWS::Lambda::Function').filter(([, { Environment }]) =>
    JSON.stringify(Environment?.Variables ?? {}).includes('WIDGET_GATE_EDGE_MARK'),
  );
  const NAMES = [
    'AdminApi',
    'AdminAuthorizer',
    'AdminLogin',
    'AnalyticsEndpoint',
    'DataRouterEndpoint',
    'WidgetEndpoint',
  ];
  expect(knowing.map(([id]) => id.replace(/Function\w+$/, '')).sort()).toEqual(NAMES);
  expect(knowing[0]?.[1].Environment.Variables.WIDGET_GATE_EDGE_MARK).toEqual({
    'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }],
  });
});

describe('a rate by address, with a web before the API', () => {
  const waf = { requestsPer5Minutes: 3_000 };
  const { stacks } = synthesizedStacks('prod', { production: true, region: 'eu-west-1', waf }).app.synth();
  const templateOf = (part: string): Template => {
    const found = stacks.find(({ stackName }) => stackName === `WidgetGate-prod-${part}`);
    return Template.fromJSON(found?.template ?? { Resources: {} });
  };
  const aclOf = (template: Template): Properties =>
    (resourcesOf(template, 'AWS::WAFv2::WebACL') as [[string, Properties]])[0][1];
  const rateOf = (template: Template): Properties => aclOf(template).Rules[0].Statement.RateBasedStatement;

  test("is counted before CloudFront, by the callers' own addresses", () => {
    expect(stacks.find(({ stackName }) => stackName.endsWith('WebAcl'))?.environment.region).toBe('us-east-1');
    expect(aclOf(templateOf('WebAcl'))).toMatchObject({ Scope: 'CLOUDFRONT' });
    expect(rateOf(templateOf('WebAcl'))).toEqual({ AggregateKeyType: 'IP', Limit: 3_000, EvaluationWindowSec: 300 });
    expect(distributionOf(templateOf('Web')).WebACLId).toEqual({
      'Fn::GetStackOutput': expect.objectContaining({ StackName: 'WidgetGate-prod-WebAcl', Region: 'us-east-1' }),
    });
  });

  test('is counted before the API only for callers that bypass CloudFront, which lack a mark that nobody outside can know', () => {
    const mark = { 'Fn::Select': [2, { 'Fn::Split': ['/', expect.anything()] }] };
    expect(rateOf(templateOf('Api'))).toMatchObject({
      Limit: 3_000,
      ScopeDownStatement: {
        NotStatement: {
          Statement: {
            ByteMatchStatement: {
              FieldToMatch: { SingleHeader: { Name: 'x-widget-gate-edge' } },
              PositionalConstraint: 'EXACTLY',
              SearchString: { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] },
            },
          },
        },
      },
    });
    expect(distributionOf(templateOf('Web')).Origins[0].OriginCustomHeaders).toEqual([
      { HeaderName: 'X-Widget-Gate-Edge', HeaderValue: mark },
    ]);
  });

  test('and one by widget token is counted in the same two places', () => {
    const both = { ...waf, requestsPer5MinutesPerToken: 600 };
    const { app } = synthesizedStacks('prod', { production: true, region: 'eu-west-1', waf: both });
    const perToken = app
      .synth()
      .stacks.flatMap(({ template }) => resourcesOf(Template.fromJSON(template), 'AWS::WAFv2::WebACL'))
      .map(([, { Scope, Rules }]) => [Scope, Rules[1].Statement.RateBasedStatement] as const);
    const byToken: Properties = {
      AggregateKeyType: 'CUSTOM_KEYS',
      CustomKeys: [{ Header: { Name: 'x-widget-token', TextTransformations: [{ Priority: 0, Type: 'NONE' }] } }],
      EvaluationWindowSec: 300,
      Limit: 600,
    };
    expect(new Map(perToken)).toEqual(
      new Map([
        ['CLOUDFRONT', byToken],
        ['REGIONAL', { ...byToken, ScopeDownStatement: rateOf(templateOf('Api')).ScopeDownStatement }],
      ]),
    );
  });

  test("needs no stack of its own where CloudFront's web ACLs are", () => {
    const { app } = synthesizedStacks('prod', { production: true, region: 'us-east-1', waf });
    expect(app.synth().stacks.filter(({ stackName }) => stackName.endsWith('WebAcl'))).toEqual([]);
  });

  test('counts every call where there is no web', () => {
    const { api: alone } = synthesizeStage('prod', { production: true, waf, web: false });
    expect(rateOf(alone)).not.toHaveProperty('ScopeDownStatement');
  });
});

test("without a web the API's template is the same but for what the web reads of it", () => {
  const { api: alone } = synthesizeStage('prod', { production: true, web: false });
  expect(alone.toJSON().Resources).toEqual(api.toJSON().Resources);
});
