import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityRequest } from '#lambda/admin-login/challenge.ts';
import type { AwsUser } from '../support/admin.ts';
import { keyEnvironment } from '../support/cli-gate.ts';
import { type Asked, type FakeAnswer, type FakeGate, startFakeGate } from '../support/fake-gate.ts';
import { runMain as runCli } from '../support/run-main.ts';

const user: AwsUser = { userName: 'alice', accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'never-to-be-seen' };
const refusal = (status: number, code: string, headers = {}): FakeAnswer => ({
  status,
  headers,
  body: { code, message: `Sentence on ${code}.`, requestId: 'r' },
});

let directory: string;
let gate: FakeGate | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'widget-gate-cli-'));
});
afterEach(async () => {
  await gate?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function answerWith(answer: (asked: Asked, nth: number) => FakeAnswer, stage = ''): Promise<FakeGate> {
  gate = await startFakeGate(answer);
  const session = { cookie: '__Host-widget-gate-admin=abc', userName: 'alice', createdAt: Date.now() / 1_000 };
  const sessions = JSON.stringify({ [`${gate.baseUrl}${stage}`]: session });
  writeFileSync(join(directory, 'sessions.json'), sessions, { mode: 0o600 });
  return gate;
}

const run = (command: string, stage = '') =>
  runCli([...command.split(' '), '--url', `${gate?.baseUrl}${stage}`], {
    env: { HOME: directory, WIDGET_GATE_SESSION_FILE: join(directory, 'sessions.json'), ...keyEnvironment(user) },
    stdin: 'a-token\n',
  });

test.each<[string, object, string]>([
  ['was never used', {}, 'created 2023-11-14T22:13:20Z'],
  ['was used three minutes ago', { lastUsedAt: Math.floor(Date.now() / 1_000) - 180 }, 'used within the last hour'],
  [
    'was used in an hour before',
    { lastUsedAt: 1_700_002_800 },
    'last used between 2023-11-14T23:00Z and 2023-11-15T00:00Z',
  ],
])('service-keys list says of a key that %s no more than the gate knows', async (_when, used, words) => {
  const key = { keyId: 'AAAAAAAA', purpose: 'analytics', label: 'portal', createdAt: 1_700_000_000 };
  const grain = 'lastUsedAt' in used && { lastUsedGrainSeconds: 3_600 };
  await answerWith(() => ({ status: 200, body: { serviceKeys: [{ ...key, allowedOrigins: [], ...used, ...grain }] } }));
  const { stdout } = await run('service-keys list');
  expect(stdout).toContain(words);
  expect(stdout.includes('used')).toBe('lastUsedAt' in used);
});

describe('a gate that dictates something else than who-am-I gets no signature:', () => {
  const dictate = (changes: object = {}, seconds = Date.now() / 1_000) => {
    const endpoint = { region: 'eu-west-1', host: 'sts.eu-west-1.amazonaws.com', deployment: 'd' };
    const { host, region, amzDate, headers, body } = identityRequest(
      { id: 'i', issuedAt: Math.floor(seconds) },
      endpoint,
    );
    return { challenge: 'c', host, region, amzDate, headers, body, expiresIn: 60, ...changes };
  };
  const { headers } = dictate();

  test.each<[string, () => object]>([
    ['another host', () => dictate({ host: 'evil.example' })],
    [
      'another service',
      () => dictate({ host: 'iam.amazonaws.com', headers: { ...headers, host: 'iam.amazonaws.com' } }),
    ],
    ['another body', () => dictate({ body: 'Action=AssumeRole&Version=2011-06-15' })],
    ['a further header', () => dictate({ headers: { ...headers, 'x-amz-target': 'x' } })],
    ['another region', () => dictate({ region: 'us-east-1/s3' })],
    ['another day', () => dictate({}, Date.now() / 1_000 + 86_400)],
    ['nothing', () => ({})],
  ])('%s', async (_what, challenge) => {
    const { asked } = await answerWith(() => ({ status: 200, body: challenge() }));
    const { code, stdout, stderr } = await run('login --user alice');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^widget-gate: challenge_refused: Nothing was signed: .*Check its URL, and who operates it\.\n$/,
    );
    expect(asked.map(({ call }) => call)).toEqual(['POST /admin/api/login/challenge']);
    expect(JSON.stringify(asked)).not.toMatch(/never-to-be-seen|AKIA|__Host-/);
  });

  test('and an honest one gets user, key id and signature, and nothing more', async () => {
    const { asked } = await answerWith(({ call }) =>
      call.endsWith('/challenge') ? { status: 200, body: dictate() } : refusal(401, 'login_failed'),
    );
    const { code, stderr } = await run('login --user alice');
    expect([code, stderr]).toEqual([1, 'widget-gate: login_failed: Sentence on login_failed.\n']);
    expect(JSON.parse(asked[1]?.body ?? '')).toEqual({
      challenge: 'c',
      userName: 'alice',
      accessKeyId: user.accessKeyId,
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(asked)).not.toMatch(/never-to-be-seen|__Host-/);
  });

  test.each(['', 'other=abc', '__Host-widget-gate-admin=a b', '__Host-widget-gate-admin='])(
    'and one that answers with the cookie %j made no session',
    async (cookie) => {
      await answerWith(({ call }) => ({
        status: 200,
        body: call.endsWith('/challenge') ? dictate() : {},
        headers: cookie === '' ? {} : { 'Set-Cookie': cookie },
      }));
      expect((await run('login --user alice')).code).toBe(3);
    },
  );
});

test.each([{}, { code: 1 }, { code: '' }, { code: 'a b' }, { code: `${'a'.repeat(43)}\u001b[2J` }])(
  'a gate that answers %j gave no link, and none is printed',
  async (body) => {
    await answerWith(() => ({ status: 200, body }));
    const { code, stdout, stderr } = await run('login --browser');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^widget-gate: not_reachable: The gate answered without a link/);
  },
);

describe('a busy gate', () => {
  test.each([
    [429, 'too_many_requests'],
    [503, 'service_unavailable'],
  ])('that answers %d is asked twice again, after Retry-After', async (status, code) => {
    const { asked } = await answerWith(() => refusal(status, code, { 'Retry-After': '0' }));
    const { code: exitCode, stderr } = await run('shops show shop_one');
    expect([exitCode, stderr]).toEqual([1, `widget-gate: ${code}: Sentence on ${code}.\n`]);
    expect(asked).toHaveLength(3);
  });

  test('is waited for as long as it says', async () => {
    const start = Date.now();
    await answerWith((_asked, nth) =>
      nth === 1
        ? refusal(503, 'service_unavailable', { 'Retry-After': '1' })
        : { status: 200, body: { userName: 'a' } },
    );
    expect((await run('whoami --json')).code).toBe(0);
    expect(Date.now() - start).toBeGreaterThan(1_000);
  });

  test('gets a creation again under the same client token; the key that was lost is reported', async () => {
    const shop = { shopId: 's', url: 'u', origins: [], keys: [], createdAt: 0, tokensNotBefore: 0 };
    const { asked } = await answerWith((_asked, nth) =>
      nth === 1 ? refusal(503, 'service_unavailable', { 'Retry-After': '0' }) : { status: 200, body: shop },
    );
    expect((await run('shops create https://a.example')).stdout).toMatch(/"keys reset"\.\n$/);
    const tokens = asked.map(({ body }) => (JSON.parse(body) as { clientToken: string }).clientToken);
    expect(tokens).toEqual([expect.stringMatching(/^[\w-]{36}$/), tokens[0]]);
  });
});

describe('what is sent', () => {
  const grant = (): FakeAnswer => ({ status: 200, body: { allowed: true } });

  test('goes below the stage of the URL, with the cookie', async () => {
    const { asked } = await answerWith(grant, '/prod');
    await run('origins test shop_one https://a.example', '//prod//');
    await run('tokens mint shop_one', '/prod');
    expect(asked.map(({ call }) => call)).toEqual([
      'POST /prod/admin/api/shops/shop_one/origins/test',
      'POST /prod/api/shops/shop_one/widget-token',
    ]);
    expect(asked.map(({ headers }) => headers.cookie)).toEqual(['__Host-widget-gate-admin=abc', undefined]);
  });

  test.each([
    ['keys retire shop_one --expected-version 7', 'POST /admin/api/shops/shop_one/keys/retire', '"7"', 'widget-gate'],
    ['shops pause shop_one', 'PATCH /admin/api/shops/shop_one', undefined, 'widget-gate'],
    [
      'audit list --from 2026-01-01 --to 2026-01-01',
      'GET /admin/api/audit?from=2026-01-01T00%3A00%3A00.000Z&to=2026-01-01T23%3A59%3A59.999Z',
      undefined,
      undefined,
    ],
    ['shops show shop_one', 'GET /admin/api/shops/shop_one', undefined, undefined],
    [
      'audit list --shop refused/s --actor a --action x --code c --request-id r --from 2026-01-01 --to 2026-01-02T00:00Z --limit 3',
      'GET /admin/api/audit?subject=refused%2Fs&actor=a&performed=x&code=c&requestId=r&from=2026-01-01T00%3A00%3A00.000Z&to=2026-01-02T00%3A00%3A00.000Z&limit=3',
      undefined,
      undefined,
    ],
  ])('by "%s"', async (command, call, ifMatch, requestedWith) => {
    const { asked } = await answerWith(() => refusal(404, 'not_found'));
    await run(command);
    const { headers } = asked[0] as Asked;
    expect([asked[0]?.call, headers['if-match'], headers['x-requested-with']]).toEqual([call, ifMatch, requestedWith]);
  });
});

describe('what answers in another shape is not a gate', () => {
  test.each<[string, FakeAnswer]>([
    ['a page', { status: 404, body: '<h1>Not here</h1>' }],
    ['API Gateway for another path', { status: 403, body: { message: 'Missing Authentication Token' } }],
    ['a redirect, which is not followed', { status: 302, headers: { Location: 'https://evil.example' } }],
  ])('%s', async (_what, answer) => {
    const { asked } = await answerWith(() => answer);
    const { code, stderr } = await run('shops list');
    expect([code, stderr]).toEqual([3, expect.stringMatching(/is not a Widget Gate .*check the URL and its path/)]);
    expect(asked).toHaveLength(1);
  });
});

describe('doctor', () => {
  const answers = new Map<string, FakeAnswer>();
  const healthy = async () => {
    answers.set('session', { status: 200, body: { arn: 'arn:alice' } });
    answers.set('status', {
      status: 200,
      body: { deployment: 'd', keyEnvironment: 'test', shopTable: true, ring: true },
    });
    answers.set('stranger', refusal(401, 'unauthorized'));
    await answerWith(({ call, headers }) => {
      const name = headers.cookie === undefined ? 'stranger' : (call.split('/').at(-1) ?? '');
      return answers.get(name) ?? { status: 404 };
    });
  };
  const failedChecks = async (): Promise<[number | null, string[]]> => {
    const { code, stdout } = await run('doctor --json');
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean }[] };
    return [code, checks.filter(({ ok }) => !ok).map(({ name }) => name)];
  };

  test('finds nothing wrong with a healthy gate', async () => {
    await healthy();
    expect(await failedChecks()).toEqual([0, []]);
    expect((await run('doctor')).stdout.match(/^\S+ +.*?(?= {2})/gm)).toEqual([
      'ok  base URL reachable',
      'ok  TLS or loopback',
      'ok  API',
      'ok  clock',
      'ok  session',
      'ok  status',
    ]);
  });

  test.each<[string, string, FakeAnswer]>([
    ['session', 'session', refusal(401, 'unauthorized')],
    ['status', 'status', { status: 200, body: { deployment: 'd', shopTable: true, ring: false } }],
    ['status', 'status', refusal(500, 'failed')],
    ['API', 'stranger', { status: 404, body: '<h1>' }],
    ['clock', 'stranger', refusal(401, 'unauthorized', { Date: new Date(Date.now() - 400_000).toUTCString() })],
    ['clock', 'stranger', refusal(401, 'unauthorized', { Date: 'now' })],
  ])('finds the %s failed when the %s answers otherwise', async (name, call, answer) => {
    await healthy();
    answers.set(call, answer);
    expect(await failedChecks()).toEqual([1, [name]]);
  });

  test('says what to do when nothing answers', async () => {
    await healthy();
    await gate?.close();
    const { code, stdout } = await run('doctor');
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^failed {2}base URL reachable {2}The gate at .* does not respond/),
    ]);
  });
});
