import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startHost } from '#local/host.ts';
import { type AwsUser, cookieOf, logIn } from '../support/admin.ts';
import { callHttp } from '../support/http.ts';
import { type AnnouncedUser, type LocalProcess, refusedLocal, startLocal } from '../support/local-process.ts';

const issue = ({ announcement: { baseUrl, shop } }: LocalProcess, apiKey = shop.apiKey) =>
  callHttp(baseUrl, {
    method: 'POST',
    path: `/api/shops/${shop.shopId}/widget-token`,
    headers: [['X-Shop-API-Key', apiKey]],
  });
const session = ({ announcement: { baseUrl } }: LocalProcess, token: string) =>
  callHttp(baseUrl, { path: '/api/widget/session', headers: [['X-Widget-Token', token]] });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'widget-gate-data-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('the first line of --json is one object, once everything answers', async () => {
  const gate = await startLocal('--memory');
  const { announcement } = gate;
  expect(Object.keys(announcement)).toEqual([
    'ready',
    'baseUrl',
    'demoUrl',
    'adminUrl',
    'shop',
    'analytics',
    'dataRouter',
    'admin',
    'outsider',
  ]);
  expect(announcement.shop).toEqual({
    shopId: expect.stringMatching(/^shop_[0-9A-Za-z]{24}$/),
    url: 'https://shop.example.com',
    apiKey: expect.stringMatching(/^sk_test_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/),
  });
  expect((await session(gate, String((await issue(gate)).json.token))).status).toBe(200);
  const { analytics, dataRouter, baseUrl, adminUrl } = announcement;
  expect(adminUrl).toBe(`${baseUrl}/admin/`);
  expect((await callHttp(baseUrl, { path: '/admin/' })).text).toContain('<title>Widget Gate</title>');
  expect(analytics.allowedOrigins).toEqual(['https://portal.example.com', 'http://localhost:3000']);
  const tokenCall = { method: 'POST', path: '/devapi/v4/core/login/token', body: '{"userid":"u-1","appid":"app-1"}' };
  const issued = await callHttp(baseUrl, { ...tokenCall, headers: [['X-API-Key', analytics.apiKey ?? '']] });
  const headers = [['Authorization', String(issued.json.token)]] as const;
  expect((await callHttp(baseUrl, { path: '/api/analytics/session', headers })).json).toMatchObject({ userId: 'u-1' });
  const key = [['X-API-Key', dataRouter.apiKey ?? '']] as const;
  expect((await callHttp(baseUrl, { path: '/api/data-router/session', headers: key })).status).toBe(200);
  const logInAs = (user: AnnouncedUser) => logIn(announcement.baseUrl, user as AwsUser);
  expect((await logInAs(announcement.admin)).status).toBe(200);
  expect((await logInAs(announcement.outsider)).status).toBe(403);
  expect(await gate.end('SIGTERM')).toBe(0);
  expect(gate.stdout().trim().split('\n')).toHaveLength(1);
});

test('state survives an end and a kill -9; the test keys are shown again, and are in files of their owner and no log', async () => {
  const first = await startLocal('--data-dir', directory);
  const { apiKey } = first.announcement.shop;
  const token = String((await issue(first)).json.token);
  expect(await first.end('SIGKILL')).toBe('SIGKILL');
  const second = await startLocal('--data-dir', directory);
  const { baseUrl: _base, adminUrl: _admin, demoUrl: _demo, ...keys } = first.announcement;
  expect(second.announcement).toMatchObject(keys);
  expect((await logIn(second.announcement.baseUrl, first.announcement.admin as AwsUser)).status).toBe(200);
  expect((await session(second, token)).status).toBe(200);
  expect((await issue(second, apiKey)).status).toBe(200);
  expect(await second.end('SIGTERM')).toBe(0);
  const holding = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => join(directory, file))
    .filter((file) => statSync(file).isFile() && readFileSync(file, 'latin1').includes(apiKey.slice(-38)));
  expect(holding.map((file) => [basename(file), statSync(file).mode & 0o777])).toEqual([['test-keys.json', 0o600]]);
  expect([first.stderr(), second.stderr()].filter((text) => text.includes(apiKey.slice(-38)))).toEqual([]);
});

test('a production stage runs without demo data, on the data directory of another stage too', async () => {
  const dev = await startLocal('--data-dir', directory);
  await dev.end('SIGTERM');
  const gate = await startLocal('--stage', 'prod', '--data-dir', directory);
  const { announcement } = gate;
  expect(Object.keys(announcement)).toEqual(['ready', 'baseUrl', 'adminUrl', 'admin', 'outsider']);
  expect(announcement.admin).toMatchObject({ userName: 'demo-admin', group: 'Qrvey-Admin' });
  const cookie = cookieOf(await logIn(announcement.baseUrl, announcement.admin as AwsUser));
  const create = (url: string) =>
    callHttp(announcement.baseUrl, {
      method: 'POST',
      path: '/admin/api/shops',
      headers: [
        ['Cookie', cookie],
        ['X-Requested-With', 'test'],
      ],
      body: JSON.stringify({ url }),
    });
  const made = await create('https://shop.example.com');
  expect([made.status, made.json.apiKey]).toEqual([201, expect.stringMatching(/^sk_live_/)]);
  expect((await create('http://localhost:3000')).json.code).toBe('loopback_in_production');
  expect(await gate.end('SIGTERM')).toBe(0);
});

test('only the owner can read the data directory', async () => {
  const gate = await startLocal('--data-dir', directory);
  await gate.end('SIGTERM');
  expect(statSync(directory).mode & 0o077).toBe(0);
});

test('calls in flight at SIGTERM are answered', async () => {
  const gate = await startLocal('--memory', '--faults', 'dynamodb:delay=200ms');
  const calls = Array.from({ length: 8 }, () => issue(gate).catch((error: Error) => error));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const ended = gate.end('SIGTERM');
  const answers = await Promise.all(calls);
  expect(answers.map((answer) => (answer instanceof Error ? answer.message : answer.status))).toEqual(
    Array(8).fill(200),
  );
  expect(await ended).toBe(0);
});

describe('refuses to start, saying what to do', () => {
  test('on a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await refusedLocal('--memory', '--port', String(port), '--demo-port', '0');
    other.close();
    expect([code, stderr]).toEqual([
      1,
      `Widget Gate: port ${port} on 127.0.0.1 is in use; stop the process that uses it, or choose another port with --port\n`,
    ]);
  });

  test('on a data directory that another one uses', async () => {
    const gate = await startLocal('--data-dir', directory);
    const { code, stderr } = await refusedLocal('--data-dir', directory, '--port', '0');
    expect([code, stderr.includes(directory)]).toEqual([1, true]);
    expect(stderr).toMatch(/^Widget Gate: .*in use/);
    expect((await issue(gate)).status).toBe(200);
    await gate.end('SIGTERM');
  });

  test('on a data directory that is a file', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await refusedLocal('--data-dir', file, '--port', '0');
    expect([code, stderr.startsWith('Widget Gate: '), stderr.includes(file)]).toEqual([1, true, true]);
  });

  test.each([
    [
      ['--stage', 'nowhere'],
      /^Widget Gate: the stage "nowhere" could not be synthesized:\nno stage "nowhere" in cdk\.json; available: dev, prod/,
    ],
    [['--unknown'], /^Widget Gate: Unknown option '--unknown'/],
    [['--faults', 's3:down'], /^Widget Gate: --faults: "s3:down" is wrong/],
  ])('with %j', async (args, message) => {
    const { code, stderr } = await refusedLocal(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

test('the local host refuses to run inside Lambda, where it would be a back door', async () => {
  process.env.AWS_LAMBDA_FUNCTION_NAME = 'any';
  const started = startHost({
    deployment: {} as never,
    port: 0,
    dataDirectory: undefined,
    faults: new Map(),
    log: () => undefined,
  });
  await expect(started).rejects.toThrow('does not run inside Lambda');
  delete process.env.AWS_LAMBDA_FUNCTION_NAME;
});
