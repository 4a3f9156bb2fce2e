import { environment } from '#contract/environment.ts';
import { type Asked, type FakeGate, startFakeGate } from '#test/support/fake-gate.ts';
import { type RunningGate, startGate } from '#test/support/gate.ts';

let gate: RunningGate;
let secrets: FakeGate;
let secret: { status: number; body: object };
let lines: Record<string, unknown>[];
let watchers: { canary: () => Promise<void>; ringAge: () => Promise<void> };

beforeAll(async () => {
  gate = await startGate();
  // Then the canary must call as the shop's page.
  await gate.administer({ action: 'set-switches', shopId: gate.shop.shopId, switches: { requireOrigin: true } });
  secrets = await startFakeGate(() => secret);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: secrets.baseUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-key',
    [environment.deployment]: 'widget-gate:000000000000:dev',
    [environment.ringSecret]: 'arn:ring',
    [environment.signingSecret]: 'arn:signing-keys',
    [environment.gateUrl]: `${gate.host.baseUrl}/`,
    [environment.canaryShopId]: gate.shop.shopId,
    [environment.canaryOrigin]: gate.shop.url,
    [environment.canaryKeySecret]: 'arn:canary-key',
  });
  // Only now: they read their variables when they are loaded.
  const { handler: canary } = jest.requireActual<{ handler: () => Promise<void> }>('#lambda/watch/canary.handler.ts');
  const { handler: ringAge } = jest.requireActual<{ handler: () => Promise<void> }>(
    '#lambda/watch/ring-age.handler.ts',
  );
  watchers = { canary, ringAge };
});
afterAll(() => Promise.all([gate.close(), secrets.close()]));
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(JSON.parse(String(text))) > 0);
});
afterEach(() => jest.restoreAllMocks());

const describeAsked = ({ headers, body }: Asked) => [headers['x-amz-target'], JSON.parse(body).SecretId];
const asked = () => describeAsked(secrets.asked.at(-1) as Asked);

describe('the canary', () => {
  test('counts a pass and a failure of zero, so that its silence is distinguished from its success', async () => {
    secret = { status: 200, body: { SecretString: `${gate.shop.apiKey}\n` } };
    await watchers.canary();
    expect(lines).toMatchObject([{ service: 'canary', smoke_passed: 1, smoke_failed: 0 }]);
    expect(asked()).toEqual(['secretsmanager.GetSecretValue', 'arn:canary-key']);
  });

  test('counts a failure and logs the step, never the key', async () => {
    secret = { status: 200, body: { SecretString: 'sk_test_12345678_nobodysKeyOfOldTimes' } };
    await watchers.canary();
    expect(lines[0]).toMatchObject({ event: 'smoke_failed', action: 'issue', requestId: expect.any(String) });
    expect(lines.at(-1)).toMatchObject({ smoke_passed: 0, smoke_failed: 1 });
    expect(JSON.stringify(lines)).not.toContain('nobodysKey');
  });

  test.each<[string, { status: number; body: object }]>([
    ['is empty', { status: 400, body: { __type: 'ResourceNotFoundException' } }],
    ['has only spaces', { status: 200, body: { SecretString: ' \n' } }],
    ['can not be read', { status: 400, body: { __type: 'AccessDeniedException' } }],
    ['has what no header can carry', { status: 200, body: { SecretString: 'a\nb' } }],
  ])('counts a failure while its secret %s', async (_name, answer) => {
    secret = answer;
    await watchers.canary();
    expect(lines[0]).toMatchObject({ event: 'smoke_failed' });
    expect(lines.at(-1)).toMatchObject({ smoke_passed: 0, smoke_failed: 1 });
  });
});

describe('the age of the ring and of the signing keys', () => {
  const daysAgo = (days: number): number => Date.now() / 1_000 - days * 86_400;

  test.each<[string, object, number]>([
    ['its last rotation', { LastRotatedDate: daysAgo(3.5), CreatedDate: daysAgo(400) }, 3.5],
    ['its creation, while it was never rotated', { CreatedDate: daysAgo(400) }, 400],
  ])('is that of %s, and neither secret is read', async (_name, body, days) => {
    secret = { status: 200, body };
    await watchers.ringAge();
    expect(lines).toMatchObject([{ service: 'ring-age', ring_age_days: days, signing_key_age_days: days }]);
    expect(secrets.asked.slice(-2).map(describeAsked)).toEqual([
      ['secretsmanager.DescribeSecret', 'arn:ring'],
      ['secretsmanager.DescribeSecret', 'arn:signing-keys'],
    ]);
  });

  test('fails when it is unknown, which an alarm watches, rather than be a number', async () => {
    secret = { status: 200, body: {} };
    await expect(watchers.ringAge()).rejects.toThrow('no date');
    expect(lines).toEqual([]);
  });
});
