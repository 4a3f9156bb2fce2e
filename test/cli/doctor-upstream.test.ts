import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upstreamFailures } from '#contract/forwarding.ts';
import { type Asked, type FakeAnswer, type FakeGate, startFakeGate } from '../support/fake-gate.ts';
import { runMain } from '../support/run-main.ts';

const KEYS = {
  WIDGET_GATE_SHOP_API_KEY: 'shop-key',
  WIDGET_GATE_ANALYTICS_API_KEY: 'analytics-key',
  WIDGET_GATE_DATA_ROUTER_API_KEY: 'data-router-key',
};
const ORIGIN = 'https://shop.example.com';
const IDENTITY = { shopId: 'shop_one', issuedAt: 1, expiresAt: 2 };
const refusal = (status: number, code: string, requestId = 'r-1'): FakeAnswer => ({
  status,
  headers: { 'X-Request-Id': requestId, 'Retry-After': '0' },
  body: { code, message: `Sentence on ${code}.`, requestId },
});
const json = (body: object, headers: Readonly<Record<string, string>> = {}): FakeAnswer => ({
  status: 200,
  body,
  headers: { 'Access-Control-Allow-Origin': ORIGIN, ...headers },
});

/** What the gate answers, by the last word of the path; the stranger's call has no cookie. */
interface Answers {
  readonly call: FakeAnswer | ((asked: Asked) => FakeAnswer);
  readonly explain?: (nth: number, asked: Asked) => FakeAnswer;
  /** What the trail has of the last minutes. */
  readonly trail?: readonly object[];
  readonly session?: FakeAnswer;
  readonly token?: FakeAnswer;
}

let directory: string;
let gate: FakeGate | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'widget-gate-cli-'));
});
afterEach(async () => {
  await gate?.close();
  gate = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function start({ call, explain, trail = [], session = json(IDENTITY), token }: Answers): Promise<FakeGate> {
  let explained = 0;
  gate = await startFakeGate((asked) => {
    const [, path = ''] = asked.call.split(' ');
    if (path.endsWith('/widget-token') || path.endsWith('/login/token'))
      return token ?? json({ token: 'a-token' }, { 'X-Widget-Token-Expires-In': '86400' });
    if (path === '/admin/api/session')
      return asked.headers.cookie === undefined ? refusal(401, 'unauthorized') : json({ arn: 'arn:alice' });
    if (path === '/admin/api/status') return json({ deployment: 'd', shopTable: true });
    if (path.startsWith('/admin/api/audit?')) return json({ entries: trail });
    if (path.startsWith('/admin/api/')) {
      explained += 1;
      return explain?.(explained, asked) ?? refusal(404, 'request_not_found');
    }
    if (path.endsWith('/session')) return session;
    return typeof call === 'function' ? call(asked) : call;
  });
  const cookie = { cookie: '__Host-widget-gate-admin=abc', userName: 'alice', createdAt: Date.now() / 1_000 };
  writeFileSync(join(directory, 'sessions.json'), JSON.stringify({ [gate.baseUrl]: cookie }), { mode: 0o600 });
  return gate;
}

const run = (command: string, input: { stdin?: string; env?: Record<string, string> } = {}) =>
  runMain([...command.split(' '), '--url', gate?.baseUrl ?? 'http://127.0.0.1:1'], {
    env: { HOME: directory, WIDGET_GATE_SESSION_FILE: join(directory, 'sessions.json'), ...(input.env ?? KEYS) },
    stdin: input.stdin ?? '',
  });

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly reason?: string;
  readonly requestId?: string;
}

/** The checks of the upstream, after those of the gate. */
async function diagnose(command: string): Promise<{ code: number | null; checks: Check[]; stderr: string }> {
  const { code, stdout, stderr } = await run(`${command} --json`);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { code, checks: checks.slice(6), stderr };
}
const WIDGET = 'doctor --upstream widget --shop shop_one';

describe('an upstream that answers', () => {
  test('passes every check, and the gate is called as a shop, a page or a server calls it', async () => {
    const { asked } = await start({ call: json({ from: 'upstream' }) });
    expect(await diagnose(`${WIDGET} --path /items/42 --origin ${ORIGIN}`)).toMatchObject({
      code: 0,
      checks: [
        { name: 'credential', ok: true },
        { name: 'upstream', ok: true, detail: 'answers GET /items/42' },
        { name: 'response time', ok: true, detail: expect.stringMatching(/^\d\.\d s$/) },
        { name: 'status', ok: true, detail: '200' },
        { name: 'response body', ok: true, detail: 'JSON, 19 bytes' },
        { name: 'calls from pages', ok: true },
      ],
    });
    const { headers, call } = asked.at(-1) as Asked;
    expect([call, headers['x-widget-token'], headers.origin]).toEqual(['GET /api/widget/items/42', 'a-token', ORIGIN]);
  });

  test.each([
    ['analytics', '/api/analytics/health', { 'x-api-key': 'analytics-key', 'x-app-id': undefined }],
    ['analytics --app app-1', '/api/analytics/health', { 'x-api-key': 'analytics-key', 'x-app-id': 'app-1' }],
    [`analytics --origin ${ORIGIN}`, '/api/analytics/health', { authorization: 'Bearer a-token', origin: ORIGIN }],
    ['data-router', '/api/data-router/health', { 'x-api-key': 'data-router-key' }],
  ])('of %s is called with its own credential', async (options, path, headers) => {
    const { asked } = await start({ call: json({ from: 'upstream' }) });
    expect((await diagnose(`doctor --upstream ${options}`)).code).toBe(0);
    const last = asked.at(-1) as Asked;
    expect(last.call).toBe(`GET ${path}`);
    for (const [name, value] of Object.entries(headers)) expect([name, last.headers[name]]).toEqual([name, value]);
  });

  test('takes the key from stdin where no variable has it', async () => {
    const { asked } = await start({ call: json({}) });
    expect((await run('doctor --upstream data-router', { env: {}, stdin: 'from-stdin\n' })).code).toBe(0);
    expect(asked.at(-1)?.headers['x-api-key']).toBe('from-stdin');
  });

  test('prints no credential', async () => {
    await start({ call: json({}) });
    const { stdout, stderr } = await run(WIDGET);
    expect(stdout).toContain('credential');
    expect(stdout + stderr).not.toMatch(/shop-key|a-token|abc/);
  });
});

describe('the reason of a failure comes from the trail, in words:', () => {
  test.each(upstreamFailures)('%s', async (reason) => {
    const { asked } = await start({
      call: refusal(502, 'upstream_failed', 'r-502'),
      explain: () => json({ entry: { code: `upstream_${reason}` }, why: 'W.', remedy: 'R.' }),
    });
    const { code, checks } = await diagnose(WIDGET);
    expect([code, checks.filter(({ ok }) => !ok)]).toEqual([
      1,
      [{ name: 'upstream', ok: false, requestId: 'r-502', reason, detail: expect.any(String) }],
    ]);
    const [, failed] = checks as [Check, Check];
    expect(failed.detail).toMatch(new RegExp(`^${reason}: W. R. [A-Z].{20,}.$`));
    expect(asked.at(-1)?.call).toBe('GET /admin/api/explain/r-502');
  });

  test('one that this command line does not know keeps the words of the gate', async () => {
    await start({
      call: refusal(502, 'upstream_failed'),
      explain: () => json({ entry: { code: 'upstream_circuit_open' }, why: 'It failed often.', remedy: 'Wait.' }),
    });
    const { checks } = await diagnose(WIDGET);
    expect(checks[1]).toMatchObject({ reason: 'circuit_open', detail: 'circuit_open: It failed often. Wait.' });
  });

  test('explains calls that the gate paused without the trail, which does not have them', async () => {
    const { asked } = await start({ call: refusal(503, 'upstream_unavailable') });
    const { code, checks } = await diagnose(WIDGET);
    expect([code, checks[1]]).toMatchObject([1, { name: 'upstream', reason: 'unavailable', requestId: 'r-1' }]);
    expect(checks[1]?.detail).toMatch(/^unavailable: Sentence on upstream_unavailable\. The gate paused/);
    expect(asked.at(-1)?.call).toBe('GET /api/widget/health');
  });

  test('says where to look if the gate called no upstream, and does not wait for the trail', async () => {
    const { asked } = await start({ call: refusal(503, 'service_unavailable') });
    const { code, checks, stderr } = await diagnose(WIDGET);
    expect([code, stderr, checks[1]]).toMatchObject([1, '', { reason: 'service_unavailable', requestId: 'r-1' }]);
    expect(checks[1]?.detail).toMatch(/request_failed of request r-1 .*UpstreamCaError.*reservedConcurrency\.$/);
    expect(asked.at(-1)?.call).toBe('GET /api/widget/health');
  });

  test('an entry that comes late is asked for again, which stderr says', async () => {
    await start({
      call: refusal(502, 'upstream_failed'),
      explain: (nth) => (nth < 2 ? refusal(404, 'request_not_found') : json({ entry: { code: 'upstream_dns' } })),
    });
    const { checks, stderr } = await diagnose(WIDGET);
    expect(checks[1]).toMatchObject({ reason: 'dns' });
    expect(stderr).toBe('The trail has no entry for request r-1 yet; trying again in 1 s.\n');
  });

  test('explains an equal failure of the same minute, which the trail does not have, by the one before it', async () => {
    const { asked } = await start({
      call: refusal(502, 'upstream_failed'),
      explain: (_nth, { call }) =>
        call.endsWith('/r-0') ? json({ entry: { code: 'upstream_dns' } }) : refusal(404, 'request_not_found'),
      trail: [
        { code: 'origin_not_allowed', requestIds: ['r-x'] },
        { code: 'upstream_dns', requestIds: ['r-0'] },
        { code: 'upstream_dns', requestIds: ['r-y'] },
      ],
    });
    const { checks, stderr } = await diagnose(WIDGET);
    expect([stderr, checks[1]?.reason]).toEqual(['', 'dns']);
    expect(checks[1]?.detail).toMatch(
      /\(as request r-0 before it, because the trail has only the first of each minute\)$/,
    );
    const query = asked.find(({ call }) => call.startsWith('GET /admin/api/audit'))?.call ?? '';
    expect(new URL(query.slice(4), 'http://x').searchParams.get('subject')).toBe('refused/shop_one');
  });

  test('where the trail has several failures of the last minutes, it may be any of them', async () => {
    await start({
      call: refusal(502, 'upstream_failed'),
      trail: ['dns', 'reset', 'dns'].map((reason) => ({ code: `upstream_${reason}`, requestIds: ['r-0'] })),
    });
    const { checks } = await diagnose(WIDGET);
    expect(checks[1]?.detail).toMatch(
      /the reason is unknown: it is one of dns, reset; .* line upstream_failed of request r-1 .* in a minute$/,
    );
  });

  test('an entry that never comes leaves the id to ask for later', async () => {
    await start({ call: refusal(502, 'upstream_failed') });
    const { code, checks } = await diagnose(WIDGET);
    expect([code, checks[1]?.reason]).toEqual([1, undefined]);
    expect(checks[1]?.detail).toMatch(/samples refused calls per minute: in a minute, run "widget-gate explain r-1"$/);
  }, 20_000);

  test('without a session the command line says to log in', async () => {
    await start({ call: refusal(502, 'upstream_failed') });
    writeFileSync(join(directory, 'sessions.json'), '{}', { mode: 0o600 });
    const { checks } = await diagnose(WIDGET);
    expect(checks[1]?.detail).toMatch(/^the gate returned 502 upstream_failed, .*log in first/);
  });
});

describe('what an upstream answers is judged:', () => {
  const at = (path: string, answer: FakeAnswer): [string, FakeAnswer] => [`${WIDGET} --path ${path}`, answer];
  const status = (code: number): FakeAnswer => ({ status: code, body: { error: 'x' } });
  const away = (location: string): FakeAnswer => ({ status: 302, headers: { Location: location } });
  test.each<[string, [string, FakeAnswer], string, RegExp]>([
    [
      'no upstream',
      at('x', json(IDENTITY)),
      'upstream',
      /^the stage has no upstream for .*set upstreamUrl in cdk\.json/,
    ],
    [
      '404 for a path that was named',
      at('x', status(404)),
      'status',
      /^404: .*Check --path and the base path in upstrea/,
    ],
    ['401', at('x', status(401)), 'status', /^401: the upstream refuses the call itself.* X-Gate-Assertion, /],
    ['403', at('x', status(403)), 'status', /^403: the upstream refuses the call itself/],
    ['405', at('x', status(405)), 'status', /^405: .*Specify a path that accepts GET/],
    ['500', at('x', status(500)), 'status', /^500: the upstream itself failed/],
    [
      'a redirect away',
      at('x', away('https://other.example.com/')),
      'redirect',
      /^leaves the gate for https:\/\/other/,
    ],
    [
      'a page',
      at('x', { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>Log in</h1>' }),
      'response body',
      /^is not JSON but text\/html/,
    ],
    [
      'text that says JSON',
      at('x', { status: 200, body: '{"a":' }),
      'response body',
      /^says application\/json but is not/,
    ],
    [
      'a refusal of the gate',
      at('x', refusal(400, 'invalid_path')),
      'upstream',
      /^the gate refused the call: invalid_pa/,
    ],
  ])('%s', async (_what, [command, answer], name, detail) => {
    await start({ call: answer });
    const { code, checks } = await diagnose(command);
    expect(code).toBe(1);
    expect(checks.filter(({ ok }) => !ok)).toEqual([
      expect.objectContaining({ name, detail: expect.stringMatching(detail) }),
    ]);
  });

  test.each<[string, FakeAnswer]>([
    ['404 for a path that nobody named', { status: 404, body: {} }],
    ['a redirect within the gate', { status: 302, headers: { Location: '/api/widget/elsewhere' } }],
    ['not modified', { status: 304 }],
    ['nothing', { status: 204 }],
    ['an image', { status: 200, headers: { 'Content-Type': 'image/png' }, body: '…' }],
  ])('%s is well', async (_what, answer) => {
    await start({ call: answer });
    expect((await diagnose(WIDGET)).code).toBe(0);
  });

  test('an upstream that refuses pages by a check of its own', async () => {
    await start({ call: ({ headers }) => (headers.origin === undefined ? json({}) : { status: 400, body: {} }) });
    const { checks } = await diagnose(`${WIDGET} --origin ${ORIGIN}`);
    expect(checks.at(-1)).toMatchObject({ name: 'calls from pages', ok: false });
    expect(checks.at(-1)?.detail).toMatch(
      /400 with the Origin .* and 200 without: its own CORS check refuses the page/,
    );
  });

  test('a response that lost the CORS headers of the gate', async () => {
    await start({ call: { status: 200, body: {} } });
    const { checks } = await diagnose(`${WIDGET} --origin ${ORIGIN}`);
    expect(checks.filter(({ ok }) => !ok)).toEqual([
      expect.objectContaining({ name: 'calls from pages', detail: expect.stringMatching(/allows no origin, not/) }),
    ]);
  });

  test('a credential that the gate refuses ends it', async () => {
    await start({ call: json({}), token: refusal(401, 'invalid_api_key') });
    const { code, checks } = await diagnose(WIDGET);
    expect([code, checks]).toEqual([1, [{ name: 'credential', ok: false, detail: 'Sentence on invalid_api_key.' }]]);
  });
});

describe('wrong usage', () => {
  test.each([
    ['doctor --upstream everything', 'widget, analytics, data-router'],
    ['doctor --upstream widget', 'Specify the shop with --shop'],
    ['doctor --upstream data-router --shop s', '--shop requires --upstream widget'],
    ['doctor --upstream data-router --origin https://a.example', '--origin requires'],
    ['doctor --upstream widget --shop s --app a', '--app requires --upstream analytics'],
    ['doctor --path x', '--path requires --upstream'],
    ['doctor --upstream analytics --path /session?x=1', 'The gate itself answers GET /session'],
  ])('%s', async (command, message) => {
    const { asked } = await start({ call: json({}) });
    const { code, stderr } = await run(command);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(asked).toEqual([]);
  });

  test('a key among the arguments is refused before anything is called', async () => {
    const { asked } = await start({ call: json({}) });
    const { code } = await run('doctor --upstream data-router --path dr_test_aaaaaaaa_x');
    expect([code, asked]).toEqual([2, []]);
  });
});
