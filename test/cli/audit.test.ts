import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type CliGate, keyEnvironment, startCliGate } from '../support/cli-gate.ts';

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly requestId: string;
  readonly subject: string;
}

let running: CliGate;
let shopId: string;
beforeAll(async () => {
  running = await startCliGate();
  await running.logIn(running.admin);
  ({ shopId } = (await running.json('shops create https://cli.example.com')) as { shopId: string });
  await running.cli(`shops pause ${shopId}`);
  await running.cli(`shops resume ${shopId}`);
});
afterAll(() => running.close());

const lines = (stdout: string): Entry[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);

describe('audit list', () => {
  test('shows who did what, newest first', async () => {
    const { stdout } = await running.cli(`audit list --shop ${shopId}`);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^TIME +SUBJECT +ACTION +CODE +ACTOR +REQUEST$/);
    expect(rows.map((row) => row.split(/ +/).slice(1, 5))).toEqual([
      [shopId, 'set-switches', 'done', 'demo-admin'],
      [shopId, 'set-switches', 'done', 'demo-admin'],
      [shopId, 'create-shop', 'done', 'demo-admin'],
    ]);
  });

  test('goes page by page, and filters', async () => {
    const first = await running.json(`audit list --shop ${shopId} --limit 1`);
    expect(first).toEqual({ ok: true, entries: [expect.anything()], cursor: expect.any(String) });
    const second = await running.json(`audit list --shop ${shopId} --limit 1 --cursor ${String(first.cursor)}`);
    expect(second.entries).not.toEqual(first.entries);
    const { stdout } = await running.cli(`audit list --shop ${shopId} --limit 1`);
    expect(stdout).toMatch(/\nThere may be more: --cursor [\w-]{40,}\n$/);
    const created = await running.json(
      `audit list --shop ${shopId} --action create-shop --actor demo-admin --code done`,
    );
    expect((created.entries as Entry[]).map(({ action }) => action)).toEqual(['create-shop']);
    expect(await running.json(`audit list --shop ${shopId} --to 2020-01-01`)).toMatchObject({ entries: [] });
    expect(await running.json('audit list --cursor nonsense')).toMatchObject({ ok: false, code: 'invalid_request' });
  });
});

test('audit export prints every entry once, over all pages, as one JSON object a line', async () => {
  const { baseUrl } = running.gate.announcement;
  const { shopId: busy } = (await running.json('shops create https://busy.example.com')) as { shopId: string };
  const call = adminClient(baseUrl, cookieOf(await logIn(baseUrl, running.admin)));
  for (let round = 0; round < 110; round += 1)
    expect((await call(`PATCH /shops/${busy}`, { body: { disabled: round % 2 === 0 } })).status).toBe(200);
  const { code, stdout, stderr } = await running.cli(`audit export --shop ${busy}`);
  expect([code, stderr]).toEqual([0, '']);
  const entries = lines(stdout);
  expect(entries).toHaveLength(111);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
}, 180_000);

describe('audit tail', () => {
  test('--once prints the newest, the oldest of them first', async () => {
    const { stdout } = await running.cli(`audit tail --shop ${shopId} --once --json`);
    expect(lines(stdout).map(({ action }) => action)).toEqual(['create-shop', 'set-switches', 'set-switches']);
    const text = (await running.cli('audit tail --once')).stdout.trimEnd().split('\n');
    expect(text).toHaveLength(20);
    expect(text[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z {2}\S+ {2}\S+ {2}\S+ {2}\S+ {2}\S+$/);
  });

  test('goes on with what comes, each once, until Ctrl-C', async () => {
    const args = ['audit', 'tail', '--json', '--shop', shopId, '--data-dir', running.directory];
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/widget-gate.js'), ...args], {
      env: { PATH: process.env.PATH, HOME: running.directory, WIDGET_GATE_SESSION_FILE: running.sessionFile },
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    const until = async (count: number) => {
      while (stdout.split('\n').length <= count) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await until(3);
    await running.cli(`tokens revoke ${shopId}`);
    await until(4);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(lines(stdout).map(({ action }) => action)).toEqual([
      'create-shop',
      'set-switches',
      'set-switches',
      'revoke-tokens',
    ]);
  });
});

test('explain shows the result of a request', async () => {
  const [entry] = (await running.json(`audit list --shop ${shopId} --action create-shop`)).entries as Entry[];
  expect(await running.json(`explain ${entry?.requestId}`)).toMatchObject({ ok: true, entry: { id: entry?.id } });
  const { stdout } = await running.cli(`explain ${entry?.requestId}`);
  expect(stdout).toMatch(
    new RegExp(
      `^time +\\S+Z\nsubject +${shopId}\naction +create-shop\ncode +done\nactor +demo-admin\nrequest +${entry?.requestId}\n`,
    ),
  );
  expect(await running.json('explain none')).toMatchObject({ ok: false, code: 'request_not_found' });
});

test('doctor finds the local gate well, and a session that ended', async () => {
  expect((await running.cli('doctor')).code).toBe(0);
  const ended = await running.json('doctor', { env: { WIDGET_GATE_SESSION_FILE: '/nonexistent/none' } });
  expect(ended).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([expect.objectContaining({ name: 'session', ok: false })]),
  });
});

describe('iam', () => {
  test('a user that is added to the group may log in, and no longer when it is taken out or deleted', async () => {
    const added = await running.cli('iam add-user carol');
    const [, accessKeyId = '', secretAccessKey = ''] =
      /export AWS_ACCESS_KEY_ID=(AKIA\w+) AWS_SECRET_ACCESS_KEY=(\S+)/.exec(added.stdout) ?? [];
    expect(added.stdout).toContain('not shown again');
    const env = keyEnvironment({ userName: 'carol', accessKeyId, secretAccessKey });
    const login = async () => (await running.json('login --user carol', { env })).code ?? 'in';
    expect(await login()).toBe('not_in_admin_group');
    expect(await running.json('iam add-to-group carol')).toEqual({
      ok: true,
      group: running.gate.announcement.admin.group,
    });
    const start = Date.now();
    while ((await login()) !== 'in') expect(Date.now() - start).toBeLessThan(60_000);
    const { users } = (await running.json('iam users')) as { users?: { userName: string; isAdministrator: boolean }[] };
    expect(users?.map(({ userName, isAdministrator }) => [userName, isAdministrator])).toEqual([
      ['demo-admin', true],
      ['demo-outsider', false],
      ['carol', true],
    ]);
    expect((await running.cli('iam users')).stdout).toMatch(/^USER +ID +GROUP\ndemo-admin +AIDA\w+ +Qrvey-Admin-dev\n/);
    expect((await running.cli('iam remove-from-group carol')).stdout).toBe('carol is not in Qrvey-Admin-dev.\n');
    expect(await running.json('iam add-key carol')).toMatchObject({
      ok: true,
      accessKeyId: expect.stringMatching(/^AKIA/),
    });
    expect(await running.json('iam remove-user carol')).toEqual({ ok: true });
    expect(await login()).toBe('login_failed');
    await running.logIn(running.admin);
  }, 120_000);

  test.each([
    'add-user demo-admin',
    'add-user DEMO-admin',
    'remove-user nobody',
    'add-to-group nobody',
    'add-key nobody',
  ])('refuses to %s', async (words) => {
    expect(await running.json(`iam ${words}`)).toMatchObject({ ok: false, code: 'iam_refused' });
  });
});
