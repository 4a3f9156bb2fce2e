import { environment } from '#contract/environment.ts';
import { errors } from '#contract/errors.ts';
import { functions, watchers } from '#contract/functions.ts';
import { gatewayResponses } from '#contract/gateway-responses.ts';
import { type Route, routes } from '#contract/routes.ts';
import { type Properties, resourcesOf, type SynthesizedStage, synthesizeStage } from '../support/stacks.ts';

let dev: SynthesizedStage;
let prod: SynthesizedStage;
let methods: Map<string, Properties>;

beforeAll(() => {
  dev = synthesizeStage('dev', { production: false });
  const [upstreamUrl, analyticsUpstreamUrl, dataRouterUpstreamUrl] = ['a', 'b', 'c'].map(
    (name) => `https://${name}.example.com`,
  );
  prod = synthesizeStage('prod', {
    production: true,
    upstreamUrl,
    analyticsUpstreamUrl,
    dataRouterUpstreamUrl,
    upstreamCa: { secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:upstream-ca-AbCdEf' },
    canaryShopId: 'shop_canary',
    canaryOrigin: 'https://canary.example.com',
  });
  methods = methodsByRoute(prod);
});

/** Methods by `VERB /path`. */
function methodsByRoute({ api }: SynthesizedStage): Map<string, Properties> {
  const resources = new Map(resourcesOf(api, 'AWS::ApiGateway::Resource'));
  const pathOf = (reference: Properties): string => {
    const resource = resources.get(reference.Ref);
    return resource === undefined ? '' : `${pathOf(resource.ParentId)}/${resource.PathPart}`;
  };
  return new Map(
    resourcesOf(api, 'AWS::ApiGateway::Method').map(([, method]) => [
      `${method.HttpMethod} ${pathOf(method.ResourceId)}`,
      method,
    ]),
  );
}

test("the API has the route table's methods, an OPTIONS beside those for other origins, and no other", () => {
  const expected = routes.flatMap(({ method, path, crossOrigin }: Route) => [
    `${method} ${path}`,
    ...(crossOrigin === 'none' ? [] : [`OPTIONS ${path}`]),
  ]);
  expect([...methods.keys()].sort()).toEqual(expected.sort());
});

test.each(routes.map((route): [string, Route] => [`${route.method} ${route.path}`, route]))(
  '%s has an authorizer unless it is on the public list',
  (name, { auth }) => {
    const { AuthorizationType, AuthorizerId, Integration } = methods.get(name) as Properties;
    expect(AuthorizationType).toBe(auth === 'none' ? 'NONE' : 'CUSTOM');
    expect(AuthorizerId === undefined).toBe(auth === 'none');
    expect(Integration.Type).toBe('AWS_PROXY');
  },
);

test('the public routes are these and no more', () => {
  const open = [...methods].filter(
    ([name, { AuthorizationType }]) => AuthorizationType === 'NONE' && !name.startsWith('OPTIONS'),
  );
  expect(open.map(([name]) => name).sort()).toEqual([
    'ANY /api/auth/session',
    'GET /.well-known/jwks.json',
    'POST /admin/api/login',
    'POST /admin/api/login/challenge',
    'POST /admin/api/login/link',
    'POST /api/auth/temp-token',
    'POST /api/shops/{shopId}/widget-token',
    'POST /api/shops/{shopId}/widget-token/inspect',
    'POST /devapi/v4/core/login/token',
  ]);
});

test('OPTIONS needs no credential, and is answered by the gateway alone except where pages call with cookies', () => {
  for (const { path, crossOrigin } of routes as readonly Route[]) {
    if (crossOrigin === 'none') continue;
    const Type = crossOrigin === 'any' ? 'MOCK' : 'AWS_PROXY';
    expect(methods.get(`OPTIONS ${path}`)).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type } });
  }
});

test.each([
  ['widget', 'method.request.header.X-Widget-Token'],
  ['analytics', 'context.requestId'],
  ['data router', 'method.request.header.X-API-Key'],
  ['admin', 'method.request.header.Cookie'],
])('the %s authorizer is asked about every call with a %s and is never cached', (_name, source) => {
  prod.api.hasResourceProperties('AWS::ApiGateway::Authorizer', {
    Type: 'REQUEST',
    IdentitySource: source,
    AuthorizerResultTtlInSeconds: 0,
  });
});

test('the admin API answers no preflight, so no page of another origin can send what a change takes', () => {
  expect([...methods.keys()].filter((name) => name.startsWith('OPTIONS /admin'))).toEqual([]);
});

test.each(Object.entries(gatewayResponses))(
  "the gateway's %s says %s in the catalog's words, readable for a browser",
  (type, code) => {
    const response = resourcesOf(prod.api, 'AWS::ApiGateway::GatewayResponse').find(
      ([, { ResponseType }]) => ResponseType === type,
    )?.[1];
    expect(JSON.parse(response?.ResponseTemplates['application/json'])).toEqual({
      code,
      message: errors[code].message,
      requestId: '$context.requestId',
    });
    if (type !== 'DEFAULT_4XX') expect(response?.StatusCode).toBe(String(errors[code].status));
    expect(response?.ResponseParameters).toMatchObject({
      'gatewayresponse.header.Access-Control-Allow-Origin': 'method.request.header.Origin',
      'gatewayresponse.header.Access-Control-Allow-Credentials': "'true'",
      'gatewayresponse.header.Vary': "'Origin'",
      'gatewayresponse.header.Cache-Control': "'no-store'",
      'gatewayresponse.header.X-Content-Type-Options': "'nosniff'",
      'gatewayresponse.header.Content-Type': "'application/json'",
    });
    const retries = [429, 503].includes(errors[code].status);
    expect(Object.keys(response?.ResponseParameters ?? {}).includes('gatewayresponse.header.Retry-After')).toBe(
      retries,
    );
  },
);

test.each(['WAF_FILTERED', 'INVALID_SIGNATURE', 'INVALID_API_KEY', 'EXPIRED_TOKEN'] as const)(
  'a request that AWS turned away before us (%s) is forbidden, not unauthorized',
  (type) => {
    expect([gatewayResponses[type], errors[gatewayResponses[type]].status]).toEqual(['forbidden', 403]);
  },
);

test("a change of the gateway's answers is a change of the deployment, without which the stage would not know", () => {
  const [[, deployment]] = Object.entries(prod.api.findResources('AWS::ApiGateway::Deployment')) as [
    [string, Properties],
  ];
  const responses = Object.keys(prod.api.findResources('AWS::ApiGateway::GatewayResponse'));
  expect(responses.filter((id) => !deployment.DependsOn.includes(id))).toEqual([]);
});

test("a Deny is returned with the authorizer's own code and message", () => {
  prod.api.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
    ResponseType: 'ACCESS_DENIED',
    StatusCode: '403',
    ResponseTemplates: {
      'application/json':
        '{"code":"$context.authorizer.code","message":"$context.authorizer.message","requestId":"$context.requestId"}',
    },
  });
});

test("the API has its stage's name, by which CloudWatch distinguishes its metrics from another's", () => {
  prod.api.hasResourceProperties('AWS::ApiGateway::RestApi', { Name: 'widget-gate-prod' });
});

const ANY_METHOD = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** A route's own methods, as a stage's settings name them: API Gateway has no setting for ANY. */
const settledMethods = ({ method, crossOrigin }: Route): readonly string[] => {
  if (method === 'ANY') return ANY_METHOD;
  return crossOrigin === 'none' ? [method] : [method, 'OPTIONS'];
};
const settings = (): Properties[] => {
  const [[, stage]] = resourcesOf(prod.api, 'AWS::ApiGateway::Stage') as [[string, Properties]];
  return stage.MethodSettings;
};

test.each(
  (routes as readonly Route[]).flatMap((route) =>
    settledMethods(route).map((method): [string, string, Route] => [method, route.path, route]),
  ),
)('%s %s has the throttle of its route, and no other', (method, path, { throttle }) => {
  const resourcePath = `/${path.replaceAll('/', '~1')}`;
  const own = settings().filter(
    ({ HttpMethod, ResourcePath }) => HttpMethod === method && ResourcePath === resourcePath,
  );
  expect(own).toEqual([
    expect.objectContaining({
      ThrottlingRateLimit: throttle.ratePerSecond,
      ThrottlingBurstLimit: throttle.burst,
      DataTraceEnabled: false,
      MetricsEnabled: true,
    }),
  ]);
});

test('every method of the API has a throttle of its own, and all else shares one that is low', () => {
  const routed = (routes as readonly Route[]).flatMap((route) =>
    settledMethods(route).map((method) => `${method} /${route.path.replaceAll('/', '~1')}`),
  );
  const named = settings().map(({ HttpMethod, ResourcePath }) => `${HttpMethod} ${ResourcePath}`);
  expect(named.sort()).toEqual([...routed, '* /*'].sort());
  expect(settings().find(({ HttpMethod }) => HttpMethod === '*')).toMatchObject({
    ThrottlingRateLimit: 100,
    ThrottlingBurstLimit: 200,
    DataTraceEnabled: false,
  });
});

test('no route is faster than the whole API may be, and those of administrators are as fast as it: a few addresses must not use them up', () => {
  for (const { path, throttle } of routes as readonly Route[]) {
    const { ratePerSecond, burst } = throttle;
    expect([path, ratePerSecond <= 5_000, burst >= ratePerSecond]).toEqual([path, true, true]);
    if (path.startsWith('/admin')) expect([path, ratePerSecond]).toEqual([path, 5_000]);
  }
});

test('the access log names what happened and holds nothing that a client sent but its address and method', () => {
  const [[, stage]] = resourcesOf(prod.api, 'AWS::ApiGateway::Stage') as [[string, Properties]];
  const format = JSON.parse(stage.AccessLogSetting.Format) as Record<string, string>;
  expect(Object.keys(format)).toEqual(
    [
      'stage requestId extendedRequestId time ip method route status',
      'shopId keyId kind code errorType bytes latency authorizerLatency',
    ].flatMap((names) => names.split(' ')),
  );
  const variables = Object.values(format);
  // Ids that a customer gives to people and organizations may be e-mail addresses; claims and cookies are credentials or as good as such.
  expect(variables.join()).not.toMatch(/userId|clientId|appId|orgId|claims|renewed|sessionHash|arn|principalId/i);
  expect(variables).not.toContain('$context.path');
  expect(variables.join()).not.toMatch(/header|querystring|params|body|userAgent/i);
});

test('every permission names the API or the secret that may invoke', () => {
  const permissions = resourcesOf(prod.api, 'AWS::Lambda::Permission');
  const isOfSecret = ([, { Principal }]: [string, Properties]): boolean => Principal === 'secretsmanager.amazonaws.com';
  const others = permissions.filter((permission) => !isOfSecret(permission));
  for (const [functionName, secret] of [
    ['RingRotationFunction', 'RingSecret'],
    ['SigningKeyRotationFunction', 'SigningKeysSecret'],
  ]) {
    const [own, ...more] = permissions.filter(
      (permission) => isOfSecret(permission) && JSON.stringify(permission[1].FunctionName).includes(`${functionName}`),
    );
    expect(more).toEqual([]);
    expect(JSON.stringify(own?.[1].SourceArn)).toContain(`PublishOutputRef${secret}`);
  }
  for (const [, permission] of others) {
    expect(permission.Principal).toBe('apigateway.amazonaws.com');
    expect(JSON.stringify(permission.SourceArn)).toContain(':execute-api:');
    expect(JSON.stringify(permission.SourceArn)).not.toContain('test-invoke-stage');
  }
});

describe('functions', () => {
  test.each(Object.entries(functions))(
    "%s has its contract's memory, time and variables, and its own log group",
    (name, spec) => {
      const stack = (watchers as readonly string[]).includes(name) ? prod.operations : prod.api;
      const found = resourcesOf(stack, 'AWS::Lambda::Function').find(
        ([, { Description }]) => Description === spec.summary,
      )?.[1];
      expect(found).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: spec.memoryMegabytes,
        Timeout: spec.timeoutSeconds,
      });
      // The variable of an option that this stage leaves off: test/lib/options/streaming.test.ts.
      const stated = [...spec.environment, ...spec.optionalEnvironment].filter((name) => name !== 'upstreamStreaming');
      const names = stated.map((name) => environment[name]);
      expect(Object.keys(found?.Environment?.Variables ?? {}).sort()).toEqual(names.sort());
      expect(found?.LoggingConfig.LogGroup).toBeDefined();
    },
  );

  test('the login asks STS of its own region, in whatever partition that is', () => {
    const login = resourcesOf(prod.api, 'AWS::Lambda::Function').find(([id]) => id.startsWith('AdminLogin'));
    expect(login?.[1].Environment.Variables[environment.identityHost]).toEqual({
      'Fn::Join': ['', ['sts.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
    });
  });

  test('keys are live in production and test elsewhere', () => {
    const keyEnvironments = ({ api }: SynthesizedStage): unknown[] =>
      resourcesOf(api, 'AWS::Lambda::Function').flatMap(
        ([, { Environment }]) => Environment?.Variables?.[environment.keyEnvironment] ?? [],
      );
    expect(new Set(keyEnvironments(prod))).toEqual(new Set(['live']));
    expect(new Set(keyEnvironments(dev))).toEqual(new Set(['test']));
  });

  test('logs end after their retention', () => {
    for (const [, group] of resourcesOf(prod.api, 'AWS::Logs::LogGroup')) expect(group.RetentionInDays).toBe(90);
    for (const [, group] of resourcesOf(dev.api, 'AWS::Logs::LogGroup')) expect(group.RetentionInDays).toBe(14);
  });
});

test('no template or variable holds anything that looks like a secret', () => {
  for (const template of [dev.data, dev.api, dev.operations, prod.data, prod.api, prod.operations]) {
    const suspicious = stringsOf(template.toJSON()).filter(looksSecret);
    expect(suspicious).toEqual([]);
  }
  expect(looksSecret('sk_live_4fT9aQz1_8sKd02LmQpXz71VbNcTyRwEaUhJiGoFe3kZ9Qd')).toBe(true);
  expect(looksSecret('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08')).toBe(true);
});

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(stringsOf);
}

/** A run of 24 or more letters and digits with the entropy of a random one, except the asset hashes and ids that CDK makes. */
function looksSecret(text: string): boolean {
  if (
    /^[0-9a-f]{64}\.zip$/.test(text) ||
    /^(cdk-hnb659fds-assets|\/cdk-bootstrap\/)/.test(text) ||
    /^PublishOutput/.test(text)
  )
    return false;
  return (text.match(/[A-Za-z0-9+_-]{24,}/g) ?? []).some(
    (run) => /\d/.test(run) && entropyBits(run) > 3.6 && !isLogicalId(run),
  );
}

const isLogicalId = (run: string): boolean =>
  /^[A-Z][A-Za-z]+(4XX|5XX|devapiv4[a-z]+[A-Z]*)?[0-9A-F]{8}([A-Za-z0-9]{0,40})$/.test(run);

function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
