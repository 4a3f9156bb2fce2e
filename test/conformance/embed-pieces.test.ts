import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CounterpartName, requireCounterpart } from '../support/counterparts.ts';
import { pieceNamed, tokenPieces } from '../support/embed-pieces.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { callHttp } from '../support/http.ts';
import { freePort, waitForPort } from '../support/ports.ts';

const root = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(root, 'docs/embed-in-a-shop.md'), 'utf8');
const snippet = (file: string): string => join(root, 'docs/snippets', file);

let gate: RunningGate;
let analyticsKey: string;
let folder: string;
let child: ChildProcess | undefined;
beforeAll(async () => {
  gate = await startGate();
  const created = await gate.administer({
    action: 'add-service-key',
    purpose: 'analytics',
    label: 'portal',
    allowedOrigins: ['https://portal.example.com'],
  });
  analyticsKey = String((created as { apiKey?: unknown }).apiKey);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'widget-gate-pieces-'));
});
afterEach(async () => {
  if (child?.exitCode === null)
    await new Promise((resolve) => {
      child?.once('exit', resolve);
      child?.kill();
    });
  child = undefined;
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => gate?.close());

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  PYTHONDONTWRITEBYTECODE: '1',
  WIDGET_GATE_URL: gate.host.baseUrl,
  WIDGET_GATE_SHOP_ID: gate.shop.shopId,
  WIDGET_GATE_SHOP_API_KEY: gate.shop.apiKey,
  WIDGET_GATE_ANALYTICS_API_KEY: analyticsKey,
});

/** Writes a file of the shop as the page shows it, or copies it from docs/snippets. */
function put(file: string, code?: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  if (code === undefined) cpSync(snippet(file.split('/').at(-1) ?? ''), path);
  else writeFileSync(path, code);
  return path;
}

/** Starts the shop's server in its folder, on the port, and returns its origin. */
async function serve(port: number, program: string, ...args: string[]): Promise<string> {
  child = spawn(program, args, { cwd: folder, env: { ...environment(), PORT: String(port) }, stdio: 'ignore' });
  await waitForPort(port, 'localhost');
  return `http://localhost:${port}`;
}

/** The server returns, twice, the same token, which the gate accepts, and nothing else. */
async function givesToken(origin: string, path: string): Promise<void> {
  const [first, second] = [await callHttp(origin, { path }), await callHttp(origin, { path })];
  expect([first.status, Object.keys(first.json)]).toEqual([200, ['token']]);
  expect(second.json).toEqual(first.json);
  expect(String(first.headers['content-type'])).toMatch(/^application\/json/);
  expect(String(first.headers['cache-control'])).toContain('no-store');
  expect((await gate.session(String(first.json.token))).json).toMatchObject({ shopId: gate.shop.shopId });
}

/** The page has the tag, with the gate's widget and the token URL, and no credential. */
async function givesPage(origin: string, tokenUrl: string): Promise<void> {
  const { text } = await callHttp(origin, { path: '/' });
  expect(text).toContain(`<script async src="${gate.host.baseUrl}/widget.js" data-token-url="${tokenUrl}"`);
  expect(text).not.toContain(gate.shop.apiKey);
}

test('the files to copy are the pieces that the console shows, with gate and shop from the environment', () => {
  expect(tokenPieces.map(({ file }) => file)).toEqual(['widget-token.mjs', 'widget-token.php', 'widget_token.py']);
  for (const { file, code } of tokenPieces) {
    expect(readFileSync(snippet(file), 'utf8')).toBe(code);
    expect(code).toContain('WIDGET_GATE_SHOP_ID');
    expect(code).not.toMatch(/gate\.example\.com|shop_abc/);
  }
});

test('the piece for Express returns a token and the page', async () => {
  put('widget-token.mjs');
  put('server.mjs', pieceNamed('server.mjs'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const origin = await serve(await freePort(), process.execPath, 'server.mjs');
  await givesToken(origin, '/widget-token');
  await givesPage(origin, '/widget-token');
});

test('the route for Next.js returns a token', async () => {
  put('lib/widget-token.mjs');
  const route = put('app/widget-token/route.js', pieceNamed('app/widget-token/route.js'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const port = await freePort();
  const server = `import { createServer } from 'node:http';
import { dynamic, GET } from '${route}';
createServer(async (_request, response) => {
  const answer = await GET();
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'X-Dynamic': dynamic });
  response.end(await answer.text());
}).listen(${port}, 'localhost');`;
  const origin = await serve(port, process.execPath, '--input-type=module', '-e', server);
  await givesToken(origin, '/widget-token');
  expect((await callHttp(origin, { path: '/' })).headers['x-dynamic']).toEqual(['force-dynamic']);
});

test('the piece for PHP returns a token and the page, and keeps the token outside the web root', async () => {
  requireCounterpart('php');
  put('public/widget-token.php');
  put('public/token.php', pieceNamed('public/token.php'));
  put('public/index.php', pieceNamed('public/index.php'));
  const port = await freePort();
  const origin = await serve(port, 'php', '-q', '-S', `localhost:${port}`, '-t', 'public');
  await givesToken(origin, '/token.php');
  await givesPage(origin, '/token.php');
  expect(readFileSync(join(folder, 'widget-token.json'), 'utf8')).toContain('"token"');
  expect((await callHttp(origin, { path: '/widget-token.php' })).text).toBe('');
});

test('the piece for Python returns a token and the page', async () => {
  requireCounterpart('python3');
  put('widget_token.py');
  put('shop.py', pieceNamed('shop.py'));
  const origin = await serve(await freePort(), 'python3', 'shop.py');
  await givesToken(origin, '/widget-token');
  await givesPage(origin, '/widget-token');
});

test.each<[string, CounterpartName | undefined, number]>([
  ['Express', undefined, 500],
  ['PHP', 'php', 502],
])(
  'the piece for %s returns an error and no credential if the gate does not accept its key',
  async (name, counterpart, expected) => {
    if (counterpart !== undefined) requireCounterpart(counterpart);
    const port = await freePort();
    const wrong = { PORT: String(port), WIDGET_GATE_SHOP_API_KEY: 'sk_test_nonsense', NODE_ENV: 'production' };
    if (name === 'PHP') {
      put('public/widget-token.php');
      put('public/token.php', pieceNamed('public/token.php'));
    } else {
      put('widget-token.mjs');
      put('server.mjs', pieceNamed('server.mjs'));
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    }
    const [program, path, ...args] =
      name === 'PHP'
        ? ['php', '/token.php', '-d', 'display_errors=1', '-S', `localhost:${port}`, '-t', 'public']
        : [process.execPath, '/widget-token', 'server.mjs'];
    child = spawn(program as string, args, { cwd: folder, env: { ...environment(), ...wrong }, stdio: 'ignore' });
    await waitForPort(port, 'localhost');
    const { status, text } = await callHttp(`http://localhost:${port}`, { path: path as string });
    expect([status, /token"|sk_test/.test(text)]).toEqual([expected, false]);
  },
);

test("the portal's piece for Express gets a temp token for its logged-in user, and 401 for nobody", async () => {
  const piece = pieceNamed('routes.mjs', 'docs/embed-in-a-portal.md');
  put('package.json', '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  put(
    'portal.js',
    `import express from 'express';
const app = express();
app.use((request, _response, next) => {
  if (request.headers['x-logged-in']) request.session = { user: { id: request.headers['x-logged-in'] } };
  next();
});
${piece}
app.listen(process.env.PORT, 'localhost');`,
  );
  const origin = await serve(await freePort(), process.execPath, 'portal.js');
  expect((await callHttp(origin, { path: '/dashboard-token' })).status).toBe(401);
  const { status, json } = await callHttp(origin, { path: '/dashboard-token', headers: [['X-Logged-In', 'u-17']] });
  expect([status, Object.keys(json)]).toEqual([200, ['token']]);
  const exchanged = await gate.call({
    method: 'POST',
    path: '/api/auth/session',
    headers: [
      ['Origin', 'https://portal.example.com'],
      ['Authorization', String(json.token)],
      ['Content-Type', 'application/json'],
    ],
    body: '{"mode":"token"}',
  });
  expect(exchanged.status).toBe(200);
});

test('php reads the piece for WordPress, and Python those for Django', () => {
  requireCounterpart('php');
  requireCounterpart('python3');
  const wordpress = pieceNamed('wp-content/plugins/widget-gate.php');
  expect(spawnSync('php', ['-l'], { input: wordpress, encoding: 'utf8' }).stdout).toContain('No syntax errors');
  for (const file of ['shop/views.py', 'shop/urls.py']) {
    const read = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
      input: pieceNamed(file),
      encoding: 'utf8',
    });
    expect([file, read.stderr]).toEqual([file, '']);
  }
});

test('every way to embed names the token URL in data-token-url, and no block holds a key', () => {
  const [, ...ways] = (/^## The token URL\n([\s\S]*?)^## If it does not work/m.exec(PAGE)?.[1] ?? '').split(
    /^#{2,3} /m,
  );
  const names = ways.map((text) => text.split('\n')[0]);
  expect(names.slice(0, 7)).toEqual([
    'Express',
    'Next.js',
    'PHP',
    'WordPress',
    'Django and other Python servers',
    'Ruby on Rails',
    'ASP.NET Core',
  ]);
  expect(names.at(-1)).toBe('Tag managers');
  for (const text of ways.filter((way) => !way.startsWith('Another server')))
    expect([text.split('\n')[0], text.includes('data-token-url')]).toEqual([text.split('\n')[0], true]);
  expect(PAGE).not.toMatch(/(?:sk|an|dr|dev)_(?:live|test)_\w/);
});
