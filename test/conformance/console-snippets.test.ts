import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { snippetsFor } from '#web/admin/src/snippets/snippets.ts';
import { type CounterpartName, requireCounterpart } from '../support/counterparts.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

const run = promisify(execFile);

interface Language {
  readonly name: string;
  /** What has to be there beside Node. */
  readonly counterpart?: CounterpartName;
  readonly file: string;
  /** Prints the token twice, in one run or two. */
  run(file: string, env: NodeJS.ProcessEnv): Promise<{ stdout: string }>;
}

const languages: readonly Language[] = [
  {
    name: 'curl',
    counterpart: 'curl',
    file: 'widget-token.sh',
    async run(file, env) {
      const [first, second] = [await run('bash', [file], { env }), await run('bash', [file], { env })];
      return { stdout: `${first.stdout}${second.stdout}` };
    },
  },
  {
    name: 'Node',
    file: 'widget-token.mjs',
    run: (file, env) =>
      run(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `import { widgetToken as t } from '${file}'; console.log(await t()); console.log(await t());`,
        ],
        { env },
      ),
  },
  {
    name: 'PHP',
    counterpart: 'php',
    file: 'public/widget-token.php',
    run: (file, env) =>
      run('php', ['-r', `require '${file}'; echo widget_token(), "\\n", widget_token(), "\\n";`], { env }),
  },
  {
    name: 'Python',
    counterpart: 'python3',
    file: 'widget_token.py',
    run: (file, env) =>
      run('python3', ['-c', 'from widget_token import widget_token as t; print(t()); print(t())'], {
        env: { ...env, PYTHONPATH: join(file, '..'), PYTHONDONTWRITEBYTECODE: '1' },
      }),
  },
];

let gate: RunningGate;
let folder: string;
/** Is in front of the gate, and counts. */
let front: Server;
let asked: string[] = [];
beforeAll(async () => {
  gate = await startGate();
  folder = mkdtempSync(join(tmpdir(), 'widget-gate-snippets-'));
  front = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
    const own = headers.filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
    const answer = await gate.call({ method: request.method ?? '', path: request.url ?? '', headers: own });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.text);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  front.close();
  rmSync(folder, { recursive: true, force: true });
  await gate.close();
});

const pieces = () => {
  const origin = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  return snippetsFor({ origin, shopId: gate.shop.shopId });
};

for (const { name, counterpart, file, run: runPiece } of languages) {
  const needCounterpart = (): void => (counterpart === undefined ? undefined : requireCounterpart(counterpart));

  test(`the ${name} piece that the console shows gets a token, and keeps it`, async () => {
    needCounterpart();
    const code = pieces().find((piece) => piece.name === name)?.code ?? '';
    const path = join(folder, file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, code);
    const env = { PATH: process.env.PATH, HOME: folder, WIDGET_GATE_SHOP_API_KEY: gate.shop.apiKey };
    const { stdout } = await runPiece(path, env);
    const [first = '', second, ...rest] = stdout.trim().split('\n');
    expect([second, rest]).toEqual([first, []]);
    expect((await gate.session(first)).json).toMatchObject({ shopId: gate.shop.shopId });
    expect(asked).toEqual([`POST /api/shops/${gate.shop.shopId}/widget-token`]);
  });

  test(`the ${name} piece fails with what the gate says, and keeps nothing, where the key is not valid`, async () => {
    needCounterpart();
    const path = join(folder, file);
    const home = mkdtempSync(join(folder, 'home-'));
    rmSync(join(folder, 'widget-token.json'), { force: true });
    const env = { PATH: process.env.PATH, HOME: home, WIDGET_GATE_SHOP_API_KEY: 'sk_test_nonsense' };
    await expect(runPiece(path, env)).rejects.toThrow(/401|invalid_api_key/);
    expect(asked).toHaveLength(1);
  });
}

test('no piece has room for the key: each reads it from the environment, and the page loads the widget from the gate', () => {
  const [html, ...servers] = pieces();
  for (const { code } of servers) expect(code).toMatch(/WIDGET_GATE_SHOP_API_KEY/);
  expect(html?.code).toMatch(/^ {2}src="http:\/\/127\.0\.0\.1:\d+\/widget\.js"$/m);
  expect(html?.code).toContain('data-container="#widget"\n  data-theme="auto"');
  expect(html?.code).not.toContain('KEY');
});
