import { type CliGate, startCliGate } from '../support/cli-gate.ts';
import { callHttp } from '../support/http.ts';
import { runCli } from '../support/run-cli.ts';
import type { MainInput } from '../support/run-main.ts';

const API_KEY = /sk_test_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}/;

let running: CliGate;
beforeAll(async () => {
  running = await startCliGate();
  expect((await running.logIn(running.admin)).code).toBe(0);
});
afterAll(() => running.close());

const cli = (command: string, input?: MainInput) => running.cli(command, input);
const json = (command: string, input?: MainInput) => running.json(command, input);

interface Created {
  readonly shopId: string;
  readonly apiKey: string;
}
const create = async (options = ''): Promise<Created> =>
  (await json(`shops create https://cli.example.com${options}`)) as unknown as Created;
const keyOf = ({ apiKey }: Created): MainInput => ({ env: { WIDGET_GATE_SHOP_API_KEY: apiKey } });

describe('shops', () => {
  test('create prints the shop and its key, this once, with a warning', async () => {
    const { code, stdout, stderr } = await cli('shops create https://cli.example.com');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^shop {10}shop_[0-9A-Za-z]{24}\nurl {11}https:\/\/cli\.example\.com\nversion {7}1\n/);
    expect(stdout).toMatch(/created {7}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(\d+ s ago\)/);
    expect(stdout).toMatch(API_KEY);
    expect(stdout).toContain('The API key is not shown again');
    const [, shopId] = /^shop +(\S+)/.exec(stdout) ?? [];
    expect((await cli(`shops show ${shopId}`)).stdout).not.toMatch(API_KEY);
  });

  test.each([
    [
      'shops create https://cli.example.com',
      /^export WIDGET_GATE_SHOP_ID=shop_\w{24} WIDGET_GATE_SHOP_API_KEY=sk_test_\w{47}\n$/,
    ],
    [
      'service-keys add analytics portal',
      /^export WIDGET_GATE_KEY_ID=\w{8} WIDGET_GATE_ANALYTICS_API_KEY=an_test_\w{47}\n$/,
    ],
    [
      'service-keys add data-router etl',
      /^export WIDGET_GATE_KEY_ID=\w{8} WIDGET_GATE_DATA_ROUTER_API_KEY=dr_test_\w{47}\n$/,
    ],
  ])('"%s" prints a line for a shell to evaluate where a program reads', async (command, line) => {
    expect((await cli(command, { isTerminal: false })).stdout).toMatch(line);
  });

  test('create takes further origins, only the exact one, and the demand for an origin', async () => {
    const options = ' --exact --origin https://a.example.org --origin https://*.example.net --require-origin';
    expect(await create(options)).toEqual({
      ok: true,
      shopId: expect.any(String),
      version: 1,
      url: 'https://cli.example.com',
      origins: ['https://cli.example.com', 'https://a.example.org', 'https://*.example.net'],
      requireOrigin: true,
      disabled: false,
      issuingPaused: false,
      tokensNotBefore: 0,
      keys: [{ keyId: expect.any(String), createdAt: expect.any(Number) }],
      createdAt: expect.any(Number),
      apiKey: expect.stringMatching(API_KEY),
    });
  });

  test('list goes page by page, or over all of them, and never shows a sealed key', async () => {
    const { shopId } = await create();
    await create();
    const first = await json('shops list --limit 1');
    expect(first).toEqual({ ok: true, shops: [expect.anything()], cursor: expect.any(String) });
    const second = await json(`shops list --limit 1 --cursor ${String(first.cursor)}`);
    expect(second.shops).not.toEqual(first.shops);
    const all = await json('shops list --limit 2 --all');
    const ids = (all.shops as Created[]).map((shop) => shop.shopId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining([shopId, running.gate.announcement.shop.shopId]));
    expect(JSON.stringify(all)).not.toContain('sealed');
    expect(Object.keys(all)).toEqual(['ok', 'shops']);
    const text = (await cli('shops list --limit 1')).stdout;
    expect(text).toMatch(/^SHOP +NAME +URL +STATE +CREATED\nshop_.*\n\nThere are more: --cursor \S+, or --all\.\n$/);
  });

  test('list refuses a cursor that the gate did not give', async () => {
    const { code, stderr } = await cli('shops list --cursor Li4vLi4');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^widget-gate: invalid_request: .* Query parameter "cursor" must be the cursor of the page before/,
      ),
    ]);
  });

  test.each([
    ['disable', '', { disabled: true }],
    ['enable', '', { disabled: false }],
    ['pause', '', { issuingPaused: true }],
    ['resume', '', { issuingPaused: false }],
    ['require-origin', ' on', { requireOrigin: true }],
    ['require-origin', ' off', { requireOrigin: false }],
  ])('%s%s', async (verb, operand, state) => {
    const { shopId } = await create();
    expect(await json(`shops ${verb} ${shopId}${operand}`)).toMatchObject({ ok: true, shopId, version: 2, ...state });
    expect(await json(`shops show ${shopId}`)).toMatchObject(state);
  });

  test('a change of another version than the expected is refused with exit code 1, and says what to do', async () => {
    const { shopId } = await create();
    expect((await cli(`shops disable ${shopId} --expected-version 1`)).code).toBe(0);
    const { code, stdout, stderr } = await cli(`shops enable ${shopId} --expected-version 1`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^widget-gate: precondition_failed: The resource has changed since/);
    expect(await json(`shops enable ${shopId} --expected-version 1`)).toEqual({
      ok: false,
      code: 'precondition_failed',
      message: expect.stringMatching(/fetch it again/),
    });
  });
});

describe('keys', () => {
  test.each([
    ['0', 0],
    ['1h', 3_600],
    ['24h', 86_400],
    ['7d', 604_800],
  ])('rotate with an overlap of %s keeps the old key for it', async (overlap, seconds) => {
    const { shopId } = await create();
    const { keys, apiKey } = (await json(`keys rotate ${shopId} --overlap ${overlap}`)) as {
      keys?: { createdAt: number; credentialUntil?: number }[];
      apiKey?: string;
    };
    expect(apiKey).toMatch(API_KEY);
    expect(keys?.map(({ credentialUntil }) => credentialUntil)).toEqual([
      (keys?.[1]?.createdAt ?? 0) + seconds,
      undefined,
    ]);
  });

  test('rotate is refused during a rotation unless forced; undo and retire end it', async () => {
    const { shopId } = await create();
    expect((await cli(`keys rotate ${shopId}`)).stdout).toContain('The API key is not shown again');
    const { code, stderr } = await cli(`keys rotate ${shopId}`);
    expect([code, stderr.split(':')[1]]).toEqual([1, ' rotation_in_progress']);
    expect((await cli(`keys undo ${shopId}`)).code).toBe(0);
    expect((await cli(`keys rotate ${shopId} --force`)).code).toBe(0);
    expect((await cli(`keys retire ${shopId}`)).code).toBe(0);
    expect(await json(`keys retire ${shopId}`)).toMatchObject({ ok: false, code: 'no_rotation_in_progress' });
  });

  test('reset makes a new key', async () => {
    const { shopId, apiKey } = await create();
    const reset = await json(`keys reset ${shopId} --expected-version 1`);
    expect(reset.apiKey).toMatch(API_KEY);
    expect(reset.apiKey).not.toBe(apiKey);
  });
});

describe('tokens', () => {
  test('mint takes the key from the environment or stdin; inspect explains the token', async () => {
    const shop = await create();
    const minted = await json(`tokens mint ${shop.shopId}`, keyOf(shop));
    expect(minted).toEqual({ ok: true, token: expect.any(String), expiresAt: expect.any(Number) });
    expect(Number(minted.expiresAt) - Date.now() / 1_000).toBeGreaterThan(86_000);
    const fromStdin = await cli(`tokens mint ${shop.shopId}`, { stdin: `${shop.apiKey}\nmore\n` });
    expect([fromStdin.code, fromStdin.stdout]).toEqual([0, expect.stringMatching(/^token {4}\S{100,}\nexpires {2}20/)]);
    const piped = await cli(`tokens mint ${shop.shopId}`, { ...keyOf(shop), isTerminal: false });
    expect(piped.stdout).toMatch(/^\S{100,}\n$/);
    for (const stdin of [piped.stdout, `{"token":"${piped.stdout.trim()}"}`])
      expect(await json(`tokens inspect ${shop.shopId}`, { ...keyOf(shop), stdin })).toMatchObject({ reason: 'ok' });
    const stdin = `${String(minted.token)}\n`;
    expect(await json(`tokens inspect ${shop.shopId}`, { ...keyOf(shop), stdin })).toEqual({
      ok: true,
      valid: true,
      reason: 'ok',
      issuedAt: expect.any(Number),
      expiresAt: expect.any(Number),
      keyId: shop.apiKey.slice(8, 16),
    });
    const foreign = `tokens inspect ${shop.shopId} --origin https://evil.example`;
    const { stdout } = await cli(foreign, { ...keyOf(shop), stdin });
    expect(stdout).toMatch(/^valid {4}no\nreason {3}origin_not_allowed\nissued {3}20/);
  });

  test("explain shows an administrator why, without the shop's key, and what to do", async () => {
    const shop = await create();
    const { token } = await json(`tokens mint ${shop.shopId}`, keyOf(shop));
    const stdin = `${String(token)}\n`;
    expect(await json(`tokens explain ${shop.shopId}`, { stdin })).toMatchObject({
      ok: true,
      valid: true,
      reason: 'ok',
    });
    const foreign = `tokens explain ${shop.shopId} --origin https://evil.example`;
    const { stdout } = await cli(foreign, { stdin });
    expect(stdout).toMatch(
      /^valid {4}no\nreason {3}origin_not_allowed\n {9}The calling page has .*\n {9}Add the origin/,
    );
    expect(await json('tokens explain shop_none', { stdin })).toMatchObject({ ok: false, code: 'shop_not_found' });
  });

  test('a key of another shop is refused as the gate refuses it', async () => {
    const [one, two] = [await create(), await create()];
    expect(await json(`tokens mint ${one.shopId}`, keyOf(two))).toEqual({
      ok: false,
      code: 'wrong_shop',
      message: expect.stringMatching(/belongs to another shop/),
    });
    const { code, stderr } = await cli(`tokens mint ${one.shopId}`, { stdin: 'no key' });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/contains characters that no API key contains/)]);
    expect(await json(`tokens mint ${one.shopId}`, { stdin: 'nokey' })).toMatchObject({ code: 'invalid_api_key' });
  });

  test('revoke and undo', async () => {
    const { shopId } = await create();
    expect(Number((await json(`tokens revoke ${shopId}`)).tokensNotBefore)).toBeGreaterThan(1_700_000_000);
    expect((await cli(`shops show ${shopId}`)).stdout).toMatch(/\nrevoked +tokens stamped up to 20/);
    expect((await json(`tokens undo ${shopId}`)).tokensNotBefore).toBe(0);
    expect((await cli(`tokens undo ${shopId}`)).stderr).toMatch(/nothing_to_undo/);
  });
});

test.each(['http://localhost:9262', 'http://127.0.0.1:3000'])(
  'a page of this machine, %s, may use the widget in the stage dev, whatever the shop',
  async (origin) => {
    const { shopId } = await create();
    expect((await cli(`origins test ${shopId} ${origin}`)).stdout).toContain('allowed  yes\n');
  },
);

test('origins are added, removed and tested', async () => {
  const { shopId } = await create();
  const added = await json(`origins add ${shopId} https://a.example.org https://*.example.net`);
  expect(added.origins).toEqual(expect.arrayContaining(['https://a.example.org', 'https://*.example.net']));
  const verdict = async (origin: string) => json(`origins test ${shopId} ${origin}`);
  expect(await verdict('https://deep.example.net')).toEqual({
    ok: true,
    allowed: true,
    origin: 'https://deep.example.net',
  });
  expect(await verdict('https://evil.example')).toEqual({ ok: true, allowed: false, origin: 'https://evil.example' });
  expect((await cli(`origins remove ${shopId} https://a.example.org https://*.example.net`)).code).toBe(0);
  expect((await cli(`origins test ${shopId} https://a.example.org`)).stdout).toBe(
    'origin   https://a.example.org\nallowed  no\n',
  );
  expect(await json(`origins remove ${shopId} https://a.example.org`)).toMatchObject({ code: 'unknown_origin' });
  expect(await json(`origins add ${shopId} https://A.example/x`)).toMatchObject({ code: 'not_an_origin' });
  expect(await json('origins test shop_none https://a.example')).toMatchObject({ code: 'shop_not_found' });
});

test('addresses are taken as they are meant, and what is stored is shown', async () => {
  const created = await cli('shops create SHOP.example.com/en/ --exact --origin https://münchen.example');
  expect(created.stdout).toMatch(/^url +https:\/\/shop\.example\.com$/m);
  expect(created.stdout).toMatch(/^SHOP\.example\.com\/en\/ is stored as +https:\/\/shop\.example\.com$/m);
  expect(created.stdout).toMatch(/^https:\/\/münchen\.example is stored as +https:\/\/xn--mnchen-3ya\.example$/m);
  const { shopId } = await create();
  const added = await json(`origins add ${shopId} A.example.org https://*.B.example.org/`);
  expect(added.normalized).toEqual([
    { given: 'A.example.org', stored: 'https://a.example.org' },
    { given: 'https://*.B.example.org/', stored: 'https://*.b.example.org' },
  ]);
  expect((await cli(`origins test ${shopId} a.example.org/en/`)).stdout).toBe(
    'origin   https://a.example.org\nallowed  yes\n',
  );
  expect((await json(`origins remove ${shopId} A.example.org`)).ok).toBe(true);
  const refused = await cli(`origins add ${shopId} b.example.org https://192.0.2.1`);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/^widget-gate: ip_literal: .* Check body member "origins\[1\]"\.\n$/),
  ]);
});

test('the origins of apps are added with an option of their own, and a warning of who shares them', async () => {
  const { shopId } = await create();
  const app = 'capacitor://localhost';
  expect(await json(`origins add ${shopId} ${app}`)).toMatchObject({ ok: false, code: 'app_origin' });
  const added = await cli(`origins add ${shopId} ${app} --app-origins`);
  expect(added.stdout).toMatch(/capacitor:\/\/localhost is the origin of every iOS app/);
  expect(await json(`origins test ${shopId} ${app}`)).toEqual({ ok: true, allowed: true, origin: app });
  expect((await cli(`origins remove ${shopId} ${app}`)).code).toBe(0);
  const key = await json(`service-keys add analytics app --origin ${app} --app-origins`);
  expect(key).toMatchObject({ allowedOrigins: [app], warnings: [expect.stringContaining(app)] });
});

test('a shop is named, moved to another URL, and deleted only a day after it was disabled', async () => {
  const { shopId } = await create(' --name Cli');
  expect(await json(`shops rename ${shopId} Müller`)).toMatchObject({ ok: true, name: 'Müller' });
  expect((await cli('shops list --all')).stdout).toMatch(new RegExp(`^${shopId} +Müller +https`, 'm'));
  const { origins } = await json(`shops set-url ${shopId} moved.example.com`);
  expect(origins).toContain('https://cli.example.com');
  const moved = await json(`shops set-url ${shopId} https://again.example.com --move-origins --exact`);
  expect(moved).toMatchObject({ url: 'https://again.example.com' });
  expect(moved.origins).toContain('https://again.example.com');
  expect(moved.origins).not.toContain('https://www.again.example.com');
  expect((await cli(`shops delete ${shopId}`)).stderr).toMatch(/shop_not_deletable: .* It is enabled\.\n$/);
  const { disabledAt } = await json(`shops disable ${shopId}`);
  const from = new Date((Number(disabledAt) + 86_400) * 1_000).toISOString();
  expect((await cli(`shops delete ${shopId}`)).stderr).toContain(`Possible from ${from}.`);
});

test('service-keys add, list, rotate and revoke, each key printed once', async () => {
  const added = await json('service-keys add analytics portal');
  expect(added).toMatchObject({
    ok: true,
    purpose: 'analytics',
    label: 'portal',
    apiKey: expect.stringMatching(/^an_test_/),
  });
  const rotated = await cli(`service-keys rotate ${String(added.keyId)} --overlap 1h`);
  expect(rotated.stdout).toMatch(/an_test_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\n\nThe API key is not shown again/);
  const listed = await cli('service-keys list');
  expect(listed.stdout).toMatch(new RegExp(`${String(added.keyId)} +analytics +portal`));
  expect(listed.stdout).toMatch(/ends .* \(in (59 min|1 h)\)/);
  expect(listed.stdout).not.toMatch(/an_test_/);
  expect((await cli(`service-keys revoke ${String(added.keyId)}`)).code).toBe(0);
  expect(await json(`service-keys revoke ${String(added.keyId)}`)).toMatchObject({ ok: false, code: 'key_not_live' });
});

test('service-keys add holds a key to origins, apps and a life; list shows them; revocations add revokes', async () => {
  const added = await json(
    'service-keys add dev alice --origin https://d.example.com --app a-1 --app a-2 --max-ttl 2h',
  );
  expect(added).toMatchObject({
    apiKey: expect.stringMatching(/^dev_test_/),
    allowedOrigins: ['https://d.example.com'],
    appIds: ['a-1', 'a-2'],
    maxTtlSeconds: 7_200,
  });
  const { stdout } = await cli('service-keys list');
  expect(stdout).toMatch(/alice .* max TTL 7200 s +apps a-1 a-2 +https:\/\/d\.example\.com/);
  expect(await json(`service-keys revoke-tokens ${String(added.keyId)}`)).toMatchObject({ ok: true });
  expect(await json('revocations add user u-1')).toMatchObject({ ok: true, kind: 'user', id: 'u-1' });
  expect((await cli('revocations add client acme')).stdout).toMatch(/client acme up to .* are refused/);
});

test('ring rotate gives the ring a new key, and shops made before and after it work', async () => {
  const before = await create();
  expect(await json('ring rotate')).toEqual({ ok: true });
  for (const shop of [before, await create()]) {
    const { token } = await json(`tokens mint ${shop.shopId}`, keyOf(shop));
    const headers = [['X-Widget-Token', String(token)]] as const;
    expect((await callHttp(running.gate.announcement.baseUrl, { path: '/api/widget/session', headers })).status).toBe(
      200,
    );
  }
});

test('ring drop-old is refused right after a rotation, and done when the new key has settled', async () => {
  const shop = await create();
  await json('ring rotate');
  const early = await cli('ring drop-old');
  expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('drop them in')]);
  await cli('faults set clock:offset=+7m');
  expect(await json('ring drop-old')).toEqual({ ok: true });
  await cli('faults set clock:offset=+0m');
  expect(await json(`tokens mint ${shop.shopId}`, keyOf(shop))).toHaveProperty('token');
});

test('signing-keys rotate publishes a new key; drop-old is refused at once, and done when nothing is signed with the old one', async () => {
  const published = async (): Promise<number> => {
    const { json: keys } = await callHttp(running.gate.announcement.baseUrl, { path: '/.well-known/jwks.json' });
    return (keys.keys as unknown[]).length;
  };
  expect(await json('signing-keys rotate')).toEqual({ ok: true });
  const early = await cli('signing-keys drop-old');
  expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('drop them in')]);
  await cli('faults set clock:offset=+6m');
  expect(await published()).toBe(2);
  await cli('faults set clock:offset=+20m');
  expect(await json('signing-keys drop-old')).toEqual({ ok: true });
  await cli('faults set clock:offset=+26m');
  expect(await published()).toBe(1);
  await cli('faults set clock:offset=+0m');
});

describe('faults', () => {
  const setFaults = (spec: string) => runCli(['faults', 'set', spec, '--data-dir', running.directory]);
  afterEach(() => setFaults(''));

  /** The status of issuing, as a shop's server sees it. */
  const issue = async ({ shopId, apiKey }: Created): Promise<number> => {
    const path = `/api/shops/${shopId}/widget-token`;
    const call = { method: 'POST', path, headers: [['X-Shop-API-Key', apiKey] as const] };
    return (await callHttp(running.gate.announcement.baseUrl, call)).status;
  };

  test.each(['dynamodb:down', 'dynamodb:throttle', 'dynamodb:hang'])(
    'with %s calls are answered 503, and without it 200 within 5 s',
    async (spec) => {
      const shop = await create();
      expect((await setFaults(spec)).stdout).toBe(`${spec}\n`);
      expect(await json('faults show')).toEqual({ ok: true, faults: spec });
      expect(await issue(shop)).toBe(503);
      const { code, stderr } = await cli(`shops show ${shop.shopId}`);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^widget-gate: service_unavailable: /)]);
      expect((await setFaults('')).stdout).toBe('no faults\n');
      const start = Date.now();
      while ((await issue(shop)) !== 200) expect(Date.now() - start).toBeLessThan(5_000);
    },
  );

  test('refuses a wrong specification and keeps the faults', async () => {
    await setFaults('kms:throttle=0.3,delay=2s');
    const { code, stderr } = await setFaults('s3:down');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^widget-gate: invalid_faults: .*"s3:down" is wrong/)]);
    expect(await json('faults show')).toEqual({ ok: true, faults: 'kms:throttle=0.3,delay=2s' });
  });
});
