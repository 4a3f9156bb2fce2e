import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CliGate, keyEnvironment, startCliGate } from '../support/cli-gate.ts';
import { runCli } from '../support/run-cli.ts';

let running: CliGate;
beforeAll(async () => {
  running = await startCliGate();
});
afterAll(() => running.close());
beforeEach(() => running.cli('logout'));

const baseUrl = () => running.gate.announcement.baseUrl;
const sessions = () => JSON.parse(readFileSync(running.sessionFile, 'utf8')) as Record<string, { cookie: string }>;
const loginAs = (name: string, env: Record<string, string>) => running.json(`login --user ${name}`, { env });

describe('login', () => {
  test('keeps a session that only its owner can read, and prints no secret', async () => {
    const { code, stdout, stderr } = await running.logIn(running.admin);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^gate {2}http:\/\/127\.0\.0\.1:\d+\nuser {2}demo-admin\nARN {3}arn:aws:iam::\d+:user\/demo-admin\n/,
    );
    expect(statSync(running.sessionFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(running.sessionFile)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(running.sessionFile))).toEqual(['sessions.json']);
    const kept = readFileSync(running.sessionFile, 'utf8');
    expect(Object.keys(sessions())).toEqual([baseUrl()]);
    expect(kept).not.toContain(running.admin.secretAccessKey);
    expect(stdout).not.toContain(sessions()[baseUrl()]?.cookie.split('=')[1]);
    expect(stdout).not.toContain(running.admin.secretAccessKey);
  });

  test('takes the user from WIDGET_GATE_USER and the key from a profile', async () => {
    mkdirSync(join(running.directory, '.aws'), { recursive: true });
    const { accessKeyId, secretAccessKey } = running.admin;
    const text = `[gate]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
    writeFileSync(join(running.directory, '.aws/credentials'), text, { mode: 0o600 });
    expect(await running.json('login --profile gate', { env: { WIDGET_GATE_USER: 'demo-admin' } })).toEqual({
      ok: true,
      baseUrl: baseUrl(),
      arn: expect.stringMatching(/user\/demo-admin$/),
      userId: expect.stringMatching(/^AIDA/),
      userName: 'demo-admin',
    });
    expect(await running.json('whoami')).toMatchObject({ ok: true, userName: 'demo-admin', baseUrl: baseUrl() });
  });

  test('of somebody outside the group is refused with the line that would let them in', async () => {
    const { code, stdout, stderr } = await running.logIn(running.outsider);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^widget-gate: not_in_admin_group: .*Run: bin\/widget-gate\.js iam add-to-group demo-outsider\n$/,
    );
    expect(stderr).not.toContain('aws iam');
  });

  const wrong: [string, string, () => Record<string, string>, string][] = [
    [
      'a wrong secret',
      'demo-admin',
      () => ({ ...keyEnvironment(running.admin), AWS_SECRET_ACCESS_KEY: 'x' }),
      'login_failed',
    ],
    ["another user's name", 'demo-outsider', () => keyEnvironment(running.admin), 'login_failed'],
    [
      'a session token',
      'demo-admin',
      () => ({ ...keyEnvironment(running.admin), AWS_SESSION_TOKEN: 'x' }),
      'temporary_credentials',
    ],
    [
      'a temporary key',
      'demo-admin',
      () => ({ ...keyEnvironment(running.admin), AWS_ACCESS_KEY_ID: 'ASIAAAAAAAAAAAAAAAAA' }),
      'temporary_credentials',
    ],
    ['no credentials', 'demo-admin', () => ({}), 'no_aws_credentials'],
  ];
  test.each(wrong)('by %s is refused', async (_what, name, env, code) => {
    expect(await loginAs(name, env())).toEqual({ ok: false, code, message: expect.any(String) });
    expect((await running.cli('whoami')).code).toBe(1);
  });

  test('with an unknown profile is refused', async () => {
    const { code, stderr } = await running.cli('login --user demo-admin --profile none');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/no_aws_profile: .*--profile/)]);
  });

  test('begins again with another challenge when AWS STS does not answer, and gives up with exit code 1', async () => {
    await runCli(['faults', 'set', 'sts:down', '--data-dir', running.directory]);
    const refused = await running.logIn(running.admin);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/service_unavailable/)]);
    const login = running.logIn(running.admin);
    setTimeout(() => void runCli(['faults', 'set', '', '--data-dir', running.directory]), 200);
    expect((await login).code).toBe(0);
  });
});

describe('without a live session', () => {
  test.each(['whoami', 'shops list', 'audit list', 'explain abc', 'keys reset shop_one'])(
    '"%s" ends with 1 and says to log in first',
    async (command) => {
      const { code, stdout, stderr } = await running.cli(command);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^widget-gate: unauthorized: .*; log in first: widget-gate login --user NAME\.\n$/);
    },
  );

  test.each<[string, (file: string) => void]>([
    ['that the gate does not know', (file) => write(file, { [baseUrl()]: sessionOf('a'.repeat(43)) })],
    ['of another gate', (file) => write(file, { 'http://127.0.0.1:1': sessionOf('a'.repeat(43)) })],
    ['with a line break in its cookie', (file) => write(file, { [baseUrl()]: sessionOf('a\r\nX-A: b') })],
    ['in a damaged file', (file) => writeFileSync(file, '{')],
    ['in a file that is not an object', (file) => writeFileSync(file, 'null')],
  ])('a session %s is not one', async (_what, prepare) => {
    prepare(running.sessionFile);
    chmodSync(running.sessionFile, 0o600);
    expect(await running.json('whoami')).toMatchObject({ ok: false, code: 'unauthorized' });
    expect((await running.logIn(running.admin)).code).toBe(0);
  });

  test('a session that others could read counts for none, and the next login closes the file', async () => {
    await running.logIn(running.admin);
    chmodSync(running.sessionFile, 0o644);
    expect((await running.cli('whoami')).code).toBe(1);
    await running.logIn(running.admin);
    expect(statSync(running.sessionFile).mode & 0o777).toBe(0o600);
    expect((await running.cli('whoami')).code).toBe(0);
  });
});

const sessionOf = (value: string) => ({
  cookie: `__Host-widget-gate-admin=${value}`,
  userName: 'x',
  createdAt: Math.floor(Date.now() / 1_000),
});
const write = (file: string, content: object): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
};

test('logout ends the session at the gate too, and may be repeated', async () => {
  await running.logIn(running.admin);
  const kept = readFileSync(running.sessionFile);
  expect((await running.cli('logout')).stdout).toBe('Logged out.\n');
  expect(Object.keys(sessions())).toEqual([]);
  writeFileSync(running.sessionFile, kept);
  expect((await running.cli('whoami')).code).toBe(1);
  expect(await running.json('logout')).toEqual({ ok: true });
  expect((await running.cli('logout')).stdout).toBe('No user was logged in.\n');
});

test('a session is kept per base URL, and the file where XDG_CONFIG_HOME says', async () => {
  const url = baseUrl().replace('127.0.0.1', 'localhost');
  const env = { HOME: running.directory, XDG_CONFIG_HOME: join(running.directory, 'xdg') };
  const login = ['login', '--user', 'demo-admin', '--url', `${url}/`];
  expect((await runCli(login, { env: { ...env, ...keyEnvironment(running.admin) } })).code).toBe(0);
  const file = join(running.directory, 'xdg/widget-gate/sessions.json');
  expect(existsSync(file)).toBe(true);
  expect((await runCli(['whoami'], { env: { ...env, WIDGET_GATE_URL: url } })).code).toBe(0);
  expect((await runCli(['whoami', '--url', baseUrl()], { env })).code).toBe(1);
  expect((await runCli(['shops', 'list', '--url', url], { env })).code).toBe(0);
});
