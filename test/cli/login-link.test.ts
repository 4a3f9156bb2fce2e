import { readFileSync, writeFileSync } from 'node:fs';
import { openLink } from '../support/admin.ts';
import { type CliGate, keyEnvironment, startCliGate } from '../support/cli-gate.ts';
import { runCli } from '../support/run-cli.ts';

let running: CliGate;
beforeAll(async () => {
  running = await startCliGate();
});
afterAll(() => running.close());
beforeEach(() => running.cli('logout'));

const baseUrl = () => running.gate.announcement.baseUrl;
const withKey = (more: Record<string, string> = {}) => ({ env: { ...keyEnvironment(running.admin), ...more } });
const codeIn = (url: unknown): string => /\/admin\/#link=([\w-]{43})$/.exec(String(url))?.[1] ?? '';

test('login --browser logs in and prints a link behind the hash, which logs a browser in, once', async () => {
  const { code, stdout, stderr } = await running.cli('login --user demo-admin --browser', withKey());
  expect([code, stderr]).toEqual([0, '']);
  const [url = '', empty, told] = stdout.split('\n');
  expect(url.startsWith(`${baseUrl()}/admin/#link=`)).toBe(true);
  expect([empty, told]).toEqual([
    '',
    'Open it within 60 s: the first browser that does is logged in as demo-admin. It works once.',
  ]);
  const opened = await openLink(baseUrl(), codeIn(url));
  expect([opened.status, opened.json.userName]).toEqual([200, 'demo-admin']);
  expect((await openLink(baseUrl(), codeIn(url))).status).toBe(401);
  expect(readFileSync(running.sessionFile, 'utf8')).not.toContain(codeIn(url));
});

test('with --json it prints the link and how long it is valid', async () => {
  expect(await running.json('login --user demo-admin --browser', withKey())).toEqual({
    ok: true,
    url: expect.stringMatching(/\/admin\/#link=[\w-]{43}$/),
    expiresIn: 60,
  });
});

describe('with a session', () => {
  beforeEach(() => running.logIn(running.admin));

  test.each(['login --browser', 'login --user demo-admin --browser'])(
    '"%s" only asks for the link, without an access key',
    async (command) => {
      const before = readFileSync(running.sessionFile, 'utf8');
      expect((await openLink(baseUrl(), codeIn((await running.json(command)).url))).status).toBe(200);
      expect(readFileSync(running.sessionFile, 'utf8')).toBe(before);
    },
  );

  test.each<[string, Parameters<CliGate['cli']>[1]]>([
    ['login --user demo-outsider --browser', {}],
    ['login --browser', { env: { WIDGET_GATE_USER: 'demo-outsider' } }],
  ])('of one user "%s" makes no link for another, but asks for a key', async (command, input) => {
    expect(await running.json(command, input)).toMatchObject({ ok: false, code: 'no_aws_credentials' });
  });

  test('that has ended it logs in again', async () => {
    const kept = readFileSync(running.sessionFile, 'utf8');
    await running.cli('logout');
    writeFileSync(running.sessionFile, kept, { mode: 0o600 });
    expect((await running.cli('login --browser')).code).toBe(2);
    const link = await running.json('login --user demo-admin --browser', withKey());
    expect((await openLink(baseUrl(), codeIn(link.url))).status).toBe(200);
  });

  test('the console may be elsewhere than the gate, as --console or else WIDGET_GATE_CONSOLE_URL says', async () => {
    const env = { WIDGET_GATE_CONSOLE_URL: 'https://console.example.com/' };
    const urlOf = async (options: string) => String((await running.json(`login --browser${options}`, { env })).url);
    expect(await urlOf('')).toMatch(/^https:\/\/console\.example\.com\/admin\/#link=[\w-]{43}$/);
    expect(await urlOf(' --console https://gate.example.com/prod')).toMatch(
      /^https:\/\/gate\.example\.com\/prod\/admin\/#link=/,
    );
  });
});

test('without a session and without a user it says whom to name', async () => {
  const { code, stderr } = await running.cli('login --browser');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/--user or in WIDGET_GATE_USER/)]);
});

test('of somebody outside the group it is refused as a login is', async () => {
  const env = keyEnvironment(running.outsider);
  expect(await running.json('login --user demo-outsider --browser', { env })).toMatchObject({
    ok: false,
    code: 'not_in_admin_group',
  });
});

test.each(['http://console.example.com', 'https://console.example.com/#x', 'console.example.com'])(
  'refuses the console %s, before anybody is asked',
  async (url) => {
    for (const run of [
      runCli(['login', '--browser', '--console', url, '--url', 'https://gate.invalid']),
      runCli(['login', '--browser', '--url', 'https://gate.invalid'], { env: { WIDGET_GATE_CONSOLE_URL: url } }),
    ])
      expect(await run).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/The URL of the console/) });
  },
);
