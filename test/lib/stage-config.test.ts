import { readOrigin } from '#lambda/shops/origin.ts';
import { readStageConfig } from '#lib/stage-config.ts';
import { originProblem } from '#lib/stage-origins.ts';

const isStoredAsItIs = (origin: string, production: boolean): boolean => {
  const stored = readOrigin(origin, { production });
  return stored.ok && stored.value === origin;
};
const read = (config: unknown, stage = 'dev') => readStageConfig(stage, { [stage]: config });

test('a stage needs only to say whether it is production', () => {
  expect(read({ production: false })).toEqual({
    stage: 'dev',
    production: false,
    account: undefined,
    region: 'us-east-1',
    deploymentName: 'widget-gate',
    allowedOrigins: [],
    upstreamUrl: undefined,
    analyticsUpstreamUrl: undefined,
    dataRouterUpstreamUrl: undefined,
    devKeys: false,
    adminGroupName: 'Qrvey-Admin-dev',
    auditRetentionDays: 400,
    logRetentionDays: 14,
    tracing: false,
    alarmEmail: undefined,
    canaryShopId: undefined,
    canaryOrigin: undefined,
    tags: {},
    authorizerCacheSeconds: 0,
    replicaRegions: [],
    upstreamTimeoutSeconds: 10,
    upstreamStreaming: false,
    reservedConcurrency: undefined,
    web: {},
  });
});

test('production keeps logs for 90 days and has the plain admin group', () => {
  expect(read({ production: true }, 'prod')).toMatchObject({ adminGroupName: 'Qrvey-Admin', logRetentionDays: 90 });
});

test.each<[string, object, boolean]>([
  ['a public API', {}, true],
  ['a stage that turns it on', { web: true }, true],
  ['a stage that turns it off', { web: false }, false],
  ['a private API', { private: { vpcEndpointIds: ['vpce-0123abcd'] } }, false],
  ['a region of China', { region: 'cn-north-1' }, false],
  ['a region of GovCloud', { region: 'us-gov-west-1' }, false],
])("the web is on by default but where CloudFront can't be: %s", (_name, config, on) => {
  expect(read({ production: false, ...config }).web !== undefined).toBe(on);
});

test('account and region are taken from the AWS credentials unless the stage names them', () => {
  const defaults = { account: '111111111111', region: 'eu-west-1' };
  expect(readStageConfig('dev', { dev: { production: false } }, defaults)).toMatchObject(defaults);
  const own = { account: '222222222222', region: 'eu-central-1' };
  expect(readStageConfig('dev', { dev: { production: false, ...own } }, defaults)).toMatchObject(own);
});

test.each([
  'https://a.example.com',
  'https://*.example.com',
  'http://localhost:3000',
  'http://localhost:*',
  'http://127.0.0.1:*',
])('outside production the origin %s is allowed', (origin) => {
  expect(read({ production: false, allowedOrigins: [origin] }).allowedOrigins).toEqual([origin]);
});

const origins = [
  'https://a.example.com',
  'https://a.example.com:8443',
  'https://a.example.com:443',
  'https://A.example.com',
  'https://a.example.com.',
  'https://a..example.com',
  'https://-a.example.com',
  'https://a-.example.com',
  'https://a_b.example.com',
  `https://${'a'.repeat(64)}.example.com`,
  `https://${'a.'.repeat(126)}example.com`,
  'https://bücher.example',
  'https://xn--bcher-kva.example',
  'https://user@a.example.com',
  'https://a.example.com/',
  'https://a.example.com?x',
  'https://example',
  'https://192.0.2.1',
  'https://0x7f.1',
  'https://[2001:db8::1]',
  'https://*.example.com',
  'https://*.example.com:8443',
  'https://*.com',
  'https://*.*.example.com',
  'https://a.*.example.com',
  'https://*.192.0.2.1',
  'https://*.localhost',
  'https://*',
  'http://*.example.com',
  'http://a.example.com',
  'http://localhost',
  'http://localhost:3000',
  'https://localhost',
  'https://app.localhost',
  'http://127.0.0.1:3000',
  'http://127.0.0.2',
  'http://[::1]:3000',
  'ftp://localhost',
  'null',
  '*',
  '',
];

test.each(origins)('the origin %j is allowed for a stage exactly when a shop may register it', (origin) => {
  for (const production of [true, false])
    expect([production, originProblem(origin, production) === undefined]).toEqual([
      production,
      isStoredAsItIs(origin, production),
    ]);
});

describe("fails with the member's name for", () => {
  test.each<[string, unknown, RegExp]>([
    ['no production', {}, /^stages\.dev\.production: is required$/],
    ['a stage that is not an object', 'prod', /^stages\.dev: must be an object$/],
    ['a production that is not a boolean', { production: 'yes' }, /stages\.dev\.production/],
    [
      'an unknown member',
      { production: false, alowedOrigins: [] },
      /stages\.dev\.alowedOrigins: unknown member; allowed are production, .*allowedOrigins/,
    ],
    [
      'a boundary that is not a policy',
      { production: false, permissionsBoundary: 'a b' },
      /permissionsBoundary: must be the name/,
    ],
    ['an invalid account', { production: false, account: '1' }, /stages\.dev\.account: must be 12 digits/],
    ['an invalid region', { production: false, region: 'Europe' }, /stages\.dev\.region/],
    ['a retention that CloudWatch lacks', { production: false, logRetentionDays: 13 }, /stages\.dev\.logRetentionDays/],
    [
      'a group name with a space',
      { production: false, adminGroupName: 'Qrvey Admin' },
      /adminGroupName: .*without spaces.*Qrvey Admin/,
    ],
    [
      'an origin with a path',
      { production: false, allowedOrigins: ['https://a.example.com/x'] },
      /allowedOrigins: "https:\/\/a\.example\.com\/x"/,
    ],
    ['an origin over http', { production: false, allowedOrigins: ['http://a.example.com'] }, /is not https/],
    [
      'an open port of a public host',
      { production: false, allowedOrigins: ['https://a.example.com:*'] },
      /leaves the port open/,
    ],
    ['an IP address', { production: false, allowedOrigins: ['https://192.0.2.1'] }, /IP address/],
    ['a star alone', { production: false, allowedOrigins: ['*'] }, /is not an origin/],
    ['a star over a top-level domain', { production: false, allowedOrigins: ['https://*.com'] }, /single label/],
    [
      'loopback in production',
      { production: true, allowedOrigins: ['http://localhost:3000'] },
      /loopback origin, which production refuses/,
    ],
    [
      'a name below localhost in production',
      { production: true, allowedOrigins: ['https://app.localhost'] },
      /loopback/,
    ],
    ['https loopback in production', { production: true, allowedOrigins: ['https://localhost'] }, /loopback/],
    ['any loopback port in production', { production: true, allowedOrigins: ['http://127.0.0.1:*'] }, /loopback/],
    [
      'an upstream over http',
      { production: false, upstreamUrl: 'http://up.example.com' },
      /upstreamUrl: must begin with https:\/\/; outside production, http/,
    ],
    [
      'a loopback upstream in production',
      { production: true, upstreamUrl: 'http://localhost:9' },
      /upstreamUrl: must begin with https:\/\/; outside production, http/,
    ],
    [
      'an upstream with a credential',
      { production: false, upstreamUrl: 'https://a:b@up.example.com' },
      /must not have a user name or a password/,
    ],
    ['an upstream with a query', { production: false, upstreamUrl: 'https://up.example.com/?x' }, /query/],
    ['an upstream with an empty query', { production: false, upstreamUrl: 'https://up.example.com/?' }, /query/],
    ['an upstream with an empty fragment', { production: false, upstreamUrl: 'https://up.example.com/#' }, /fragment/],
    [
      'an upstream that is read otherwise than it is written',
      { production: false, upstreamUrl: 'https://up.example.com/a/../b' },
      /must be written as https:\/\/up\.example\.com\/b$/,
    ],
    ['an upstream after a space', { production: false, upstreamUrl: ' https://up.example.com' }, /must be written as/],
    ['a loopback origin of another scheme', { production: false, allowedOrigins: ['ftp://localhost'] }, /is not https/],
    ['a pattern over loopback', { production: false, allowedOrigins: ['https://*.localhost'] }, /over loopback names/],
    ['an invalid alarm address', { production: false, alarmEmail: 'ops' }, /alarmEmail: must be an e-mail/],
    ['an invalid canary shop', { production: false, canaryShopId: 'a b' }, /canaryShopId: must be a shop id/],
    [
      'a canary origin over http',
      { production: false, canaryShopId: 'a', canaryOrigin: 'http://a.example.com' },
      /canaryOrigin: it is not https/,
    ],
    ['an origin of no canary', { production: false, canaryOrigin: 'https://a.example.com' }, /without canaryShopId/],
    [
      'an upstream that is not an URL',
      { production: false, upstreamUrl: '127.0.0.1:9000' },
      /upstreamUrl: must be a URL, such as/,
    ],
    ['an upstream without a scheme', { production: false, upstreamUrl: 'localhost:9000' }, /must begin with https/],
    [
      'an option that is not an object',
      { production: false, upstreamUrl: 'https://up.example.com', reservedConcurrency: 50 },
      /^stages\.dev\.reservedConcurrency: must be an object$/,
    ],
    [
      'an analytics upstream over http',
      { production: false, analyticsUpstreamUrl: 'http://up.example.com' },
      /^stages\.dev\.analyticsUpstreamUrl: must begin with https/,
    ],
    [
      'a data router upstream with a credential',
      { production: false, dataRouterUpstreamUrl: 'https://a:b@up.example.com' },
      /^stages\.dev\.dataRouterUpstreamUrl: must not have a user name or a password; let/,
    ],
    [
      'dev keys in production',
      { production: true, devKeys: true },
      /^stages\.dev\.devKeys: dev keys are readable in a page, so production rejects them/,
    ],
    ['dev keys that are not boolean', { production: false, devKeys: 'true' }, /^stages\.dev\.devKeys: /],
  ])('%s', (_name, config, message) => {
    expect(() => read(config)).toThrow(message);
  });

  test('a stage that is not there, and lists the existing ones', () => {
    expect(() => readStageConfig('test', { dev: {}, prod: {} })).toThrow(
      'no stage "test" in cdk.json; available: dev, prod',
    );
    expect(() => readStageConfig('constructor', {})).toThrow('no stage "constructor"');
    expect(() => readStageConfig('dev', undefined)).toThrow('available: none');
  });

  test.each(['', 'Prod', 'a b', '../x', 'a'.repeat(17)])('the stage name %j', (stage) => {
    expect(() => readStageConfig(stage, {})).toThrow('is not a valid stage name');
  });
});
