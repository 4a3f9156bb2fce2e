import { runSmoke, type Send, type SmokeReport, send } from '#lambda/watch/smoke.ts';
import { parseFaults } from '#local/faults.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { runCli } from '../support/run-cli.ts';

let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate();
});
afterAll(() => gate.close());

const targetOf = ({ host, shop }: RunningGate) => ({
  baseUrl: host.baseUrl,
  shopId: shop.shopId,
  apiKey: shop.apiKey,
  origin: shop.url,
});
const smoke = (more: object = {}, by: Send = send): Promise<SmokeReport> =>
  runSmoke({ ...targetOf(gate), ...more }, by, Date.now);

/** The steps that failed, with what they found. */
const failures = ({ ok, steps }: SmokeReport): string[] => {
  const failed = steps.filter((step) => !step.ok).map(({ name, found }) => `${name}: ${found}`);
  expect(ok).toBe(failed.length === 0);
  return failed;
};

test('a healthy gate issues, allows, and refuses what is tampered with, foreign or expired, each with its code', async () => {
  const { ok, steps } = await smoke();
  expect(steps.map(({ name, found }) => `${name}: ${found}`)).toEqual([
    'issue: 200',
    'allowed: 200',
    'tampered: 401 unauthorized',
    'wrong origin: 403 origin_not_allowed',
    'expired: 401 unauthorized',
  ]);
  expect(ok).toBe(true);
  for (const { milliseconds } of steps) expect(milliseconds).toBeLessThan(10_000);
  expect(steps.filter(({ requestId }) => requestId !== undefined)).toHaveLength(3);
});

test("every call with a token but the foreign one comes from the shop's page, for a gateway may demand an origin", async () => {
  const origins: (string | undefined)[] = [];
  await smoke({}, (call) => {
    if ('X-Widget-Token' in call.headers) origins.push(call.headers.Origin);
    return send(call);
  });
  expect(origins).toEqual([gate.shop.url, gate.shop.url, 'https://smoke-check.invalid', gate.shop.url]);
});

test('a report holds neither the key nor a token', async () => {
  const text = JSON.stringify([await smoke(), await smoke({ shopId: 'shop_other' })]);
  expect(text).not.toContain(gate.shop.apiKey.slice(-20));
  expect(text).not.toMatch(/[A-Za-z0-9+/]{80}/);
});

/** A gate that answers some calls otherwise than ours. */
const otherwise = (
  is: (headers: Readonly<Record<string, string>>, nth: number) => boolean,
  status: number,
  json: object,
): Send => {
  let calls = 0;
  return async (call) => (is(call.headers, ++calls) ? { status, json: json as Record<string, unknown> } : send(call));
};

const session = () => ({ shopId: gate.shop.shopId });

describe('a step fails at a gate that', () => {
  test.each<[string, () => Send, string[]]>([
    ['lets tampered tokens pass', () => otherwise((_h, nth) => nth === 3, 200, session()), ['tampered: 200']],
    ['lets foreign pages in', () => otherwise((_h, nth) => nth === 4, 200, session()), ['wrong origin: 200']],
    ['lets expired tokens pass', () => otherwise((_h, nth) => nth === 5, 200, session()), ['expired: 200']],
    [
      'refuses good calls',
      () => otherwise((_h, nth) => nth === 2, 401, { code: 'unauthorized' }),
      ['allowed: 401 unauthorized'],
    ],
    [
      "answers with another shop's session",
      () => otherwise((_h, nth) => nth === 2, 200, { shopId: 'shop_other' }),
      ["allowed: another shop's session"],
    ],
    [
      'issues what the key did not sign',
      () => otherwise((_h, nth) => nth === 1, 200, { token: gate.signToken(0, 'sk_test_other', gate.shop.shopId) }),
      [
        'issue: a token that the key did not sign for this shop',
        'allowed: no token to try it with',
        'tampered: no token to try it with',
        'wrong origin: no token to try it with',
      ],
    ],
    [
      'reports another reason for a page of another site',
      () => otherwise((_h, nth) => nth === 4, 403, { code: 'forbidden' }),
      ['wrong origin: 403 forbidden'],
    ],
    [
      'refuses as a proxy does',
      () => otherwise((_h, nth) => nth === 3, 401, { code: '<b>no</b>' }),
      ['tampered: 401 without a known code'],
    ],
    [
      'says 503',
      () => otherwise(() => true, 503, { code: 'service_unavailable' }),
      [
        'issue: 503 service_unavailable',
        'allowed: no token to try it with',
        'tampered: no token to try it with',
        'wrong origin: no token to try it with',
        'expired: 503 service_unavailable',
      ],
    ],
  ])('%s', async (_name, by, expected) => {
    expect(failures(await smoke({}, by()))).toEqual(expected);
  });

  test('does not answer', async () => {
    const [first] = failures(await smoke({ baseUrl: 'http://127.0.0.1:1' }));
    expect(first).toBe('issue: no answer (Error)');
  });

  test('has no store', async () => {
    const { shopId, apiKey } = await gate.createShop('https://fresh.example.com');
    gate.host.setFaults(parseFaults('dynamodb:down'));
    const found = failures(await smoke({ shopId, apiKey }));
    gate.host.setFaults(parseFaults(''));
    expect(found[0]).toMatch(/^issue: 503 service_unavailable/);
  });

  test('does not allow the origin', async () => {
    expect(failures(await smoke({ origin: 'https://other.example.com' }))).toEqual(['allowed: 403 origin_not_allowed']);
  });

  test('knows another key', async () => {
    const other = await gate.createShop('https://other.example.com');
    expect(failures(await smoke({ apiKey: other.apiKey }))[0]).toBe('issue: 403 wrong_shop');
  });
});

describe('widget-gate smoke', () => {
  const cli = (args: string[], input: { stdin?: string; env?: Record<string, string> }) =>
    runCli(['smoke', '--url', gate.host.baseUrl, ...args], input);

  test('reports each step and ends with 0, with the key from the environment or stdin', async () => {
    const args = ['--shop', gate.shop.shopId, '--origin', gate.shop.url];
    const ran = await cli(args, { env: { WIDGET_GATE_SHOP_API_KEY: gate.shop.apiKey } });
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout.match(/^ok /gm)).toHaveLength(5);
    const { code, stdout } = await cli([...args, '--json'], { stdin: `${gate.shop.apiKey}\n` });
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true, steps: Array(5).fill({ ok: true }) }]);
  });

  test('ends with 1 and reports what was found when a step fails', async () => {
    const { code, stdout } = await cli(['--shop', gate.shop.shopId, '--origin', 'https://other.example.com'], {
      stdin: gate.shop.apiKey,
    });
    expect([code, stdout]).toEqual([1, expect.stringContaining('403 origin_not_allowed, not 200')]);
  });

  test.each<[string, string[], string]>([
    ['without a shop', [], 'Specify the shop with --shop.'],
    ['with a key as an argument', ['--shop', 'sk_test_12345678_x'], 'An argument is a secret'],
  ])('fails %s', async (_name, args, message) => {
    const { code, stderr } = await cli(args, { stdin: 'x' });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
